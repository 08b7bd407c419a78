import { runCommandLine } from './command-line.ts';
import { runProcess } from './run-process.ts';
import { runProgramCommand } from './run-program.ts';
import type { Io } from './session.ts';
import { withCommands } from './with-commands.ts';

/** Runs a command line whose command is `run`. */
export const run = (argv: readonly string[], io: Io): Promise<number> =>
  runCommandLine(argv, io, (session) => withCommands(session, [runProgramCommand(session)]));

/**
 * Runs the command `run`: the build makes a script of this module that starts quickly, since the program that is run may be
 * over at once.
 */
export const main = (): Promise<void> => runProcess(run);
