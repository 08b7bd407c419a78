import { describe, expect, it } from 'vitest';
import { formsOf } from '../../../bench/fuzz/instructions/encode.mjs';
import { caseOf } from '../../../bench/fuzz/instructions/generate.mjs';
import { makeGuest } from '../../../bench/fuzz/instructions/guest.mjs';
import { DATA_AT as FUZZED_AT } from '../../../bench/fuzz/instructions/layout.mjs';
import { tryableMnemonics } from '../../../bench/fuzz/instructions/mnemonics.mjs';
import type { Engine } from '../../../src/processor/engine.ts';
import { Interpreter } from '../../../src/processor/interpreter/interpreter.ts';
import * as layout from '../../../src/processor/layout.ts';
import { lifts } from '../../../src/processor/lift/table.ts';
import { CodeCache } from '../../../src/processor/lifter.ts';
import * as memory from '../../../src/processor/memory.ts';
import * as processor from '../../../src/processor/processor.ts';
import { runs } from '../../support/many.ts';

const { EXECUTABLE, PAGE_BYTES, READABLE, WRITABLE } = memory;
const CODE_AT = 0x1000;
const DATA_AT = 0x2000;

describe('the interpreter', () => {
  it('executes as many instructions as it is asked for', () => {
    const { guest, interpreter } = machine('ffc0 ffc0 ffc0'); // inc eax

    const stop = interpreter.run(guest, 2);

    expect(stop).toEqual({ why: 'reached' });
    expect([guest.instructions, guest.general(0), guest.instructionPointer]).toEqual([2, 2n, CODE_AT + 4]);
  });

  it('counts each repetition of a string instruction', () => {
    const { guest, interpreter } = machine('f3aa 90'); // rep stosb; nop
    guest.setGeneral(1, 5n);
    guest.setGeneral(7, BigInt(DATA_AT));

    interpreter.run(guest, 3);

    expect([guest.instructions, guest.general(1), guest.instructionPointer]).toEqual([3, 2n, CODE_AT]);
  });

  it('is behind an instruction that leaves, which counts', () => {
    const { guest, interpreter } = machine('90 0f05'); // nop; syscall

    const stop = interpreter.run(guest, 100);

    expect(stop).toEqual({ why: 'left', to: 'syscall' });
    expect([guest.instructions, guest.instructionPointer]).toEqual([2, CODE_AT + 3]);
  });

  it('stands at an instruction whose bytes cannot be executed', () => {
    const { guest, interpreter } = machine('eb00'); // jmp to what follows
    guest.memory.protect(CODE_AT, PAGE_BYTES, READABLE);

    const stop = interpreter.run(guest, 1);

    expect(stop).toMatchObject({ why: 'faulted', fault: { access: 'execute', address: BigInt(CODE_AT) } });
  });

  it('executes what a program has just written over its instructions', () => {
    const { guest, interpreter } = machine('c60743 ffc0'); // mov byte [rdi], 0x43; inc eax
    guest.memory.protect(CODE_AT, PAGE_BYTES, READABLE | WRITABLE | EXECUTABLE);
    guest.setGeneral(7, BigInt(CODE_AT + 3));
    guest.memory.bytes[CODE_AT + 4] = 0xb0; // so that 43 b0 xx is mov r8b

    interpreter.run(guest, 2);

    expect(guest.instructionPointer).toBe(CODE_AT + 6);
    expect(guest.general(0)).toBe(0n);
  });

  it('changes nothing by an instruction that faults or traps', () => {
    const forms = formsOf(tryableMnemonics([...lifts.keys()]));
    // ENTER may have pushed frames when it finds that the stack ends, here as in a processor.
    for (const mnemonic of ['enter', 'enterw']) forms.delete(mnemonic);
    const mnemonics = [...forms.keys()];
    let stopped = 0;
    const single = (guest: processor.Processor, interpreter: Engine): Engine => ({
      run: () => {
        for (;;) {
          const before = stateOf(guest);
          const stop = interpreter.run(guest, guest.instructions + 1);
          if (stop.why === 'reached') continue;
          // An exception of floating point leaves its flags, for whoever asks why.
          if (stop.why === 'trapped' && stop.trap === 'floating point') return stop;
          stopped++;
          expect(Buffer.compare(before, stateOf(guest))).toBe(0);
          return stop;
        }
      },
    });

    for (let seed = 1; seed <= runs(300); seed++) {
      const { request } = caseOf(seed, forms, { mnemonics, lengthMax: 3 });
      const guest = makeGuest({ processor, layout, memory }, (one) =>
        single(one, new Interpreter(new CodeCache(one.memory).lift)),
      );

      guest.answer(request);
    }

    expect(stopped).toBeGreaterThan(runs(200));
  });
});

/** Registers, what is recorded, and the page that instructions of the fuzzer work on. */
function stateOf({ memory: { bytes, ownAt } }: processor.Processor): Buffer {
  const data = bytes.subarray(FUZZED_AT, FUZZED_AT + PAGE_BYTES);
  return Buffer.concat([bytes.subarray(ownAt, ownAt + 2 * PAGE_BYTES), data]);
}

/** A guest with these instructions and a page of data. */
function machine(code: string): { guest: processor.Processor; interpreter: Interpreter } {
  const guest = new processor.Processor(0x10000, 'persistent', () => {});
  guest.memory.map(CODE_AT, PAGE_BYTES, READABLE | EXECUTABLE);
  guest.memory.map(DATA_AT, PAGE_BYTES, READABLE | WRITABLE);
  guest.memory.bytes.set(Buffer.from(code.replaceAll(' ', ''), 'hex'), CODE_AT);
  guest.instructionPointer = CODE_AT;
  return { guest, interpreter: new Interpreter(new CodeCache(guest.memory).lift) };
}
