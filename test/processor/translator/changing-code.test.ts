import { describe, expect, it } from 'vitest';
import { CodeCache } from '../../../src/processor/lifter.ts';
import { RAX, RCX } from '../../../src/processor/registers.ts';
import { Translator } from '../../../src/processor/translator/translator.ts';
import { CODE, interpreted, run, type Setup, stateOf, translated } from './compare-engines.ts';

const setup = (code: readonly number[], isWritable = true): Setup => ({
  code: Uint8Array.from(code),
  registers: Array.from({ length: 16 }, () => 0n),
  dataOffset: 0x100,
  recorded: 'stores',
  isWritable,
});

/** What comes behind an instruction that changes it, within the same straight code, in a loop. */
const CHANGES_ITSELF = setup([
  0xc6,
  0x05,
  0x01,
  0x00,
  0x00,
  0x00,
  0x2a, // mov byte [rip + 1], 42
  0xb0,
  0x01, // mov al, 1: its immediate is what is stored to
  0xfe,
  0x05,
  0xf1,
  0xff,
  0xff,
  0xff, // inc byte [rip - 15]: not code that is executed alone, but in its page
  0x48,
  0x01,
  0xc1, // add rcx, rax
  0xeb,
  0xec, // jmp to the beginning
]);

/** Adds 1 to rax for ever. */
const LOOP = setup([0x48, 0xff, 0xc0, 0xeb, 0xfb], false);

describe('code that changes', () => {
  it('S11.I3: is executed as it is, however often it was translated', () => {
    const left = interpreted(CHANGES_ITSELF);
    const right = translated(CHANGES_ITSELF, { executionsMin: 1 });
    for (let until = 7; until < 400; until += 7) {
      run(left, until);
      run(right, until);
      expect(stateOf(right)).toEqual(stateOf(left));
    }
  });

  it('is forgotten when somebody else stores to it', () => {
    const machine = translated(LOOP, { executionsMin: 1 });
    run(machine, 1000);
    expect(machine.processor.general(RAX)).toBe(500n);
    const { memory } = machine.processor;
    memory.prepareStore(CODE, 3);
    memory.bytes.set([0x48, 0xff, 0xc1], CODE); // inc rcx
    run(machine, 2000);
    expect(machine.processor.general(RAX)).toBe(500n);
    expect(machine.processor.general(RCX)).toBe(500n);
  });

  it('is as it was after a snapshot is gone back to', () => {
    const machine = translated({ ...LOOP, isWritable: true }, { executionsMin: 1 });
    const { processor } = machine;
    run(machine, 1000);
    processor.memory.takeSnapshot();
    processor.memory.prepareStore(CODE, 3);
    processor.memory.bytes.set([0x48, 0xff, 0xc1], CODE);
    run(machine, 2000);
    expect(processor.general(RCX)).toBe(500n);
    processor.memory.restore();
    expect(processor.instructions).toBe(1000);
    run(machine, 2000);
    expect(processor.general(RAX)).toBe(1000n);
    expect(processor.general(RCX)).toBe(0n);
  });

  it('is executed by the processor that it was translated for, and no other', () => {
    const { processor } = translated(LOOP);
    const translator = new Translator(new CodeCache(processor.memory), processor);
    expect(() => translator.run(interpreted(LOOP).processor, 1)).toThrow('made with');
  });
});

describe('a limit of instructions', () => {
  it('is kept exactly, wherever it falls', () => {
    const machine = translated(LOOP, { executionsMin: 1 });
    for (let until = 1; until < 300; until++) {
      expect(run(machine, until)).toEqual({ why: 'reached' });
      expect(machine.processor.instructions).toBe(until);
      expect(machine.processor.general(RAX)).toBe(BigInt(Math.ceil(until / 2)));
    }
    run(machine, 1_000_001);
    expect(machine.processor.instructions).toBe(1_000_001);
    expect(machine.processor.general(RAX)).toBe(500_001n);
  });
});
