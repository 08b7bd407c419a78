import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockStore, UNREADABLE } from '../../src/hardware/block-store.ts';
import { classDigest } from '../../src/kernel/class-digest.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/hardware/block-store.test.ts';
const BLOCKS = 70; // three chunks, the last one not whole

/** A write to one of two stores, or a fork of one over the other. */
const step = fc.record({
  on: fc.constantFrom<0 | 1>(0, 1),
  block: fc.nat(BLOCKS - 1),
  contents: fc.constantFrom('00', '01', '02', UNREADABLE, 'fork'),
});

describe('a block store', () => {
  it('is a list of contents, of which forks have one each', () => {
    holds(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.constantFrom('00', UNREADABLE),
        (steps, initially) => {
          const stores = [BlockStore.filled(BLOCKS, initially), BlockStore.filled(BLOCKS, initially)];
          const lists = stores.map(() => new Array<string>(BLOCKS).fill(initially));
          for (const { on, block, contents } of steps) {
            if (contents === 'fork') {
              stores[1 - on] = stores[on].fork();
              lists[1 - on] = lists[on].slice();
            } else {
              stores[on].set(block, contents);
              lists[on][block] = contents;
            }
            for (const [at, store] of stores.entries()) {
              const first = lists[at].indexOf(UNREADABLE);
              expect(store.toJSON()).toEqual(lists[at]);
              expect(store.firstUnreadable()).toBe(first < 0 ? undefined : first);
              expect(classDigest(store)).toEqual(classDigest(storeOf(lists[at])));
            }
          }
        },
      ),
      200,
      FILE,
    );
  });
});

function storeOf(list: readonly string[]): BlockStore {
  const store = BlockStore.filled(list.length, '00');
  for (const [block, contents] of list.entries()) store.set(block, contents);
  return store;
}
