import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateFloat } from '../../../src/processor/float/evaluate.ts';
import { evaluatePackedFloat } from '../../../src/processor/float/packed.ts';
import { LAYOUT } from '../../../src/processor/layout.ts';
import { Code } from '../../../src/processor/translator/encoder.ts';
import {
  defineFloatFunction,
  floatFunctionName,
  scalarTypes,
} from '../../../src/processor/translator/float-functions.ts';
import { IMPORTED, ModuleBuilder } from '../../../src/processor/translator/module.ts';
import {
  definePackedFunction,
  packedFunctionType,
} from '../../../src/processor/translator/packed-float-functions.ts';
import { holds } from '../../support/many.ts';
import { anyCase, type FloatCase, OPERATIONS } from '../float/cases.ts';

const FILE = 'test/processor/translator/float-functions.test.ts';
const OWN_AT = 1024;

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
const view = new DataView(memory.buffer);
const module = new ModuleBuilder(1);
for (const scalar of OPERATIONS) defineFloatFunction(module, scalar, OWN_AT);
const instanceOf = (builder: ModuleBuilder): WebAssembly.Exports =>
  new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(builder.bytes())), {
    [IMPORTED.module]: { [IMPORTED.memory]: memory },
  }).exports;
const exports = instanceOf(module);

/** Result and MXCSR, or nothing where the function leaves it to the interpreter. */
function called(given: FloatCase): { bits: bigint; mxcsr: number } | undefined {
  const { operands, result } = scalarTypes(given);
  const parameters = [given.left, given.right]
    .slice(0, operands.length)
    .map((bits, at) => (operands[at] === 'i32' ? Number(BigInt.asIntN(32, bits)) : BigInt.asIntN(64, bits)));
  view.setUint32(OWN_AT + LAYOUT.mxcsr, given.mxcsr, true);
  const scalarFunction = exports[floatFunctionName(given)] as (
    ...bits: (number | bigint)[]
  ) => [number | bigint, number];
  const [bits, isLeft] = scalarFunction(...parameters);
  const mxcsr = view.getUint32(OWN_AT + LAYOUT.mxcsr, true);
  if (isLeft === 1) {
    expect(mxcsr).toBe(given.mxcsr);
    return undefined;
  }
  return { bits: BigInt.asUintN(result === 'i32' ? 32 : 64, BigInt(bits)), mxcsr };
}

const expected = ({ operation, format, immediate, left, right, mxcsr }: FloatCase) => {
  const { bits, flags } = evaluateFloat(operation, format, [left, right], mxcsr, immediate);
  return { bits, mxcsr: mxcsr | flags };
};

const PACKED = OPERATIONS.filter(({ operation }) => operation !== 'comi' && operation !== 'ucomi');

/** A function of the host that calls a packed one: vectors are in memory, operands at 0 and 16, the result at 32. */
function packedCaller(scalar: (typeof PACKED)[number]): () => number {
  const builder = new ModuleBuilder(1);
  definePackedFunction(builder, scalar, OWN_AT);
  const { parameters } = packedFunctionType(scalar);
  const code = new Code();
  for (const place of parameters.keys()) {
    code.constant32(16 * place);
    code.load(16, 0);
  }
  // Behind the function for one lane.
  code.call(1);
  code.set(0);
  code.set(1);
  code.constant32(32);
  code.get(1);
  code.store(16, 0);
  code.get(0);
  builder.define({ parameters: [], results: ['i32'] }, ['i32', 'v128'], code, 'call');
  return instanceOf(builder)['call'] as () => number;
}

const vectorAt = (at: number): bigint =>
  view.getBigUint64(at, true) | (view.getBigUint64(at + 8, true) << 64n);

describe('Functions for SSE on vectors', () => {
  it.each(PACKED.map((scalar) => [floatFunctionName(scalar), scalar] as const))(
    '%s gives what the interpreter computes, where it gives something',
    (_, scalar) => {
      const call = packedCaller(scalar);
      const { operation, format, immediate } = scalar;
      let taken = 0;
      const lane = fc.constantFrom(
        0n,
        0x3ff8_0000_4040_0000n,
        0x4010_0000_4000_0000n,
        0xbff0_0000_c0e0_0001n,
        0x7ff0_0000_7fc0_0000n,
      );
      const vector = fc.tuple(lane, lane).map(([low, high]) => low | (high << 64n));
      const property = fc.property(vector, vector, fc.constantFrom(0x1f80, 0x1fa0), (left, right, mxcsr) => {
        for (const [at, bits] of [
          left & (2n ** 64n - 1n),
          left >> 64n,
          right & (2n ** 64n - 1n),
          right >> 64n,
        ].entries())
          view.setBigUint64(8 * at, bits, true);
        view.setUint32(OWN_AT + LAYOUT.mxcsr, mxcsr, true);
        if (call() === 1) return;
        taken++;
        const { bits, flags } = evaluatePackedFloat(operation, format, [left, right], mxcsr, immediate);
        expect(vectorAt(32)).toBe(bits);
        expect(view.getUint32(OWN_AT + LAYOUT.mxcsr, true)).toBe(mxcsr | flags);
      });
      holds(property, 200, FILE);
      expect(taken).toBeGreaterThan(5);
    },
  );
});

describe('Functions for SSE', () => {
  it('give what the interpreter computes, wherever they give something', () => {
    const property = fc.property(anyCase, (given) => {
      const result = called(given);
      if (result !== undefined) expect(result).toEqual(expected(given));
    });
    holds(property, 20_000, FILE);
  });

  it.each(OPERATIONS.map((scalar) => [floatFunctionName(scalar), scalar] as const))(
    '%s gives a result for usual numbers',
    (_, scalar) => {
      const usual = (value: number): bigint => {
        if (scalar.operation === 'from i32' || scalar.operation === 'from i64')
          return BigInt(Math.trunc(value));
        if (scalar.format === 'f64') view.setFloat64(0, value);
        else view.setFloat32(0, value);
        return scalar.format === 'f64' ? view.getBigUint64(0) : BigInt(view.getUint32(0));
      };
      const number = fc.double({ min: 0.001, max: 1e6, noNaN: true });
      const flags = fc.constantFrom(0x1f80, 0x1fa0);
      const property = fc.property(number, number, flags, (left, right, mxcsr) => {
        const given: FloatCase = { ...scalar, left: usual(left), right: usual(right), mxcsr };
        expect(called(given)).toEqual(expected(given));
      });
      holds(property, 100, FILE);
    },
  );
});
