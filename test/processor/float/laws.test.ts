import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimatedReciprocal, estimatedReciprocalRoot } from '../../../src/processor/float/estimates.ts';
import { evaluateExactly, evaluateFloat } from '../../../src/processor/float/evaluate.ts';
import { evaluatePackedFloat } from '../../../src/processor/float/packed.ts';
import { holds } from '../../support/many.ts';
import { anyBits, anyCase } from './cases.ts';

const FILE = 'test/processor/float/laws.test.ts';
const MASKED = 0x1f80;

const view = new DataView(new ArrayBuffer(8));
const bits64 = (value: number): bigint => {
  view.setFloat64(0, value);
  return view.getBigUint64(0);
};
const number64 = (bits: bigint): number => {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
};
const number32 = (bits: bigint): number => {
  view.setUint32(0, Number(bits));
  return view.getFloat32(0);
};

describe('SSE arithmetic', () => {
  it('gives the same natively and in whole numbers', () => {
    const property = fc.property(anyCase, ({ operation, format, immediate, mxcsr, left, right }) => {
      const parts = [operation, format, [left, right], mxcsr, immediate] as const;
      expect(evaluateFloat(...parts)).toEqual(evaluateExactly(...parts));
    });
    holds(property, 5000, FILE);
  });

  it('in binary64, to nearest, is that of this language', () => {
    const OPERATIONS = {
      add: (left: number, right: number) => left + right,
      sub: (left: number, right: number) => left - right,
      mul: (left: number, right: number) => left * right,
      div: (left: number, right: number) => left / right,
      sqrt: (left: number) => Math.sqrt(left),
    } as const;
    const operation = fc.constantFrom(...(Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[]));
    const property = fc.property(operation, anyBits('f64'), anyBits('f64'), (name, left, right) => {
      const { bits } = evaluateExactly(name, 'f64', [left, right], MASKED);
      expect(number64(bits)).toBe(OPERATIONS[name](number64(left), number64(right)));
    });
    holds(property, 3000, FILE);
  });

  it('in binary32 is that of doubles, rounded once more', () => {
    const property = fc.property(anyBits('f32'), anyBits('f32'), (left, right) => {
      const sum = evaluateExactly('add', 'f32', [left, right], MASKED);
      expect(number32(sum.bits)).toBe(Math.fround(number32(left) + number32(right)));
      const quotient = evaluateExactly('div', 'f32', [left, right], MASKED);
      expect(number32(quotient.bits)).toBe(Math.fround(number32(left) / number32(right)));
    });
    holds(property, 2000, FILE);
  });

  it('converts to binary32 as Math.fround does, and back without loss', () => {
    const property = fc.property(anyBits('f64'), (bits) => {
      const single = evaluateExactly('to f32', 'f64', [bits], MASKED);
      expect(number32(single.bits)).toBe(Math.fround(number64(bits)));
      const double = evaluateExactly('to f64', 'f32', [single.bits], MASKED);
      expect(number64(double.bits)).toBe(Math.fround(number64(bits)));
    });
    holds(property, 2000, FILE);
  });

  it('rounds down and up to neighbours with the exact result between them', () => {
    const finite = anyBits('f64').filter(
      (bits) => Math.abs(number64(bits)) < 1e150 && Math.abs(number64(bits)) > 1e-150,
    );
    const property = fc.property(finite, finite, (left, right) => {
      const rounded = (mode: number) => evaluateFloat('mul', 'f64', [left, right], MASKED | mode);
      const [nearest, down, up, toZero] = [0, 0x2000, 0x4000, 0x6000].map(rounded);
      expect(number64(down.bits)).toBeLessThanOrEqual(number64(nearest.bits));
      expect(number64(up.bits)).toBeGreaterThanOrEqual(number64(nearest.bits));
      expect([down.bits, up.bits]).toContain(nearest.bits);
      expect(toZero.bits).toBe(number64(nearest.bits) < 0 ? up.bits : down.bits);
      expect(down.bits === up.bits).toBe(nearest.flags === 0);
    });
    holds(property, 2000, FILE);
  });

  it('of vectors is that of their lanes', () => {
    const vector = fc.tuple(anyBits('f64'), anyBits('f64')).map(([low, high]) => low | (high << 64n));
    const property = fc.property(vector, vector, (left, right) => {
      const lane = (bits: bigint, at: number): bigint => BigInt.asUintN(64, bits >> BigInt(64 * at));
      const [low, high] = [0, 1].map((at) =>
        evaluateFloat('mul', 'f64', [lane(left, at), lane(right, at)], MASKED),
      );
      expect(evaluatePackedFloat('mul', 'f64', [left, right], MASKED)).toEqual({
        bits: low.bits | (high.bits << 64n),
        flags: low.flags | high.flags,
      });
    });
    holds(property, 500, FILE);
  });

  it('of vectors fills with zeros where lanes become narrower, and takes the lower lanes where they become wider', () => {
    const doubles = bits64(1.5) | (bits64(-2) << 64n);
    const singles = 0xc0000000_3fc00000n;
    expect(evaluatePackedFloat('to f32', 'f64', [doubles], MASKED).bits).toBe(singles);
    expect(evaluatePackedFloat('to f64', 'f32', [singles | (0x12345678n << 96n)], MASKED).bits).toBe(doubles);
    expect(evaluatePackedFloat('to i32', 'f64', [doubles], MASKED).bits).toBe(0xfffffffe_00000002n);
    expect(evaluatePackedFloat('from i32', 'f64', [0xfffffffe_00000002n], MASKED).bits).toBe(
      bits64(2) | (bits64(-2) << 64n),
    );
  });

  it('estimates reciprocals within 1.5 × 2^-12', () => {
    const positive = fc.integer({ min: 0x0080_0000, max: 0x7e00_0000 });
    const property = fc.property(positive, (bits) => {
      const value = number32(BigInt(bits));
      const estimate = (of: (bits: number) => number): number => number32(BigInt(of(bits)));
      expect(Math.abs(estimate(estimatedReciprocal) * value - 1)).toBeLessThan(1.5 * 2 ** -12);
      expect(Math.abs(estimate(estimatedReciprocalRoot) * Math.sqrt(value) - 1)).toBeLessThan(1.5 * 2 ** -12);
    });
    holds(property, 2000, FILE);
    const [one, negativeZero, denormal, infinity, signalling] = [
      0x3f80_0000, -0x8000_0000, 1, 0x7f80_0000, 0x7f80_0001,
    ];
    expect([one, negativeZero, denormal, infinity, signalling].map(estimatedReciprocal)).toEqual([
      one,
      -0x0080_0000,
      infinity,
      0,
      0x7fc0_0001,
    ]);
    expect(estimatedReciprocalRoot(-0x4080_0000)).toBe(-0x0040_0000);
  });
});
