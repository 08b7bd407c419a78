import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CowTree, type Leaf } from '../../src/kernel/cow-tree.ts';
import { forksAreIsolated } from '../support/forks.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/kernel/cow-tree.test.ts';

interface Box extends Leaf {
  value: number;
}
type Tree = CowTree<Box>;

const newTree = (): Tree =>
  new CowTree<Box>(
    (owner) => ({ owner, value: 0 }),
    (leaf, owner) => ({ owner, value: leaf.value }),
  );
const index = fc.oneof(
  fc.nat(70),
  fc.constantFrom(63, 64, 4095, 4096, 2 ** 24, 2 ** 30, 2 ** 31 - 1, 2 ** 31, 2 ** 36, 2 ** 48, 2 ** 53 - 1),
);

function compare(tree: Tree, naive: Map<number, number>): void {
  const wanted = [...naive].sort(([one], [other]) => one - other);
  expect([...tree.leaves()].map(([index, { value }]) => [index, value])).toEqual(wanted);
  for (const [index, value] of naive) expect(tree.find(index)?.value).toBe(value);
}

describe('a copy-on-write tree', () => {
  it('forks are isolated', () => {
    const property = forksAreIsolated<Tree, Map<number, number>, { index: number; value: number }>(
      {
        fresh: newTree,
        naive: () => new Map(),
        fork: (tree) => tree.fork(),
        copy: (naive) => new Map(naive),
        act: (tree, naive, { index, value }) => {
          tree.own(index).value += value;
          naive.set(index, (naive.get(index) ?? 0) + value);
        },
        compare,
      },
      fc.record({ index, value: fc.nat(9) }),
    );

    holds(property, 500, FILE);
  });

  it('finds nothing where nothing was written, and looking changes nothing', () => {
    const cases = fc.property(fc.uniqueArray(index, { minLength: 1 }), ([absent, ...present]) => {
      const tree = newTree();
      for (const one of present) tree.own(one).value = 1;

      expect(tree.find(absent)).toBeUndefined();
      expect([...tree.leaves()]).toHaveLength(present.length);
    });
    holds(cases, 300, FILE);
  });

  it('lists the leaves of a range', () => {
    const cases = fc.property(fc.uniqueArray(index), index, index, (indexes, first, last) => {
      const tree = newTree();
      for (const one of indexes) tree.own(one).value = one;

      const found = [...tree.leaves(first, last)].map(([index]) => index);

      expect(found).toEqual(
        indexes.filter((one) => one >= first && one <= last).sort((one, other) => one - other),
      );
    });
    holds(cases, 500, FILE);
  });

  it('a leaf stays its own until there is a fork', () => {
    const tree = newTree();
    const leaf = tree.own(3);
    expect(tree.owns(leaf)).toBe(true);
    expect(tree.own(3)).toBe(leaf);

    const fork = tree.fork();
    expect(tree.owns(leaf)).toBe(false);
    expect(fork.owns(leaf)).toBe(false);
    expect(tree.own(3)).not.toBe(leaf);
  });
});
