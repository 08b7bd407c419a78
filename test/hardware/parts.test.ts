import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventConstraints, eventArbitrary } from '../../src/fast-check.ts';
import { batteryEvents, batteryReducers, newBattery } from '../../src/hardware/battery.ts';
import { type DiskEventOf, diskEvents, diskReducers, newDisk } from '../../src/hardware/disk.ts';
import { hostEvents, hostReducers, newHost } from '../../src/hardware/host.ts';
import { linkEvents, linkReducers, newLink } from '../../src/hardware/link.ts';
import { newNic, newVirtualFunction, nicEvents, nicReducers } from '../../src/hardware/nic.ts';
import { classDigest } from '../../src/kernel/class-digest.ts';
import { IllegalEvent } from '../../src/kernel/errors.ts';
import type { AnyEvent, EventTable } from '../../src/kernel/event-table.ts';
import { forkState } from '../../src/kernel/model.ts';
import { evolveBy, type Reducers } from '../../src/kernel/reducers.ts';
import { evolved } from '../../src/kernel/snapshot.ts';
import { holds } from '../support/many.ts';

// The laws that every hardware part holds, whatever it does.

const FILE = 'test/hardware/parts.test.ts';

interface Part {
  readonly events: EventTable;
  readonly fresh: () => object;
  readonly evolve: (state: object, event: AnyEvent) => void;
}

function part<State extends object, T extends EventTable>(
  events: T,
  reducers: Reducers<State, T>,
  fresh: () => State,
): Part {
  const evolve = evolveBy(reducers);
  return { events, fresh, evolve: (state, event) => evolve(state as State, event) };
}

const twoFunctions = () => [
  newVirtualFunction({ mac: 'a', holding: true, ringCapacity: 2, holdCapacity: 2 }),
  newVirtualFunction({ mac: 'b', ringCapacity: 2, holdCapacity: 0 }),
];

const parts: Readonly<Record<string, Part>> = {
  link: part(linkEvents, linkReducers, () => ({ links: [newLink(0, 1, 3)] })),
  host: part(hostEvents, hostReducers, () => ({ hosts: [newHost('primary')] })),
  battery: part(batteryEvents, batteryReducers, () => ({ batteries: [newBattery(1)] })),
  // Blocks of two bytes, the smallest that can be torn.
  disk: part(diskEvents, diskReducers, () => ({
    disks: [newDisk({ blocks: 1, hosts: 2, blockBytes: 2, queueDepth: 2 })],
  })),
  nic: part(nicEvents, nicReducers, () => ({ nics: [newNic(twoFunctions())] })),
};

const CONSTRAINTS = { maxCount: 1, maxBytes: 2, withCause: false } satisfies EventConstraints<EventTable>;
/** What ends most of what can happen, and so is drawn seldom. */
const ENDING = [
  'nic.lost',
  'disk.failed',
  'disk.preempted',
  'disk.power.cycled',
  'path.lost',
  'battery.exhausted',
];

function eventsOf({ events }: Part): fc.Arbitrary<AnyEvent[]> {
  const kinds = Object.keys(events);
  const ending = kinds.filter((kind) => ENDING.includes(kind));
  const others = eventArbitrary(events, {
    ...CONSTRAINTS,
    kinds: kinds.filter((kind) => !ENDING.includes(kind)),
  });
  const event: fc.Arbitrary<AnyEvent> =
    ending.length === 0
      ? others
      : fc.oneof(
          { weight: 20, arbitrary: others },
          { weight: 1, arbitrary: eventArbitrary(events, { ...CONSTRAINTS, kinds: ending }) },
        );
  return fc.array(event.map(fitting), { maxLength: 60, size: 'max' });
}

/** Random bytes are seldom just as many as a block has: mostly, they are made to be. */
function fitting(event: AnyEvent): AnyEvent {
  if (event.kind !== 'disk.write.issued') return event;
  const { data } = event as DiskEventOf<'disk.write.issued'>;
  return data === '00' ? event : ({ ...event, data: data.padEnd(4, '0') } as AnyEvent);
}

/** Folds in what can happen, and gives the events that did. */
function happening({ evolve }: Part, state: object, events: readonly AnyEvent[]): AnyEvent[] {
  return events.filter((event) => {
    try {
      evolve(state, event);
      return true;
    } catch (error) {
      if (!(error instanceof IllegalEvent)) throw error;
      return false;
    }
  });
}

describe.each(Object.entries(parts))('%s', (_, part) => {
  const { events: table, fresh, evolve } = part;
  it('changes nothing on an event that it refuses; every kind of its table can happen, and can be refused', () => {
    const seen = new Set<string>();
    const refused = new Set<string>();
    const property = fc.property(eventsOf(part), (events) => {
      const state = fresh();
      for (const event of events) {
        const before = classDigest(state);
        const [happened] = happening(part, state, [event]);
        (happened === undefined ? refused : seen).add(event.kind);
        if (happened === undefined) expect(classDigest(state)).toEqual(before);
      }
    });
    holds(property, 400, FILE);
    expect([...seen].sort()).toEqual(Object.keys(table).sort());
    expect([...refused].sort()).toEqual(Object.keys(table).sort());
  });

  it('folds the same events to the same state', () => {
    const property = fc.property(eventsOf(part), (events) => {
      const state = fresh();
      const again = fresh();
      for (const event of happening(part, state, events)) evolve(again, event);
      expect(classDigest(again)).toEqual(classDigest(state));
    });
    holds(property, 100, FILE);
  });

  it('forks into states that are independent', () => {
    const property = fc.property(eventsOf(part), eventsOf(part), eventsOf(part), (first, one, other) => {
      const state = fresh();
      happening(part, state, first);
      const alone = forkState(state);
      happening(part, alone, other);

      const fork = forkState(state);
      happening(part, state, one);
      happening(part, fork, other);

      expect(classDigest(fork)).toEqual(classDigest(alone));
    });
    holds(property, 100, FILE);
  });

  it('does the same on an Immer draft, and leaves the state before as it was', () => {
    const model = { name: 'part', version: 1, evolve, digest: classDigest };
    const property = fc.property(eventsOf(part), eventsOf(part), (first, second) => {
      const state = fresh();
      happening(part, state, first);
      const before = classDigest(state);
      const inPlace = forkState(state);
      const events = happening(part, inPlace, second);

      const after = evolved(model, state, events);

      expect(classDigest(after)).toEqual(classDigest(inPlace));
      expect(classDigest(state)).toEqual(before);
    });
    holds(property, 100, FILE);
  });

  it('has a plain state, which is not of another class when its records are copied', () => {
    const property = fc.property(eventsOf(part), (events) => {
      const state = fresh();
      happening(part, state, events);
      expect(classDigest(forkState(state))).toEqual(classDigest(state));
    });
    holds(property, 50, FILE);
  });

  it('knows no event of another table', () => {
    expect(() => evolve(fresh(), { kind: 'none' })).toThrow('this machine knows no such event');
  });
});
