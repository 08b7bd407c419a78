import { describe, expect, it } from 'vitest';
import { OPERATIONS_MAX } from '../../../src/processor/layout.ts';
import { EXECUTABLE, PAGE_BYTES, READABLE, WRITABLE } from '../../../src/processor/memory.ts';
import type { OperationRecord } from '../../../src/processor/operations.ts';
import { RSI } from '../../../src/processor/registers.ts';
import { interpreted, type Machine, run, type Setup, translated } from './compare-engines.ts';

/** In a loop: a load, and then a locked instruction, which loads and stores. */
const FAULTS: Setup = {
  code: Uint8Array.from([
    0x8a,
    0x06, // mov al, [rsi]
    0xf0,
    0xfe,
    0x06, // lock inc byte [rsi]
    0xeb,
    0xf9, // jmp to the beginning
  ]),
  registers: Array.from({ length: 16 }, () => 0n),
  dataOffset: 0x100,
  recorded: 'all',
};
const LOCKED_BYTES = 3;
/** More than there is room for, so that some is handed over in the middle of the instruction that faults. */
const ROUNDS = OPERATIONS_MAX + 100;

/** Runs the loop where nothing may be stored, goes on behind each fault, and tells what was recorded. */
function recordsOf(machine: Machine): OperationRecord[] {
  const { processor, engine, records } = machine;
  protectData(machine, READABLE);
  for (let round = 0; round < ROUNDS; round++) {
    expect(engine.run(processor, Number.MAX_SAFE_INTEGER).why).toBe('faulted');
    processor.instructionPointer += LOCKED_BYTES;
  }
  processor.operations.drain();
  return records;
}

/** In a loop: a call of code that lies elsewhere, and an increment of a byte behind that. */
const CHANGES_CALLED: Setup = {
  ...FAULTS,
  code: Uint8Array.from([
    0xff,
    0xd6, // call rsi
    0xfe,
    0x46,
    0x01, // inc byte [rsi + 1]
    0xeb,
    0xf9, // jmp to the beginning
  ]),
  data: Uint8Array.from([0xc3]), // ret
};

function protectData({ processor }: Machine, rights: number): void {
  const data = Number(processor.general(RSI));
  processor.memory.protect(data - (data % PAGE_BYTES), PAGE_BYTES, rights);
}

describe('what an instruction records before translated code gives it up', () => {
  it('is taken back where the interpreter does all of it anew', () => {
    const [left, right] = [interpreted, translated].map((machineOf) => {
      const machine = machineOf(CHANGES_CALLED);
      protectData(machine, READABLE | WRITABLE | EXECUTABLE);
      run(machine, 20_000);
      return machine.records;
    });
    expect(left.slice(0, 4).map(({ kind }) => kind)).toEqual(['store', 'load', 'load', 'store']);
    expect(left).toHaveLength(20_000);
    expect(right).toEqual(left);
  });

  it('is taken back where it faults', () => {
    const [left, right] = [interpreted(FAULTS), translated(FAULTS, { executionsMin: 1 })].map(recordsOf);
    expect(new Set(left.map(({ kind }) => kind))).toEqual(new Set(['load']));
    expect(left).toHaveLength(ROUNDS);
    expect(right).toEqual(left);
  });
});
