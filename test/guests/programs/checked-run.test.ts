import { describe, expect, it } from 'vitest';
import { CheckedRun } from '../../../src/guests/programs/checked-run.ts';
import { Process } from '../../../src/guests/programs/process.ts';
import {
  type EngineMaker,
  type ProgramSpec,
  programSpec,
} from '../../../src/guests/programs/program-spec.ts';
import type { ProgramRunEvent } from '../../../src/guests/programs/run-events.ts';
import { copyingProgram, LOOP_INSTRUCTIONS } from '../../support/copying-program.ts';
import { interpreted, translated } from '../../support/engines.ts';
import { x86Fixture } from '../../support/guests.ts';

function eventsOf(
  given: Pick<ProgramSpec, 'executable'> & Partial<ProgramSpec>,
  makeEngine: EngineMaker,
  checkInstructions: number,
): ProgramRunEvent[] {
  const spec = programSpec({
    path: '/program',
    argv: ['program', '/pool', '20'],
    memoryBytes: 1 << 24,
    persistentFiles: new Map([['/pool', { capacityBytes: 1 << 20 }]]),
    recorded: 'stores',
    ...given,
  });
  const run = new CheckedRun((hooks) => new Process(spec, makeEngine, hooks), {
    checkInstructions,
    budgetInstructions: 10_000_000,
  });
  const events: ProgramRunEvent[] = [];
  for (let event = run.next(); event !== undefined; event = run.next()) events.push(event);
  return events;
}

describe('digests of a run', () => {
  it.each([
    'guests/hello.elf',
    'guests/files.elf',
    'guests/pool.elf',
    'guests/signals.elf',
    'programs/list.elf',
  ])('of %s are the same each time, translated and interpreted, and in stretches of any size', (path) => {
    const executable = x86Fixture(path);
    const events = eventsOf({ executable }, translated, 1000);
    expect(events.at(-1)?.kind).toBe('program.ended');
    expect(eventsOf({ executable }, translated, 1000)).toEqual(events);
    expect(eventsOf({ executable }, interpreted, 1000)).toEqual(events);
    expect(eventsOf({ executable }, translated, 777).slice(-2)).toEqual(events.slice(-2));
  });

  it('tell of one store to volatile memory, from the stretch on in which it happens', () => {
    const [one, other] = ['a', 'b'].map((argument) =>
      eventsOf({ executable: copyingProgram(), argv: ['program', argument] }, translated, 1_000_000),
    );
    const stretches = (events: ProgramRunEvent[]): ProgramRunEvent[] =>
      events.filter(({ instructions }) => instructions <= LOOP_INSTRUCTIONS);
    expect(stretches(one)).toHaveLength(3);
    expect(stretches(other)).toEqual(stretches(one));
    for (const [place, event] of other.entries()) {
      if (place < 3 || event.kind !== 'stretch.executed') continue;
      const { operationsDigest, ...rest } = event;
      expect(one[place]).toMatchObject(rest);
      expect(one[place]).not.toMatchObject({ operationsDigest });
    }
  });
});
