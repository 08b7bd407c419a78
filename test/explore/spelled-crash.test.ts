import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CrashExplorer } from '../../src/explore/crash-explorer.ts';
import type { Survivors } from '../../src/explore/crash-image.ts';
import { limitsOf, wholeShard } from '../../src/explore/limits.ts';
import { spellCrash } from '../../src/explore/spelled-crash.ts';
import { operationsUntil, type PlacedOperation, PlacedRun } from '../../src/explore/surviving-pieces.ts';
import { memoryEvents } from '../../src/hardware/persistent-memory/events.ts';
import { evolveMemory } from '../../src/hardware/persistent-memory/evolve.ts';
import { operationsOf, perform } from '../../src/hardware/persistent-memory/operations.ts';
import { initialMemory } from '../../src/hardware/persistent-memory/state.ts';
import { eventGuard } from '../../src/kernel/event-table.ts';
import { materialise } from '../support/explored.ts';
import { holds } from '../support/many.ts';
import { eventsOf, machineOf, type SmallProgram, smallProgram } from '../support/naive-programs.ts';

const FILE = 'test/explore/spelled-crash.test.ts';

/** Every image that the explorer visits is what an ordinary run, with its write-backs as events, leaves on the media. */
function everyImageCanBeSpelled(program: SmallProgram): void {
  const configuration = machineOf(program);
  const { sizeBytes } = program.world;
  const asked = {
    ...program,
    operations: program.operations.filter(({ type }) => type !== 'evict' && type !== 'combine'),
  };
  const mapped = { type: 'map' as const, file: 'pool', base: 0n, sizeBytes, fileOffset: 0 };
  const recorded = initialMemory(configuration);
  const events = perform(recorded, mapped);
  for (const event of events) evolveMemory(recorded, event);
  for (const event of eventsOf(asked)(recorded)) {
    evolveMemory(recorded, event);
    events.push(event);
  }
  const operations = [...operationsOf(events)];
  const seen: { index: number; survivors: Survivors; bytes: string }[] = [];
  const state = initialMemory(configuration);
  const explorer = new CrashExplorer(state, {
    limits: limitsOf({ imagesPerPoint: 64, imagesPerIncompletePoint: 16, images: 200 }),
    seed: 1n,
    shard: wholeShard,
    visit: (image) =>
      seen.push({
        index: image.index,
        survivors: image.survivors(),
        bytes: materialise(state, image, sizeBytes),
      }),
  });
  for (const event of events) explorer.step(event);

  for (const { index, survivors, bytes } of seen) {
    const until = operationsUntil(operations, configuration, index);
    const names = new PlacedRun(until, configuration, 65_536).namesOf(survivors);
    const spelled = spellCrash(until, new Set(names), configuration);

    if (spelled === undefined) {
      // The rules let a write of before a flush hint be torn after it; no order of events does.
      expect(asked.operations.some(({ type }) => type === 'hint')).toBe(true);
      continue;
    }
    expect(Buffer.from(spelled.state.domain.read(0, sizeBytes)).toString('hex')).toBe(bytes);
    expect(spelled.events.at(-1)?.kind).toBe('power.lost');
    const again = initialMemory(configuration);
    for (const event of spelled.events) evolveMemory(again, event);
    expect(again.domain.digest.hex()).toBe(spelled.state.domain.digest.hex());
  }
}

describe('every crash image is an ordinary run', () => {
  for (const platform of ['P0', 'P1', 'P1f', 'P2'] as const) {
    it(`on ${platform}`, () => {
      const programs = smallProgram({ platforms: [platform], operations: 10 });
      holds(fc.property(programs, everyImageCanBeSpelled), 60, FILE);
    });
  }
});

it('the last of the 32 atoms of the largest line can be torn off, by an event that its guard lets pass', () => {
  const configuration = { platform: 'P0', lineBytes: 256 } as const;
  const operations: PlacedOperation[] = [
    { type: 'map' as const, file: 'pool', base: 0n, sizeBytes: 256, fileOffset: 0 },
    { type: 'store' as const, core: 0, address: 0, data: '01' },
    { type: 'store' as const, core: 0, address: 248, data: '02' },
  ].map((operation, place) => ({ place, operation }));

  const spelled = spellCrash(operations, new Set(['2.0']), configuration);

  expect(spelled?.events.map(({ kind }) => kind)).toContain('wpq.torn');
  expect(spelled?.events.map(eventGuard(memoryEvents))).toEqual(spelled?.events.map(() => undefined));
  expect([spelled?.state.domain.byte(0), spelled?.state.domain.byte(248)]).toEqual([0, 2]);
});
