import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Digest } from '../../src/kernel/digest.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/kernel/digest.test.ts';
type Lane = 'a' | 'b' | 'c' | 'd';
const LANES: readonly Lane[] = ['a', 'b', 'c', 'd'];

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const atom = fc.tuple(
  fc.maxSafeNat().map((at) => at - (at % 8)),
  word,
  word,
);

function digestOf(atoms: Iterable<readonly [number, number, number]>): Digest {
  const digest = new Digest();
  for (const [address, low, high] of atoms) digest.toggleAtom(address, low, high);
  return digest;
}

describe('a digest', () => {
  it('does not depend on the order, and taking out undoes putting in', () => {
    const cases = fc.property(fc.array(atom), fc.array(atom), (kept, gone) => {
      const detour = digestOf([...gone, ...kept.toReversed(), ...gone.toReversed()]);

      expect(detour.equals(digestOf(kept))).toBe(true);
      expect(detour.hex()).toBe(digestOf(kept).hex());
    });
    holds(cases, 500, FILE);
  });

  it('of a union of disjoint sets is the xor of theirs', () => {
    const cases = fc.property(fc.array(atom), fc.array(atom), (one, other) => {
      const sum = digestOf(one);
      sum.xor(digestOf(other));

      expect(sum.hex()).toBe(digestOf([...one, ...other]).hex());
    });
    holds(cases, 300, FILE);
  });

  it('has nothing for atoms of zeros', () => {
    holds(
      fc.property(fc.maxSafeNat(), (address) => {
        expect(digestOf([[address, 0, 0]]).equals(new Digest())).toBe(true);
      }),
      100,
      FILE,
    );
  });

  it('reads its own hexadecimal digits', () => {
    const cases = fc.property(fc.array(atom), (atoms) => {
      const digest = digestOf(atoms);

      expect(Digest.fromHex(digest.hex())).toEqual(digest);
      expect(digest.hex()).toMatch(/^[0-9a-f]{32}$/);
    });
    holds(cases, 300, FILE);
  });

  it('a fork goes its own way', () => {
    const digest = digestOf([[0, 1, 2]]);
    const fork = digest.fork();
    fork.toggleAtom(8, 1, 1);

    expect(digest.hex()).toBe(digestOf([[0, 1, 2]]).hex());
    expect(fork.hex()).not.toBe(digest.hex());
  });

  it('differs for each of 100,000 single atoms, in every pair of lanes', () => {
    const seen = new Map<string, Set<string>>();
    for (let address = 0; address < 50; address++) {
      for (let value = 1; value <= 1000; value++) {
        for (const [low, high] of [
          [value, 0],
          [0, value],
        ]) {
          const digest = digestOf([[address * 8, low, high]]);
          for (const pair of ['ab', 'cd', 'ad'] as const) {
            const set = seen.get(pair) ?? new Set();
            seen.set(pair, set.add(`${digest[pair[0] as Lane]} ${digest[pair[1] as Lane]}`));
          }
        }
      }
    }
    expect([...seen.values()].map(({ size }) => size)).toEqual([100_000, 100_000, 100_000]);
  });

  it('differs for each of 65,536 memories of four atoms, also where the same values stand elsewhere', () => {
    const seen = new Set<string>();
    for (let n = 0; n < 65_536; n++) {
      seen.add(digestOf([0, 1, 2, 3].map((at) => [at * 8, (n >> (4 * at)) & 15, 0] as const)).hex());
    }
    expect(seen.size).toBe(65_536);
  });

  it('flips each of its bits about every second time when one bit of an atom flips', () => {
    const TRIALS = 400;
    const bits = [
      ...Array.from({ length: 64 }, (_, i) => i),
      ...Array.from({ length: 50 }, (_, i) => 64 + 3 + i),
    ];
    let furthest = 0;
    for (const bit of bits) {
      const flips = new Array<number>(128).fill(0);
      for (let trial = 1; trial <= TRIALS; trial++) {
        const address = trial * 8 * 4097;
        const low = Math.imul(trial, 0x9e3779b1);
        const high = Math.imul(trial, 0x85ebca77);
        const before = digestOf([[address, low, high]]);
        const after =
          bit < 32
            ? digestOf([[address, low ^ (1 << bit), high]])
            : bit < 64
              ? digestOf([[address, low, high ^ (1 << (bit - 32))]])
              : digestOf([[flipped(address, bit - 64), low, high]]);
        LANES.forEach((lane, i) => {
          const difference = before[lane] ^ after[lane];
          for (let at = 0; at < 32; at++) flips[32 * i + at] += (difference >>> at) & 1;
        });
      }
      furthest = Math.max(furthest, ...flips.map((count) => Math.abs(count / TRIALS - 0.5)));
    }
    // 14,592 pairs of bits: five and a half standard deviations of 0.025 leave room for the furthest of them.
    expect(furthest).toBeLessThan(0.14);
  });

  it('spreads evenly over shards', () => {
    for (const count of [2, 3, 5, 7]) {
      const sizes = new Array<number>(count).fill(0);
      for (let i = 1; i <= 10_000; i++) sizes[(digestOf([[8, i, 0]]).c >>> 0) % count]++;
      for (const size of sizes) expect(Math.abs(size / (10_000 / count) - 1)).toBeLessThan(0.1);
    }
  });

  it('of texts differs where a name or a text differs', () => {
    const texts = fc.uniqueArray(
      fc.tuple(fc.string({ maxLength: 5 }), fc.string({ unit: 'binary', maxLength: 9 })),
      {
        selector: (pair) => JSON.stringify(pair),
        minLength: 2,
      },
    );
    const cases = fc.property(texts, (pairs) => {
      const digests = pairs.map(([name, text]) => {
        const digest = new Digest();
        digest.toggleText(name, text);
        return digest.hex();
      });

      expect(new Set(digests).size).toBe(pairs.length);
    });
    holds(cases, 500, FILE);
  });
});

const flipped = (address: number, bit: number): number =>
  Math.floor(address / 2 ** bit) % 2 === 0 ? address + 2 ** bit : address - 2 ** bit;
