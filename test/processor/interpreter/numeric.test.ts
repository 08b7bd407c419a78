import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numericOperations } from '../../../src/processor/interpreter/numeric.ts';
import { bitsOf, ofBits, type Value } from '../../../src/processor/interpreter/values.ts';
import type { Type } from '../../../src/processor/lifted/form.ts';
import { NUMERIC, type NumericOperation, signatureOf } from '../../../src/processor/lifted/numeric.ts';
import { holds } from '../../support/many.ts';
import { engineOf } from '../../support/one-operation-module.ts';

const FILE = 'test/processor/interpreter/numeric.test.ts';
const WIDTHS: Readonly<Record<Type, number>> = { i32: 32, i64: 64, v128: 128 };

const operations = Object.keys(NUMERIC) as NumericOperation[];

describe('each operation of the lifted form gives what the WebAssembly engine gives', () => {
  it.each(operations)('%s', (operation) => {
    const { operands } = signatureOf(operation);
    const engine = engineOf(operation);
    const cases = fc.tuple(fc.tuple(...operands.map(bits)), immediateOf(operation));

    holds(
      fc.property(cases, ([values, immediate]) => {
        const expected = answer(() => engine(values, immediate));
        const given = answer(() => evaluate(operation, values, immediate));

        expect(given).toBe(expected);
      }),
      100,
      FILE,
    );
  });
});

/** What it gives, or that it refuses. */
function answer(compute: () => bigint): bigint | 'traps' {
  try {
    return compute();
  } catch {
    return 'traps';
  }
}

function evaluate(
  operation: NumericOperation,
  operands: readonly bigint[],
  immediate: number | readonly number[] | undefined,
): bigint {
  const compute = numericOperations[operation] as (...operands: readonly unknown[]) => Value;
  const values = signatureOf(operation).operands.map((type, place) => ofBits(type, operands[place]));
  return bitsOf(compute(...values, immediate));
}

/** Bits of a value: any, few that matter, or the lanes of a vector out of those. */
function bits(type: Type): fc.Arbitrary<bigint> {
  const width = WIDTHS[type];
  const any = fc.bigInt({ min: 0n, max: (1n << BigInt(width)) - 1n });
  const edge = fc.constantFrom(0n, 1n, 2n, 7n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0xffffn, 0x8000_0000n);
  const edges = fc
    .tuple(edge, fc.boolean())
    .map(([value, isNegated]) => BigInt.asUintN(width, isNegated ? -value : value));
  const power = fc.nat(width - 1).map((place) => 1n << BigInt(place));
  if (type !== 'v128') return fc.oneof(any, edges, power);
  const lanes = fc
    .tuple(fc.constantFrom(8, 16, 32), fc.array(fc.oneof(edge, power), { minLength: 16, maxLength: 16 }))
    .map(([laneWidth, values]) => {
      const packed = values.reduce(
        (all, lane) => (all << BigInt(laneWidth)) | BigInt.asUintN(laneWidth, lane),
        0n,
      );
      return BigInt.asUintN(128, packed);
    });
  return fc.oneof(any, lanes, edges);
}

function immediateOf(operation: NumericOperation): fc.Arbitrary<number | readonly number[] | undefined> {
  const { immediate } = signatureOf(operation);
  if (immediate === undefined) return fc.constant(undefined);
  if (immediate === 'lanes') {
    const shuffles = fc.array(fc.nat(31), { minLength: 16, maxLength: 16 });
    return fc.constantFrom(...fc.sample(shuffles, { numRuns: 8, seed: 1 }));
  }
  return fc.nat(Number(operation.slice(operation.indexOf('x') + 1, operation.indexOf('.'))) - 1);
}
