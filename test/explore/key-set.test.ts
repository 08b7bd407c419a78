import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeySet } from '../../src/explore/key-set.ts';
import { Digest } from '../../src/kernel/digest.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/explore/key-set.test.ts';

/** Few values, so that keys collide in every lane and in their slots, and the all-zero key comes up. */
const lane = fc.constantFrom(0, 0, 1, 1024, -1, -(2 ** 31));
const key = fc.tuple(lane, lane, lane, lane);

describe('a key set', () => {
  it('agrees with a set of texts', () => {
    const cases = fc.property(
      fc.array(key, { maxLength: 200, size: 'max' }),
      fc.array(key),
      (added, asked) => {
        const keys = new KeySet();
        const naive = new Set<string>();
        for (const one of added) {
          expect(keys.add(...one)).toBe(!naive.has(one.join()));
          naive.add(one.join());
          expect(keys.size).toBe(naive.size);
        }
        for (const one of [...added, ...asked]) expect(keys.has(...one)).toBe(naive.has(one.join()));
      },
    );
    holds(cases, 300, FILE);
  });

  it('keeps its keys as it grows, and none when cleared', () => {
    const keys = new KeySet(1);
    const digest = new Digest();
    const all = Array.from({ length: 20_000 }, (_, i) => {
      digest.toggleAtom(8 * i, i + 1, 0);
      return [digest.a, digest.b, digest.c, digest.d] as const;
    });
    for (const one of all) keys.add(...one);

    expect(keys.size).toBe(20_000);
    expect(all.every((one) => keys.has(...one) && !keys.add(...one))).toBe(true);
    keys.clear();
    expect(keys.size).toBe(0);
    expect(all.some((one) => keys.has(...one))).toBe(false);
  });

  it('takes keys as hexadecimal digits', () => {
    const keys = new KeySet();
    const hex = '80000000ffffffff0000000100000000';

    expect([keys.addHex(hex), keys.addHex(hex)]).toEqual([true, false]);
    expect(keys.has(-(2 ** 31), -1, 1, 0)).toBe(true);
  });
});
