import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore } from '../support/explored.ts';
import { holds } from '../support/many.ts';
import { enumerateNaively } from '../support/naive-memory.ts';
import { eventsOf, machineOf, type SmallProgram, smallProgram } from '../support/naive-programs.ts';

const FILE = 'test/explore/naive-comparison.test.ts';

/** Crash points, combinations and distinct images are those of the brute-force enumerator. */
function agrees(program: SmallProgram): void {
  const naive = enumerateNaively(program.world, program.operations);

  const explored = explore(machineOf(program), program.world.sizeBytes, eventsOf(program));

  expect(explored.crashPoints).toBe(naive.crashPoints);
  expect([...explored.images].sort()).toEqual([...naive.images].sort());
  expect(explored.combinations).toBe(naive.combinations.toString());
  expect(explored.repeated).toBe(0);
  expect(explored.explorer.distinct).toBe(naive.images.size);
}

describe('the explorer agrees with brute force', () => {
  for (const platform of ['P0', 'P1', 'P1f', 'P2'] as const) {
    for (const lineBytes of [16, 64]) {
      it(`on ${platform} with lines of ${lineBytes} bytes`, () => {
        const programs = smallProgram({ platforms: [platform], lineBytes: [lineBytes] });
        holds(fc.property(programs, agrees), 300, FILE);
      });
    }
  }
});
