import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits, limitsOf, type Shard, subShard } from '../../src/explore/limits.ts';
import { Tally } from '../../src/explore/tally.ts';
import { InputError } from '../../src/kernel/errors.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/explore/tally.test.ts';

const log2 = (count: bigint): number => Math.log2(Number(count >> 60n || 1n)) + (count >> 60n > 0n ? 60 : 0);

describe('a tally', () => {
  it('sums combinations exactly below 2^128', () => {
    const count = fc.oneof(fc.bigInt({ min: 1n, max: 100n }), fc.bigInt({ min: 1n, max: 2n ** 120n }));
    const cases = fc.property(fc.array(count, { maxLength: 50 }), (counts) => {
      const tally = new Tally();
      for (const count of counts) tally.countPoint({ count, log2: log2(count) });

      const sum = counts.reduce((sum, count) => sum + count, 0n);
      const { combinations, combinationsLog2 } = tally.combinations();
      expect(combinations).toBe(sum.toString());
      expect(combinationsLog2).toBeCloseTo(
        sum > 2n ** 52n ? sum.toString(2).length - 1 + fractionOf(sum) : Math.log2(Number(sum) || 1),
        6,
      );
      expect(tally.crashPoints).toBe(counts.length);
    });
    holds(cases, 300, FILE);
  });

  it('keeps the power of two where a point has too many to count', () => {
    const tally = new Tally();
    tally.countPoint({ count: 4n, log2: 2 });
    tally.countPoint({ count: undefined, log2: 1000 });
    tally.countPoint({ count: undefined, log2: 1000 });

    expect(tally.combinations()).toEqual({ combinations: null, combinationsLog2: 1001 });
  });

  it('lists incomplete points with what is known of them', () => {
    const tally = new Tally();
    tally.countIncomplete(7, undefined, 90, 256);
    tally.countIncomplete(9, 12, Math.log2(12), 4);

    expect(tally.incompletePoints).toBe(2);
    expect(tally.largestLog2).toBe(90);
    expect(tally.incompleteList).toEqual([
      { index: 7, images: undefined, log2: 90, explored: 256 },
      { index: 9, images: 12, log2: Math.log2(12), explored: 4 },
    ]);
  });
});

describe('limits', () => {
  it('have defaults', () => {
    expect(limitsOf()).toEqual(defaultLimits);
    expect(limitsOf({ images: 5 })).toEqual({ ...defaultLimits, images: 5 });
  });

  it.each([0, -1, 0.5, Number.NaN, 2 ** 53])('refuse %s', (images) => {
    expect(() => limitsOf({ images })).toThrow(
      new InputError(`limit images must be 1 or more, not ${images}`),
    );
  });
});

describe('a shard within a shard', () => {
  it('shares out what the outer one holds, each key to one', () => {
    const cases = fc.property(
      fc.integer({ min: 1, max: 7 }),
      fc.nat(6),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(1e6),
      (count, at, workers, key) => {
        const outer: Shard = { index: at % count, count };
        const inner = Array.from({ length: workers }, (_, worker) => subShard(outer, worker, workers));

        const holders = inner.filter((shard) => key % shard.count === shard.index);
        expect(holders).toHaveLength(key % count === outer.index ? 1 : 0);
      },
    );
    holds(cases, 500, FILE);
  });
});

/** Of a big number's binary logarithm, what is behind the point. */
const fractionOf = (value: bigint): number => {
  const bits = value.toString(2);
  return Math.log2(Number.parseInt(bits.slice(0, 50), 2) / 2 ** 49);
};
