import { Process } from '../guests/programs/process.ts';
import type { EngineMaker, ProgramSpec } from '../guests/programs/program-spec.ts';
import type { StartProgram } from '../guests/programs/traced-program.ts';
import { Interpreter } from '../processor/interpreter/interpreter.ts';
import { CodeCache } from '../processor/lifter.ts';
import { Translator } from '../processor/translator/translator.ts';

/** Starts a program on the fastest engine there is for what is recorded of it. */
export const programStarter =
  (program: ProgramSpec): StartProgram =>
  (hooks) =>
    new Process(program, program.recorded === 'all' ? interpreted : translated, hooks);

const translated: EngineMaker = (processor) => new Translator(new CodeCache(processor.memory), processor);
/** Translated code does not record loads. */
const interpreted: EngineMaker = ({ memory }) => new Interpreter(new CodeCache(memory).lift);
