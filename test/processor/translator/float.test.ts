import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds } from '../../support/many.ts';
import { interpreted, plain, run, type Setup, stateOf, translated } from './compare-engines.ts';
import { floatCode } from './random-code.ts';

const FILE = 'test/processor/translator/float.test.ts';

/** Bits of numbers where something changes: zeros, denormal and least normal ones, integers, the largest, infinities, NaNs. */
const BINARY64 = [
  0x0000000000000000n,
  0x8000000000000000n,
  0x0000000000000001n,
  0x000fffffffffffffn,
  0x0010000000000000n,
  0x8010000000000001n,
  0x3ff0000000000000n,
  0xbff8000000000000n,
  0x3fd5555555555555n,
  0x41dfffffffc00000n,
  0x41e0000000000000n,
  0xc1e0000000200000n,
  0x43e0000000000000n,
  0xc3e0000000000000n,
  0x3810000000000000n,
  0x47efffffe0000000n,
  0x7fefffffffffffffn,
  0x7ff0000000000000n,
  0x7ff0000000000001n,
  0xfff8000000000000n,
];
const BINARY32 = [
  0x00000000, 0x80000000, 0x00000001, 0x007fffff, 0x00800000, 0x80800001, 0x3f800000, 0xbfc00000, 0x3eaaaaab,
  0x4effffff, 0x4f000000, 0xcf000000, 0x5f000000, 0xdf000000, 0x7f7fffff, 0x7f800000, 0x7f800001, 0xffc00000,
];

const bytesOf = (bits: bigint, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, place) => Number((bits >> BigInt(8 * place)) & 0xffn));
const vector = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...BINARY64), fc.double().map(bitsOf)), { minLength: 2, maxLength: 2 })
    .map((lanes) => lanes.flatMap((lane) => bytesOf(lane, 8))),
  fc
    .array(fc.constantFrom(...BINARY32), { minLength: 4, maxLength: 4 })
    .map((lanes) => lanes.flatMap((lane) => bytesOf(BigInt(lane), 4))),
);

function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

/** Mostly all masked, rounding to nearest, and that something was rounded known: where code is in place. */
const mxcsr = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0x1fa0) },
  fc.constantFrom(0x1f80, 0x3fa0, 0x5fa0, 0x7fa0, 0x9fa0, 0x1fe0, 0x0fa0, 0x1f20),
  fc.nat(0xffff),
);

const setup: fc.Arbitrary<Setup> = fc.record({
  code: floatCode,
  registers: fc.array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { minLength: 16, maxLength: 16 }),
  dataOffset: fc.constant(0x100),
  recorded: fc.constant('persistent' as const),
  data: fc.array(vector, { minLength: 8, maxLength: 8 }).map((vectors) => Uint8Array.from(vectors.flat())),
  mxcsr,
});

describe('floating point in translated code', () => {
  it('gives the bits and flags of the interpreter', () => {
    holds(
      fc.property(setup, fc.integer({ min: 1, max: 60 }), (setup, until) => {
        const left = interpreted(setup);
        const right = translated(setup, { executionsMin: 1 });
        for (const so of [until, until + 31, 120]) {
          const expected = run(left, so);
          expect(plain(run(right, so))).toEqual(plain(expected));
          expect(stateOf(right)).toEqual(stateOf(left));
          if (expected.why !== 'reached') return;
        }
      }),
      80,
      FILE,
    );
  });
});
