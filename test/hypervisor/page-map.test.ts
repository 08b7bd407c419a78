import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PageMap } from '../../src/hypervisor/page-map.ts';
import { classDigest } from '../../src/kernel/class-digest.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/hypervisor/page-map.test.ts';

/** An entry set or deleted in one of two maps, or a fork of one over the other. */
const step = fc.record({
  on: fc.constantFrom<0 | 1>(0, 1),
  page: fc.nat(40),
  what: fc.oneof(fc.nat(3), fc.constantFrom('delete', 'fork')),
});

describe('a page map', () => {
  it('is digested by its entries, however it came by them', () => {
    holds(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const maps = [new PageMap<{ frame: number }>(), new PageMap<{ frame: number }>()];
        const plain = maps.map(() => new Map<number, number>());
        for (const { on, page, what } of steps) {
          if (what === 'fork') {
            maps[1 - on] = maps[on].fork();
            plain[1 - on] = new Map(plain[on]);
          } else if (what === 'delete') {
            maps[on].delete(page);
            plain[on].delete(page);
          } else {
            maps[on].set(page, { frame: Number(what) });
            plain[on].set(page, Number(what));
          }
          for (const [at, map] of maps.entries()) {
            const fresh = new PageMap<{ frame: number }>();
            for (const [one, frame] of plain[at]) fresh.set(one, { frame });
            expect(classDigest(map)).toEqual(classDigest(fresh));
          }
          if (classDigest(maps[0]).hex() === classDigest(maps[1]).hex())
            expect(maps[0].toJSON()).toEqual(maps[1].toJSON());
        }
      }),
      200,
      FILE,
    );
  });
});
