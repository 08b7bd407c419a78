import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateFloat } from '../../../src/processor/float/evaluate.ts';
import { LAYOUT } from '../../../src/processor/layout.ts';
import {
  defineFloatFunction,
  floatFunctionName,
  scalarTypes,
} from '../../../src/processor/translator/float-functions.ts';
import { IMPORTED, ModuleBuilder } from '../../../src/processor/translator/module.ts';
import { holds } from '../../support/many.ts';
import { anyCase, type FloatCase, OPERATIONS } from '../float/cases.ts';

const FILE = 'test/processor/translator/float-functions.test.ts';
const OWN_AT = 1024;

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
const view = new DataView(memory.buffer);
const module = new ModuleBuilder(1);
for (const scalar of OPERATIONS) defineFloatFunction(module, scalar, OWN_AT);
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(module.bytes())), {
  [IMPORTED.module]: { [IMPORTED.memory]: memory },
});

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
