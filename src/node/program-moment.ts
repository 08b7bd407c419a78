import { type DisassembledInstruction, disassemble } from '../processor/decode/disassemble.ts';
import { readProgram } from './program-request.ts';
import { programStarter } from './program-starter.ts';
import type { RecordedProgram } from './recorded-program.ts';
import { RerunProgram } from './rerun-program.ts';

/** The processor before the instruction that an event came from. */
export interface ProgramMoment {
  readonly instruction: number;
  /** Instructions executed before it. */
  readonly instructions: number;
  /** Function and source line, as far as they are known. */
  readonly source: string;
  readonly registers: string;
  readonly disassembly: readonly DisassembledInstruction[];
}

const SHOWN_INSTRUCTIONS = 5;
const INSTRUCTION_BYTES_MAX = 15;

/** Runs a program again up to the instruction of its event number `events`, from 1. Undefined where there is none. */
export function programMoment(program: RecordedProgram, events: number): ProgramMoment | undefined {
  const rerun = new RerunProgram(program);
  while (rerun.index < events) if (rerun.next() === undefined) return undefined;
  const { moment } = rerun;
  if (moment === undefined) return undefined;
  const process = programStarter(readProgram(program.run.request))({});
  process.run(moment.position);
  const { processor } = process;
  const from = moment.instruction;
  const bytes = processor.memory.bytes.slice(from, from + SHOWN_INSTRUCTIONS * INSTRUCTION_BYTES_MAX);
  return {
    instruction: moment.instruction,
    instructions: moment.position,
    source: rerun.sourceOf(moment.instruction),
    registers: processor.describe(),
    disassembly: disassemble(bytes, from, SHOWN_INSTRUCTIONS),
  };
}
