import { Process } from '../guests/programs/process.ts';
import type { ProgramSpec } from '../guests/programs/program-spec.ts';
import type { StartProgram } from '../guests/programs/traced-program.ts';
import { Interpreter } from '../processor/interpreter/interpreter.ts';
import { CodeCache } from '../processor/lifter.ts';

/** Starts a program on the fastest engine there is. */
export const programStarter =
  (program: ProgramSpec): StartProgram =>
  (hooks) =>
    new Process(program, ({ memory }) => new Interpreter(new CodeCache(memory).lift), hooks);
