import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scriptedProgram } from '../../../src/fast-check.ts';
import { runProgram } from '../../../src/guests/scripted.ts';
import type { MachineConfiguration } from '../../../src/hardware/persistent-memory/configuration.ts';
import type { MemoryEvent } from '../../../src/hardware/persistent-memory/events.ts';
import { evolveMemory } from '../../../src/hardware/persistent-memory/evolve.ts';
import { type Operation, operationsOf, perform } from '../../../src/hardware/persistent-memory/operations.ts';
import { initialMemory, type MemoryState } from '../../../src/hardware/persistent-memory/state.ts';
import { explore } from '../../support/explored.ts';
import { holds } from '../../support/many.ts';

const FILE = 'test/hardware/operations.test.ts';

const seeds = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const machines = fc.record({
  platform: fc.constantFrom('P0', 'P1', 'P2'),
  lineBytes: fc.constant(16),
  interleaveBytes: fc.constant(16),
  cores: fc.constant(3),
  storeBufferEntries: fc.constantFrom(1, 4),
});

function performed(
  machine: Partial<MachineConfiguration>,
  operations: Iterable<Operation>,
): { events: MemoryEvent[]; state: MemoryState } {
  const state = initialMemory(machine);
  const events: MemoryEvent[] = [];
  for (const operation of operations) {
    for (const event of perform(state, operation)) {
      evolveMemory(state, event);
      events.push(event);
    }
  }
  return { events, state };
}

/** Of each line: what is not accepted, piece by piece, told without the numbers of events. */
const pendingOf = (state: MemoryState): unknown[] =>
  [...state.pending.entries()].map(([line, { pieces, unaccepted, acceptedAt }]) => ({
    line,
    unaccepted,
    pieces: pieces.map(({ atom, low, high, core, nonTemporal }, i) => [
      atom,
      low,
      high,
      core,
      nonTemporal,
      acceptedAt[i] > 0,
    ]),
  }));

/** Then the hint is told before it, and not at its end: what comes in later is none of its business. */
function somethingIsAcceptedWithinAHint(events: readonly MemoryEvent[]): boolean {
  let hints = 0;
  return events.some((event) => {
    if (event.kind === 'hint.written') hints++;
    if (event.kind === 'hint.done') hints--;
    const accepts =
      event.kind === 'wpq.accepted' || (event.kind === 'line.flushed' && event.instruction === 'clflush');
    return accepts && hints > 0;
  });
}

describe('the operations of a run with store buffers, carried out one after the other', () => {
  it('come to the same end', () => {
    const programs = scriptedProgram({ maxCores: 3, lineBytes: 16, markers: ['A'] });
    const cases = fc.property(programs, machines, seeds, (program, machine, seed) => {
      const { events, state: original } = runProgram(program, machine, seed);

      const { state } = performed(machine, operationsOf(events));

      expect(state.visible.digest.hex()).toBe(original.visible.digest.hex());
      expect(state.domain.digest.hex()).toBe(original.domain.digest.hex());
      expect(state.outside.hex()).toBe(original.outside.hex());
      expect(pendingOf(state)).toEqual(pendingOf(original));
    });
    holds(cases, 500, FILE);
  });

  it('leave every image that a crash of the run could leave', () => {
    const programs = scriptedProgram({ maxCores: 2, maxInstructions: 8, lineBytes: 16, hintControllers: 2 });
    const cases = fc.property(programs, machines, seeds, (program, machine, seed) => {
      const { events } = runProgram(program, machine, seed);
      const { sizeBytes } = program;
      fc.pre(!somethingIsAcceptedWithinAHint(events));
      const limits = { imagesPerPoint: 5000 };
      const original = explore(machine, sizeBytes, () => events.slice(1), { limits });
      fc.pre(original.explorer.tally.complete);

      const again = explore(
        machine,
        sizeBytes,
        () => performed(machine, operationsOf(events)).events.slice(1),
        { limits },
      );

      expect([...original.images].filter((image) => !again.images.has(image))).toEqual([]);
    });
    holds(cases, 150, FILE);
  });

  it('are as many, and leave the same, where one core runs alone', () => {
    const programs = scriptedProgram({ maxCores: 1, maxInstructions: 8, lineBytes: 16, hintControllers: 2 });
    const cases = fc.property(programs, machines, seeds, (program, machine, seed) => {
      const { sizeBytes, cores } = program;
      const { events } = runProgram(program, machine, seed);
      const original = explore(machine, sizeBytes, () => events.slice(1));

      const operations = [...operationsOf(events)];
      const again = explore(machine, sizeBytes, () => performed(machine, operations).events.slice(1));

      const locked = cores[0].filter(({ kind }) => kind === 'locked').length;
      expect(operations).toHaveLength(1 + cores[0].length + locked);
      expect([...again.images].sort()).toEqual([...original.images].sort());
      expect(again.crashPoints).toBe(original.crashPoints);
    });
    holds(cases, 150, FILE);
  });
});
