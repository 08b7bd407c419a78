import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scriptedProgram } from '../../src/fast-check.ts';
import { runProgram, type ScriptedProgram, type SpontaneousChances } from '../../src/guests/scripted.ts';
import type { MachineConfiguration } from '../../src/hardware/persistent-memory/configuration.ts';
import { explore } from '../support/explored.ts';
import { holds } from '../support/many.ts';
import { naiveOperations } from '../support/naive-events.ts';
import { enumerateNaively, type NaiveOperation } from '../support/naive-memory.ts';

const FILE = 'test/explore/scripted-comparison.test.ts';
const PIECES_OF_A_LINE = 6;

const seeds = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const machine = (lineBytes: number): fc.Arbitrary<Omit<MachineConfiguration, 'cores'>> =>
  fc.record({
    platform: fc.constantFrom('P0', 'P1', 'P1f', 'P2'),
    lineBytes: fc.constant(lineBytes),
    controllers: fc.constantFrom(1, 2),
    interleaveBytes: fc.constant(2 * lineBytes),
    storeBufferEntries: fc.constantFrom(1, 2, 4),
  });

/** Leaves out the stores that would give a line more pieces than brute force can deal with. */
function bounded(program: ScriptedProgram, lineBytes: number): ScriptedProgram {
  const count = new Map<number, number>();
  const cores = program.cores.map((instructions) =>
    instructions.filter((instruction) => {
      if (!('data' in instruction)) return true;
      const first = Number(instruction.address);
      const end = first + instruction.data.length / 2;
      let fits = true;
      for (let atom = first - (first % 8); atom < end; atom += 8) {
        const line = Math.floor(atom / lineBytes);
        count.set(line, (count.get(line) ?? 0) + 1);
        fits &&= (count.get(line) as number) <= PIECES_OF_A_LINE;
      }
      return fits;
    }),
  );
  return { ...program, cores };
}

function agrees(
  program: ScriptedProgram,
  configuration: Omit<MachineConfiguration, 'cores'>,
  seed: bigint,
  chances?: SpontaneousChances,
): void {
  const { lineBytes, sizeBytes } = { ...configuration, ...program };
  const { events } = runProgram(bounded(program, lineBytes), configuration, seed, chances);
  const operations: NaiveOperation[] = naiveOperations(events);
  const naive = enumerateNaively({ ...configuration, sizeBytes }, operations);

  const explored = explore({ ...configuration, cores: program.cores.length }, sizeBytes, () =>
    events.slice(1),
  );

  expect(explored.crashPoints).toBe(naive.crashPoints);
  expect([...explored.images].sort()).toEqual([...naive.images].sort());
  expect(explored.combinations).toBe(naive.combinations.toString());
  expect(explored.repeated).toBe(0);
}

describe('the explorer agrees with brute force on scripted guests', () => {
  for (const lineBytes of [16, 64]) {
    const programs = scriptedProgram({ maxCores: 3, lineBytes, hintControllers: 1, maxInstructions: 8 });

    it(`with store buffers that drain in between, lines of ${lineBytes} bytes`, () => {
      holds(
        fc.property(programs, machine(lineBytes), seeds, (...given) => agrees(...given)),
        500,
        FILE,
      );
    });

    it(`with evictions, drains and write-outs of the machine's own, lines of ${lineBytes} bytes`, () => {
      const chances = { evictionPerMille: 100, drainPerMille: 100, combiningPerMille: 100 };
      holds(
        fc.property(programs, machine(lineBytes), seeds, (...given) => agrees(...given, chances)),
        500,
        FILE,
      );
    });
  }
});
