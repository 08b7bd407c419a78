import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withSettledPrefix } from '../../src/explore/settled-prefix.ts';
import { type PlacedOperation, PlacedRun } from '../../src/explore/surviving-pieces.ts';
import { evolveMemory } from '../../src/hardware/persistent-memory/evolve.ts';
import { operationsOf, perform } from '../../src/hardware/persistent-memory/operations.ts';
import { initialMemory } from '../../src/hardware/persistent-memory/state.ts';
import { holds } from '../support/many.ts';
import { eventsOf, machineOf, type SmallProgram, smallProgram } from '../support/naive-programs.ts';

/** The run of a program, its file mapped first. */
function placed(program: SmallProgram): PlacedOperation[] {
  const state = initialMemory(machineOf(program));
  const { sizeBytes } = program.world;
  const events = perform(state, { type: 'map', file: 'pool', base: 0n, sizeBytes, fileOffset: 0 });
  for (const event of events) evolveMemory(state, event);
  for (const event of eventsOf(program)(state)) {
    evolveMemory(state, event);
    events.push(event);
  }
  return [...operationsOf(events)].map((operation, place) => ({ place, operation }));
}

describe('a settled prefix told as contents', () => {
  it('leads to the same memory, and leaves the same pieces outside the persistence domain', () => {
    const programs = smallProgram({ platforms: ['P1', 'P2'], operations: 20 });
    const property = fc.property(programs, fc.nat({ max: 20 }), (program, before) => {
      const configuration = machineOf(program);
      const operations = placed(program);
      const shorter = withSettledPrefix(operations, configuration, before, false);
      fc.pre(shorter !== undefined);

      const whole = new PlacedRun(operations, configuration, 1_000);
      const part = new PlacedRun(shorter as PlacedOperation[], configuration, 1_000);

      expect(part.state.visible.digest.hex()).toBe(whole.state.visible.digest.hex());
      expect(part.state.domain.digest.hex()).toBe(whole.state.domain.digest.hex());
      const left = (run: PlacedRun): string[] =>
        [...run.frontier.all()].flatMap(({ pieces }) => pieces.map(({ event }) => run.nameOf(event)));
      expect(left(part)).toEqual(left(whole));
    });
    holds(property, 400, 'test/explore/settled-prefix.test.ts');
  });
});
