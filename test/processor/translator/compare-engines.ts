import type { Engine, Stop } from '../../../src/processor/engine.ts';
import { Interpreter } from '../../../src/processor/interpreter/interpreter.ts';
import { CodeCache } from '../../../src/processor/lifter.ts';
import { EXECUTABLE, PERSISTENT, READABLE, WRITABLE } from '../../../src/processor/memory.ts';
import type { OperationRecord } from '../../../src/processor/operations.ts';
import { Processor, type Recorded } from '../../../src/processor/processor.ts';
import { RSI, RSP } from '../../../src/processor/registers.ts';
import { Translator, type TranslatorOptions } from '../../../src/processor/translator/translator.ts';

export const CODE = 0x1_0000;
const STACK = 0x2_0000;
/** Four pages, the second on an NVDIMM; nothing behind them. */
const DATA = 0x3_0000;
const MEMORY_BYTES = 0x8_0000;

/** A program, and how it begins. */
export interface Setup {
  readonly code: Uint8Array;
  readonly registers: readonly bigint[];
  /** Where rsi points in the data; beyond 0x4000 is no memory. */
  readonly dataOffset: number;
  readonly recorded: Recorded;
  /** Whether code may be stored to. */
  readonly isWritable?: boolean;
  /** What lies where rsi points. */
  readonly data?: Uint8Array;
  readonly mxcsr?: number;
}

/** A processor with a program, an engine, and all records so far. */
export interface Machine {
  readonly processor: Processor;
  readonly engine: Engine;
  readonly records: OperationRecord[];
}

function machine(setup: Setup, engineOf: (code: CodeCache, processor: Processor) => Engine): Machine {
  const records: OperationRecord[] = [];
  const processor = new Processor(MEMORY_BYTES, setup.recorded, (operations) => {
    for (let place = 0; place < operations.count; place++) records.push(operations.record(place));
  });
  const { memory } = processor;
  memory.map(CODE, 0x1000, READABLE | EXECUTABLE | (setup.isWritable === true ? WRITABLE : 0));
  memory.map(STACK, 0x1000, READABLE | WRITABLE);
  memory.map(DATA, 0x4000, READABLE | WRITABLE);
  memory.map(DATA + 0x1000, 0x1000, READABLE | WRITABLE | PERSISTENT);
  memory.bytes.set(setup.code, CODE);
  for (const [register, value] of setup.registers.entries()) processor.setGeneral(register, value);
  for (let register = 0; register < 16; register++)
    processor.setVector(register, (setup.registers[register] << 64n) | BigInt(register));
  processor.setGeneral(RSI, BigInt(DATA + setup.dataOffset));
  processor.setGeneral(RSP, BigInt(STACK + 0x800));
  memory.bytes.set(setup.data ?? [], DATA + setup.dataOffset);
  if (setup.mxcsr !== undefined) processor.mxcsr = setup.mxcsr;
  processor.instructionPointer = CODE;
  return { processor, engine: engineOf(new CodeCache(memory), processor), records };
}

export const interpreted = (setup: Setup): Machine => machine(setup, ({ lift }) => new Interpreter(lift));

export const translated = (setup: Setup, options: TranslatorOptions = { executionsMin: 2 }): Machine =>
  machine(setup, (code, processor) => new Translator(code, processor, options));

export function run({ engine, processor }: Machine, until: number): Stop {
  const stop = engine.run(processor, until);
  processor.operations.drain();
  return stop;
}

/** Everything that a program, or whoever watches it, can see. */
export function stateOf({ processor, records }: Machine): unknown {
  const numbers = Array.from({ length: 16 }, (_, register) => register);
  return {
    general: numbers.map((register) => processor.general(register)),
    vector: numbers.map((register) => processor.vector(register)),
    flags: processor.flags,
    mxcsr: processor.mxcsr,
    instructionPointer: processor.instructionPointer,
    instructions: processor.instructions,
    records,
    memory: Buffer.from(processor.memory.bytes.subarray(0, MEMORY_BYTES)).toString('latin1'),
  };
}

/** What a stop is, without the texts of faults. */
export function plain(stop: Stop): unknown {
  if (stop.why !== 'faulted') return stop;
  const { address, access, isMapped } = stop.fault;
  return { why: 'faulted', address, access, isMapped };
}
