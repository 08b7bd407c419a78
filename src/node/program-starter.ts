import { Process } from '../guests/programs/process.ts';
import type { ProgramSpec } from '../guests/programs/program-spec.ts';
import type { StartProgram } from '../guests/programs/traced-program.ts';
import { CodeCache } from '../processor/lifter.ts';
import { Translator } from '../processor/translator/translator.ts';

/** Starts a program on the fastest engine there is. */
export const programStarter =
  (program: ProgramSpec): StartProgram =>
  (hooks) =>
    new Process(program, (processor) => new Translator(new CodeCache(processor.memory), processor), hooks);
