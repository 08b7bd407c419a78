import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventArbitrary } from '../../../src/fast-check.ts';
import { type MemoryEvent, memoryEvents } from '../../../src/hardware/persistent-memory/events.ts';
import { evolveMemory } from '../../../src/hardware/persistent-memory/evolve.ts';
import { memoryModel } from '../../../src/hardware/persistent-memory/memory.ts';
import { initialMemory, type MemoryState } from '../../../src/hardware/persistent-memory/state.ts';
import { IllegalEvent } from '../../../src/kernel/errors.ts';
import { eventCodec } from '../../../src/kernel/event-json.ts';
import { forkState } from '../../../src/kernel/model.ts';
import { foldInto } from '../../../src/kernel/run.ts';
import { evolved } from '../../../src/kernel/snapshot.ts';
import { hexOf } from '../../support/bytes.ts';
import { forksAreIsolated } from '../../support/forks.ts';
import { holds } from '../../support/many.ts';
import { plainState } from '../../support/plain-state.ts';
import { type ScriptedRun, scriptedRuns } from '../../support/scripted-runs.ts';

const FILE = 'test/hardware/laws.test.ts';
const digestOf = (state: MemoryState): string => memoryModel.digest(state).hex();

/** Events that are often illegal, but near to legal ones: of small numbers, or from elsewhere in a run. */
const strayEvents = eventArbitrary(memoryEvents, { maxCount: 3, maxAddress: 48, maxBytes: 9 });

/** A state in the middle of a run, and the events that led to it. */
const midway = fc.record({ run: scriptedRuns, at: fc.nat() }).map(({ run: { machine, events }, at }) => ({
  machine,
  events,
  before: events.slice(0, at % (events.length + 1)),
}));

function folded(machine: ScriptedRun['machine'], events: readonly MemoryEvent[]): MemoryState {
  const state = initialMemory(machine);
  foldInto(memoryModel, state, events);
  return state;
}

