import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Draws } from '../../src/kernel/draw.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/kernel/draw.test.ts';
const seed = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const place = fc.record({ seed, stream: fc.string(), index: fc.maxSafeNat() });

/** Chi-square over the squares of the deviations, for `buckets` equally likely outcomes. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('draws', () => {
  it('are a function of seed, stream, index and how many-th, whatever else is drawn', () => {
    const cases = fc.property(place, place, fc.nat(5), (here, elsewhere, others) => {
      const alone = new Draws(here.seed, here.stream, here.index);
      const wanted = [alone.bits(), alone.bits(), alone.bits()];

      const noisy = new Draws(here.seed, here.stream, here.index);
      const noise = new Draws(elsewhere.seed, elsewhere.stream, elsewhere.index);
      const found = wanted.map(() => {
        for (let i = 0; i < others; i++) noise.bits();
        return noisy.bits();
      });

      expect(found).toEqual(wanted);
    });
    holds(cases, 300, FILE);
  });

  it.each<[string, (i: number) => Draws]>([
    ['indexes', (i) => new Draws(1n, 'eviction', i)],
    ['seeds', (i) => new Draws(BigInt(i), 'eviction', 7)],
    ['seeds that differ in their high half', (i) => new Draws(BigInt(i) << 32n, 'eviction', 7)],
    ['streams', (i) => new Draws(1n, `stream ${i}`, 7)],
  ])('are uniform over %s', (_, draws) => {
    const BUCKETS = 64;
    const counts = new Array<number>(BUCKETS).fill(0);
    const low = new Array<number>(BUCKETS).fill(0);
    for (let i = 0; i < 32_000; i++) {
      const bits = draws(i).bits();
      counts[bits >>> 26]++;
      low[bits & 63]++;
    }

    // 63 degrees of freedom: mean 63, standard deviation 11.
    expect(chiSquare(counts)).toBeLessThan(63 + 5 * 11.3);
    expect(chiSquare(low)).toBeLessThan(63 + 5 * 11.3);
  });

  it('are uniform one after the other', () => {
    const draws = new Draws(1n, 'arrival', 0);
    const pairs = new Array<number>(64).fill(0);
    for (let i = 0; i < 32_000; i++) pairs[8 * draws.below(8) + draws.below(8)]++;

    expect(chiSquare(pairs)).toBeLessThan(63 + 5 * 11.3);
  });

  it('below a bound are whole numbers from 0 to it, and reach both ends', () => {
    const cases = fc.property(
      place,
      fc.integer({ min: 1, max: 2 ** 53 - 1 }),
      ({ seed, stream, index }, bound) => {
        const drawn = new Draws(seed, stream, index).below(bound);

        expect(Number.isSafeInteger(drawn) && drawn >= 0 && drawn < bound).toBe(true);
      },
    );
    holds(cases, 500, FILE);
    const draws = new Draws(3n, '', 0);
    expect([...new Set(Array.from({ length: 100 }, () => draws.below(3)))].sort()).toEqual([0, 1, 2]);
  });

  it('units lie in [0, 1)', () => {
    const cases = fc.property(place, ({ seed, stream, index }) => {
      const unit = new Draws(seed, stream, index).unit();

      expect(unit >= 0 && unit < 1).toBe(true);
    });
    holds(cases, 500, FILE);
  });

  it.each([0, 1, 250, 999, 1000])('come true %i times in 1,000', (perMille) => {
    let count = 0;
    for (let i = 0; i < 20_000; i++) if (new Draws(9n, 'loss', i).chance(perMille)) count++;

    const deviation = Math.sqrt((20_000 * perMille * (1000 - perMille)) / 1e6);
    expect(Math.abs(count - 20 * perMille)).toBeLessThanOrEqual(5 * deviation);
  });
});
