import { runCommandLine } from './command-line.ts';
import { program } from './program.ts';
import type { Io } from './session.ts';

/** Runs any command line (see `runCommandLine`). */
export const run = (argv: readonly string[], io: Io): Promise<number> => runCommandLine(argv, io, program);