describe('the persistent-memory machine', () => {
  it('replay equals live, in the end and at every index', () => {
    const cases = fc.property(scriptedRuns, ({ machine, events, state }) => {
      const replayed = initialMemory(machine);
      events.forEach((event, i) => {
        evolveMemory(replayed, event);
        expect(replayed.eventCount).toBe(i + 1);
      });

      expect(plainState(replayed)).toEqual(plainState(state));
      expect(digestOf(replayed)).toBe(digestOf(state));
    });
    holds(cases, 200, FILE);
  });

  it('every prefix of a recording folds, and power can be lost after each', () => {
    const cases = fc.property(scriptedRuns, ({ machine, events }) => {
      for (let length = 0; length <= events.length; length++) {
        const state = folded(machine, events.slice(0, length));
        const kept = plainState(state).domain;
        evolveMemory(state, { kind: 'power.lost' });

        const { powered, visible, domain, pending, queued } = plainState(state);
        expect({ powered, pending, queued }).toEqual({ powered: false, pending: [], queued: [] });
        expect(domain).toEqual(kept);
        expect(visible).toEqual(kept);
      }
    });
    holds(cases, 40, FILE);
  });

  it('the same inputs give the same bytes', () => {
    const codec = eventCodec(memoryEvents);
    const bytes = (): string[] =>
      fc
        .sample(scriptedRuns, { seed: 5, numRuns: 100 })
        .map(({ events }) => events.map(codec.encode).join('\n'));

    expect(bytes()).toEqual(bytes());
  });

  it('digests are equal exactly where what can be observed is', () => {
    const byDigest = new Map<string, string>();
    const byContents = new Map<string, string>();
    let states = 0;
    for (const { machine, events } of fc.sample(scriptedRuns, { seed: 6, numRuns: 400 })) {
      const state = initialMemory(machine);
      const markers: string[] = [];
      for (const event of events) {
        evolveMemory(state, event);
        if (event.kind === 'marker.passed') markers.push(event.name);
        const contents = JSON.stringify([
          hexOf(state.visible.read(0, 64)),
          hexOf(state.domain.read(0, 64)),
          markers,
        ]);
        const digest = digestOf(state);
        expect(byDigest.get(digest) ?? contents).toBe(contents);
        expect(byContents.get(contents) ?? digest).toBe(digest);
        byDigest.set(digest, contents);
        byContents.set(contents, digest);
        states++;
      }
    }
    expect(byDigest.size).toBe(byContents.size);
    expect(states).toBeGreaterThan(5000);
    expect(byDigest.size).toBeGreaterThan(2000);
  });

  it('forks are isolated', () => {
    const machine = { platform: 'P0', lineBytes: 16, cores: 2, interleaveBytes: 16 } as const;
    const mapped: MemoryEvent = {
      kind: 'file.mapped',
      file: 'memory',
      base: 0n,
      sizeBytes: 48,
      fileOffset: 0,
    };
    const property = forksAreIsolated<MemoryState, MemoryEvent[], MemoryEvent>(
      {
        fresh: () => folded(machine, [mapped]),
        naive: () => [mapped],
        fork: forkState,
        copy: (events) => events.slice(),
        act: (state, events, event) => {
          try {
            evolveMemory(state, event);
            events.push(event);
          } catch (error) {
            if (!(error instanceof IllegalEvent)) throw error;
          }
        },
        compare: (state, events) => {
          expect(plainState(state)).toEqual(plainState(folded(machine, events)));
        },
      },
      oftenLegal,
    );
    holds(property, 200, FILE);
  });

  it('checks first and changes after: an illegal event leaves everything as it was', () => {
    const illegal = new Set<string>();
    const cases = fc.property(
      midway,
      fc.array(strayEvents, { minLength: 20, maxLength: 20 }),
      ({ machine, events, before }, stray) => {
        const state = folded(machine, before);
        for (const event of [...stray, ...events]) {
          const plain = plainState(state);
          const digest = digestOf(state);
          const attempt = forkState(state);
          try {
            evolveMemory(attempt, event);
          } catch (error) {
            expect(error).toBeInstanceOf(IllegalEvent);
            const { kind, reason } = error as IllegalEvent;
            expect(kind).toBe(event.kind);
            illegal.add(`${kind}: ${reason.replaceAll(/0x[0-9a-f]+|\d+/g, 'n')}`);
            expect(plainState(attempt)).toEqual(plain);
            expect(digestOf(attempt)).toBe(digest);
          }
          expect(plainState(state)).toEqual(plain);
        }
      },
    );
    holds(cases, 60, FILE);
    expect(illegal.size, [...illegal].join('\n')).toBeGreaterThan(30);
  });

  it('reducers do in place what they do under Immer, and leave the base as it was', () => {
    const cases = fc.property(scriptedRuns, fc.nat(), fc.boolean(), ({ machine, events }, at, ends) => {
      const cut = at % (events.length + 1);
      const rest: MemoryEvent[] = ends ? [...events.slice(cut), { kind: 'power.lost' }] : events.slice(cut);
      const base = folded(machine, events.slice(0, cut));
      const before = plainState(base);

      const snapshot = evolved(memoryModel, base, rest);

      expect(plainState(base)).toEqual(before);
      expect(plainState(snapshot)).toEqual(plainState(folded(machine, [...events.slice(0, cut), ...rest])));
      const fork = forkState(base);
      foldInto(memoryModel, fork, rest);
      expect(plainState(fork)).toEqual(plainState(snapshot));
      expect(plainState(base)).toEqual(before);
    });
    holds(cases, 200, FILE);
  });

  it('an illegal event under Immer gives no snapshot and leaves the base as it was', () => {
    const cases = fc.property(midway, ({ machine, before }) => {
      const base = folded(machine, before);
      const plain = plainState(base);

      expect(() => evolved(memoryModel, base, [{ kind: 'power.lost' }, { kind: 'power.lost' }])).toThrow(
        IllegalEvent,
      );
      expect(plainState(base)).toEqual(plain);
    });
    holds(cases, 100, FILE);
  });

  it('nothing happens without power', () => {
    const cases = fc.property(midway, strayEvents, ({ machine, before }, event) => {
      const state = folded(machine, [...before, { kind: 'power.lost' }]);

      expect(() => evolveMemory(state, event)).toThrow(`${event.kind} is illegal here: the power is off`);
    });
    holds(cases, 100, FILE);
  });
});

/** Events for a machine of two cores without store buffers; about half of them are legal where they meet it. */
const oftenLegal: fc.Arbitrary<MemoryEvent> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      {
        kind: fc.constant('store.visible' as const),
        core: fc.nat(1),
        address: fc.constantFrom(0, 8, 16, 32),
        data: fc.constantFrom('01', 'ff00', '0102030405060708'),
        nonTemporal: fc.constant(true as const),
      },
      { requiredKeys: ['kind', 'core', 'address', 'data'] },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('line.flushed' as const),
      core: fc.nat(1),
      address: fc.constantFrom(0, 16, 32),
      sizeBytes: fc.constantFrom(1, 32),
      instruction: fc.constantFrom('clwb', 'clflush'),
    }),
  },
  {
    weight: 2,
    arbitrary: eventArbitrary(memoryEvents, { kinds: ['fence.issued', 'fence.retired'], maxCount: 1 }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('line.evicted', 'wpq.drained', 'combining.written'),
      address: fc.constantFrom(0, 16, 32),
    }),
  },
  {
    weight: 1,
    arbitrary: eventArbitrary(memoryEvents, {
      kinds: ['hint.written', 'hint.done', 'marker.passed'],
      maxCount: 1,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('wpq.accepted' as const),
      core: fc.nat(1),
      address: fc.constantFrom(0, 16, 32),
    }),
  },
);
