import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore } from '../support/explored.ts';
import { holds } from '../support/many.ts';
import { enumerateNaively } from '../support/naive-memory.ts';
import { eventsOf, machineOf, smallProgram } from '../support/naive-programs.ts';

const FILE = 'test/explore/incomplete.test.ts';

const smallLimits = fc.record({
  imagesPerPoint: fc.integer({ min: 1, max: 12 }),
  imagesPerIncompletePoint: fc.integer({ min: 1, max: 9 }),
  images: fc.constantFrom(5, 20, 100, 10_000_000),
});

describe('the account of an incomplete exploration is honest', () => {
  it('every visited image is legal, and what was not visited is said', () => {
    const cases = fc.property(
      smallProgram(),
      smallLimits,
      fc.bigInt({ min: 0n, max: 9n }),
      (program, limits, seed) => {
        const naive = enumerateNaively(program.world, program.operations);

        const explored = explore(machineOf(program), program.world.sizeBytes, eventsOf(program), {
          limits,
          seed,
        });

        const { tally } = explored.explorer;
        const listed = new Map(tally.incompleteList.map((point) => [point.index, point]));
        expect([...explored.images].filter((image) => !naive.images.has(image))).toEqual([]);
        expect(tally.crashPoints).toBe(naive.crashPoints);
        expect(tally.incompletePoints).toBe(listed.size);
        expect(explored.explorer.distinct).toBe(explored.images.size);
        expect(tally.visits).toBeLessThanOrEqual(limits.images + limits.imagesPerPoint);
        if (tally.complete) expect(explored.images.size).toBe(naive.images.size);
        if (explored.combinations !== null) expect(explored.combinations).toBe(naive.combinations.toString());
        naive.points.forEach((images, i) => {
          const point = listed.get(explored.pointIndexes[i]);
          const visited = images.filter((image) => explored.images.has(image)).length;
          if (point === undefined) {
            expect(visited, `point ${i} passes for complete`).toBe(images.length);
            return;
          }
          expect(tally.complete).toBe(false);
          if (point.images !== undefined) expect(point.images).toBe(images.length);
          expect(point.log2).toBeGreaterThanOrEqual(Math.log2(images.length) - 1e-9);
          expect(point.explored, 'explored at most what there is').toBeLessThanOrEqual(images.length);
          expect(point.explored).toBeLessThanOrEqual(limits.imagesPerIncompletePoint);
          expect(point.explored, 'what is said to be explored was').toBeLessThanOrEqual(visited);
        });
      },
    );
    holds(cases, 1000, FILE);
  });

  it('the same seed visits the same images', () => {
    const cases = fc.property(smallProgram(), smallLimits, (program, limits) => {
      const visit = (): string[] => [
        ...explore(machineOf(program), program.world.sizeBytes, eventsOf(program), { limits, seed: 7n })
          .images,
      ];

      expect(visit()).toEqual(visit());
    });
    holds(cases, 100, FILE);
  });
});

describe('shards partition the classes', () => {
  it.each([2, 3, 5])('%i shards', (count) => {
    const limits = fc.oneof(fc.constant({}), smallLimits);
    const cases = fc.property(smallProgram(), limits, (program, limits) => {
      const run = (index: number, of: number) =>
        explore(machineOf(program), program.world.sizeBytes, eventsOf(program), {
          limits,
          shard: { index, count: of },
        });
      const whole = run(0, 1);

      const shards = Array.from({ length: count }, (_, index) => run(index, count));

      expect(shards.flatMap((shard) => [...shard.images]).sort()).toEqual([...whole.images].sort());
      for (const { explorer, crashPoints } of shards) {
        expect(crashPoints).toBe(whole.crashPoints);
        expect(explorer.tally).toEqual(whole.explorer.tally);
      }
    });
    holds(cases, 100, FILE);
  });
});

describe('a promise to the outside multiplies the classes rightly', () => {
  const folds: Record<string, (previous: string, marker: string) => string> = {
    'all markers in order': (previous, marker) => previous + marker,
    'the last marker': (_, marker) => marker,
    'how many A': (previous, marker) => (marker === 'A' ? `${Number(previous) + 1}` : previous),
  };
  it.each(Object.keys(folds))('that keeps %s', (name) => {
    const cases = fc.property(smallProgram({ markers: true }), (program) => {
      const promise = folds[name];
      const naive = enumerateNaively(program.world, program.operations, promise);

      const explored = explore(machineOf(program), program.world.sizeBytes, eventsOf(program), { promise });

      expect([...explored.images].sort()).toEqual([...naive.images].sort());
      expect(explored.repeated).toBe(0);
    });
    holds(cases, 400, FILE);
  });
});
