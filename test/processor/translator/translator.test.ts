import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATIONS_MAX, OWN_BYTES } from '../../../src/processor/layout.ts';
import { holds } from '../../support/many.ts';
import { interpreted, plain, run, type Setup, stateOf, translated } from './compare-engines.ts';
import { randomCode } from './random-code.ts';

const FILE = 'test/processor/translator/translator.test.ts';

const register = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  fc.constantFrom(0n, 1n, 0x7fn, 0x80n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 1n << 63n),
);
const setup: fc.Arbitrary<Setup> = fc.record({
  code: randomCode,
  registers: fc.array(register, { minLength: 16, maxLength: 16 }),
  dataOffset: fc.constantFrom(0x100, 0x0fc0, 0x1100, 0x1fc0, 0x2100, 0x3fc0),
  recorded: fc.constantFrom('persistent' as const, 'stores' as const, 'all' as const),
  isWritable: fc.constant(true),
});

describe('the translator', () => {
  it('does what the interpreter does, up to any number of instructions', () => {
    holds(
      fc.property(
        setup,
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 4 }),
        (setup, steps) => {
          const left = interpreted(setup);
          const right = translated(setup);
          let until = 0;
          for (const step of [...steps, 400]) {
            until += step;
            const expected = run(left, until);
            const actual = run(right, until);
            expect(plain(actual)).toEqual(plain(expected));
            expect(stateOf(right)).toEqual(stateOf(left));
            if (expected.why !== 'reached') return;
          }
        },
      ),
      100,
      FILE,
    );
  });

  it('records stores of 16 bytes, which take two records, also where there is room for one', () => {
    const setup: Setup = {
      code: Uint8Array.from([
        ...[0x48, 0x89, 0x0e], // mov [rsi], rcx
        ...[0x0f, 0x11, 0x06], // movups [rsi], xmm0
        ...[0x48, 0x89, 0x4e, 0x10], // mov [rsi + 16], rcx
        ...[0x48, 0xff, 0xc1], // inc rcx
        ...[0xeb, 0xf4], // jmp to the movups
      ]),
      registers: Array.from({ length: 16 }, (_, register) => BigInt(register)),
      dataOffset: 0x100,
      recorded: 'stores',
    };
    const [left, right] = [interpreted(setup), translated(setup)];
    // One record, and then three a round: when the room gets full, one of them fits of the two of a store.
    for (const machine of [left, right]) run(machine, 4 * OPERATIONS_MAX);
    expect(right.records).toEqual(left.records);
    expect(right.records.length).toBeGreaterThan(2 * OPERATIONS_MAX);
    const { bytes, ownAt } = right.processor.memory;
    expect(bytes.subarray(ownAt + OWN_BYTES).filter((byte) => byte !== 0)).toHaveLength(0);
  });
});
