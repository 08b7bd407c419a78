import type { EngineMaker } from '../../src/guests/programs/program-spec.ts';
import { Interpreter } from '../../src/processor/interpreter/interpreter.ts';
import { CodeCache } from '../../src/processor/lifter.ts';
import { Translator } from '../../src/processor/translator/translator.ts';

export const interpreted: EngineMaker = ({ memory }) => new Interpreter(new CodeCache(memory).lift);

/** As users run it: code is translated once it pays. */
export const translated: EngineMaker = (processor) =>
  new Translator(new CodeCache(processor.memory), processor);

/** Translates nearly all of a program, however short it is. */
export const translatedAtOnce: EngineMaker = (processor) =>
  new Translator(new CodeCache(processor.memory), processor, { executionsMin: 2 });
