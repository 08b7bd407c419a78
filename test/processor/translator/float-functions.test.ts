import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateFloat } from '../../../src/processor/float/evaluate.ts';
import { LAYOUT } from '../../../src/processor/layout.ts';
import {
  defineFloatFunction,
  floatFunctionName,
  floatFunctionType,
  isRounding,
  type RoundingFloat,
} from '../../../src/processor/translator/float-functions.ts';
import { IMPORTED, ModuleBuilder } from '../../../src/processor/translator/module.ts';
import { holds } from '../../support/many.ts';
import { anyCase, type FloatCase, OPERATIONS } from '../float/cases.ts';

const FILE = 'test/processor/translator/float-functions.test.ts';
const OWN_AT = 1024;

type RoundingCase = FloatCase & RoundingFloat;
const isRoundingCase = (given: FloatCase): given is RoundingCase => isRounding(given.operation);
const ROUNDING = OPERATIONS.flatMap(({ operation, format }) =>
  isRounding(operation) ? [{ operation, format }] : [],
);

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
const view = new DataView(memory.buffer);
const module = new ModuleBuilder(1);
for (const float of ROUNDING) defineFloatFunction(module, float, OWN_AT);
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(module.bytes())), {
  [IMPORTED.module]: { [IMPORTED.memory]: memory },
});

/** Result and MXCSR, or nothing where the function does not know. */
function called(given: RoundingCase): { bits: bigint; mxcsr: number } | undefined {
  const { parameters, results } = floatFunctionType(given);
  const operands = [given.left, given.right]
    .slice(0, parameters.length)
    .map((bits, at) =>
      parameters[at] === 'i32' ? Number(BigInt.asIntN(32, bits)) : BigInt.asIntN(64, bits),
    );
  view.setUint32(OWN_AT + LAYOUT.mxcsr, given.mxcsr, true);
  const float = exports[floatFunctionName(given)] as (
    ...bits: (number | bigint)[]
  ) => [number | bigint, number];
  const [bits, isUnknown] = float(...operands);
  const mxcsr = view.getUint32(OWN_AT + LAYOUT.mxcsr, true);
  if (isUnknown === 1) {
    expect(mxcsr).toBe(given.mxcsr);
    return undefined;
  }
  return { bits: BigInt.asUintN(results[0] === 'i32' ? 32 : 64, BigInt(bits)), mxcsr };
}

const expected = ({ operation, format, left, right, mxcsr }: FloatCase) => {
  const { bits, flags } = evaluateFloat(operation, format, [left, right], mxcsr);
  return { bits, mxcsr: mxcsr | flags };
};

describe('Functions for SSE', () => {
  it('give what the exact functions give, wherever they give something', () => {
    const property = fc.property(anyCase.filter(isRoundingCase), (given) => {
      const result = called(given);
      if (result !== undefined) expect(result).toEqual(expected(given));
    });
    holds(property, 20_000, FILE);
  });

  it.each(ROUNDING.map((float) => [floatFunctionName(float), float] as const))(
    '%s gives a result for usual numbers',
    (_, float) => {
      const usual = (value: number): bigint => {
        if (float.operation === 'from i32' || float.operation === 'from i64')
          return BigInt(Math.trunc(value));
        if (float.format === 'f64') view.setFloat64(0, value);
        else view.setFloat32(0, value);
        return float.format === 'f64' ? view.getBigUint64(0) : BigInt(view.getUint32(0));
      };
      const number = fc.oneof(
        fc.double({ min: 0.001, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 1000 }),
      );
      const flags = fc.constantFrom(0x1f80, 0x1fa0);
      const property = fc.property(number, number, flags, (left, right, mxcsr) => {
        const given = { ...float, left: usual(left), right: usual(right), mxcsr };
        expect(called(given)).toEqual(expected(given));
      });
      holds(property, 200, FILE);
    },
  );
});
