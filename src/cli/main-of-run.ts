import { runCommandLine } from './command-line.ts';
import { endProcess, ProcessIo } from './process-io.ts';
import { runProgramCommand } from './run-program.ts';
import type { Io } from './session.ts';
import { withCommands } from './with-commands.ts';

/** Runs a command line whose command is `run`. */
export const run = (argv: readonly string[], io: Io): Promise<number> =>
  runCommandLine(argv, io, (session) => withCommands(session, [runProgramCommand(session)]));

/** As the program that `main.ts` is, but for no other command: the build makes a script of it that starts quickly. */
export const main = async (): Promise<never> => endProcess(await run(process.argv.slice(2), new ProcessIo()));
