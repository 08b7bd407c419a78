import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CowTable } from '../../src/kernel/cow-table.ts';
import { forksAreIsolated } from '../support/forks.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/kernel/cow-table.test.ts';

interface Entry {
  list: number[];
}
type Table = CowTable<Entry>;
type Naive = Map<number, Entry>;
type Action = { type: 'set' | 'grow' | 'delete'; key: number; value: number };

const copyEntry = (entry: Entry): Entry => ({ list: entry.list.slice() });
const key = fc.constantFrom(0, 1, 31, 32, 33, 2047, 2048, 2 ** 31 - 1, 2 ** 31, 2 ** 36, 2 ** 53 - 1);
const action: fc.Arbitrary<Action> = fc.record({
  type: fc.constantFrom('set', 'grow', 'delete'),
  key,
  value: fc.nat(9),
});

function act(table: Table, naive: Naive, { type, key, value }: Action): void {
  switch (type) {
    case 'set':
      table.set(key, { list: [value] });
      naive.set(key, { list: [value] });
      break;
    case 'grow':
      table.own(key)?.list.push(value);
      naive.get(key)?.list.push(value);
      break;
    case 'delete':
      table.delete(key);
      naive.delete(key);
  }
}

function compare(table: Table, naive: Naive): void {
  const wanted = [...naive].sort(([one], [other]) => one - other);
  expect([...table.entries()]).toEqual(wanted);
  expect(table.size).toBe(naive.size);
  for (const [key, entry] of naive) expect(table.get(key)).toEqual(entry);
}

describe('a copy-on-write table', () => {
  it('forks are isolated down to the single record', () => {
    const property = forksAreIsolated<Table, Naive, Action>(
      {
        fresh: () => new CowTable(copyEntry),
        naive: () => new Map(),
        fork: (table) => table.fork(),
        copy: (naive) => new Map([...naive].map(([key, entry]) => [key, copyEntry(entry)])),
        act,
        compare,
      },
      action,
    );

    holds(property, 500, FILE);
  });

  it('lists the records of a range of keys in ascending order', () => {
    const cases = fc.property(fc.uniqueArray(key), key, key, (keys, first, last) => {
      const table = new CowTable<number>((value) => value);
      for (const key of keys) table.set(key, key + 0.5);

      const found = [...table.entries(first, last)];

      const wanted = keys.filter((key) => key >= first && key <= last).sort((one, other) => one - other);
      expect(found).toEqual(wanted.map((key) => [key, key + 0.5]));
    });
    holds(cases, 300, FILE);
  });

  it('does not copy a record that only one side has', () => {
    let copies = 0;
    const table = new CowTable<Entry>((entry) => {
      copies++;
      return copyEntry(entry);
    });
    table.set(5, { list: [] });
    for (let i = 0; i < 10; i++) table.own(5)?.list.push(i);
    expect(copies).toBe(0);

    table.fork();
    for (let i = 0; i < 10; i++) table.own(5)?.list.push(i);
    expect(copies).toBe(1);
  });
});
