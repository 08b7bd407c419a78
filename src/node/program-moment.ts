import { instructionNames } from '../guests/programs/instruction-names.ts';
import { InputError } from '../kernel/errors.ts';
import { disassemble } from '../processor/decode/disassemble.ts';
import type { OperationKind } from '../processor/operations.ts';
import type { Processor } from '../processor/processor.ts';
import { commandText, readProgram } from './program-request.ts';
import { programStarter } from './program-starter.ts';
import type { RecordedProgram } from './recorded-program.ts';

/** The processor before the instruction that an event came from. */
export interface ProgramMoment {
  readonly instruction: bigint;
  /** Instructions executed before it. */
  readonly instructions: number;
  /** Function and source line, as far as they are known. */
  readonly source: string;
  readonly registers: string;
  readonly disassembly: readonly { readonly address: bigint; readonly text: string }[];
}

const SHOWN_INSTRUCTIONS = 5;
const INSTRUCTION_BYTES_MAX = 15;

/** What the instruction that comes next does to memory. */
export interface MemoryOperation {
  readonly kind: OperationKind;
  readonly address: bigint;
  readonly sizeBytes: number;
  readonly data: bigint;
}

/** Runs a program again until it has executed so many instructions. */
export function programMoment({ run: { request } }: RecordedProgram, executed: number): ProgramMoment {
  const program = readProgram(request);
  const process = programStarter(program)({});
  process.run(executed);
  return momentOf(process.processor, instructionNames(program.executable));
}

/**
 * Runs a program again until so many instructions are executed, and tells what the next one does. Throws `InputError` where
 * the program ends before.
 */
export function momentAtInstruction(
  { run: { request } }: RecordedProgram,
  instructions: number,
): { readonly moment: ProgramMoment; readonly operations: readonly MemoryOperation[] } {
  const program = readProgram(request);
  const operations: MemoryOperation[] = [];
  let isNext = false;
  const process = programStarter({ ...program, recorded: 'all' })({
    operations: (records) => {
      if (!isNext) return;
      for (let place = 0; place < records.count; place++) {
        const { kind, address, sizeBytes, data } = records.record(place);
        operations.push({ kind, address: BigInt(address), sizeBytes, data });
      }
    },
  });
  process.run(instructions);
  const { processor } = process;
  if (process.end !== undefined)
    throw new InputError(
      `${commandText(request)} ends after ${processor.instructions} instructions: give --at-instruction 0 to ${processor.instructions - 1}`,
    );
  const moment = momentOf(processor, instructionNames(program.executable));
  isNext = true;
  process.run(instructions + 1);
  return { moment, operations };
}

function momentOf(processor: Processor, sourceOf: (instruction: number) => string): ProgramMoment {
  const instruction = processor.instructionPointer;
  const bytes = processor.memory.bytes.slice(
    instruction,
    instruction + SHOWN_INSTRUCTIONS * INSTRUCTION_BYTES_MAX,
  );
  return {
    instruction: BigInt(instruction),
    instructions: processor.instructions,
    source: sourceOf(instruction),
    registers: processor.describe(),
    disassembly: disassemble(bytes, instruction, SHOWN_INSTRUCTIONS).map(({ address, text }) => ({
      address: BigInt(address),
      text,
    })),
  };
}
