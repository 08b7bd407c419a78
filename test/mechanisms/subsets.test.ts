import { expect, it } from 'vitest';
import { subsets } from '../../src/mechanisms/subsets.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const distinct = (found: readonly (readonly number[])[]): number => new Set(found.map(String)).size;

it('up to ten candidates every subset comes once', () => {
  for (const count of [0, 1, 3, 10]) {
    const found = [...subsets(numbers(count), 'all')];
    expect(found).toHaveLength(2 ** count);
    expect(distinct(found)).toBe(2 ** count);
  }
});

it('beyond: none, all, each alone, all but each, and 32 that are drawn, the same every time', () => {
  const found = [...subsets(numbers(12), 'all')];

  expect(found.slice(0, 2)).toEqual([[], numbers(12)]);
  expect(found.slice(2, 14)).toEqual(numbers(12).map((one) => [one]));
  expect(found.slice(14, 26)).toEqual(numbers(12).map((one) => numbers(12).filter((at) => at !== one)));
  const drawn = found.slice(26);
  expect(drawn).toHaveLength(32);
  expect(distinct(drawn)).toBeGreaterThan(28);
  for (const one of numbers(12))
    expect(drawn.filter((subset) => subset.includes(one)).length).toBeGreaterThan(4);
  for (const subset of drawn) expect(subset).toEqual([...subset].sort((a, b) => a - b));
  expect([...subsets(numbers(12), 'all')]).toEqual(found);
});

it('a second fault: none, all, each alone', () => {
  expect([...subsets(numbers(3), 'few')]).toEqual([[], [0, 1, 2], [0], [1], [2]]);
  expect([...subsets(numbers(1), 'few')]).toEqual([[], [0]]);
  expect([...subsets([], 'few')]).toEqual([[]]);
});
