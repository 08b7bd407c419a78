import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventArbitrary } from '../../src/fast-check.ts';
import {
  canTransmit,
  hasHoldSpace,
  hasRingSpace,
  type NicEvent,
  type NicEventOf,
  type Nics,
  newNic,
  newVirtualFunction,
  nicEvents,
  nicReducers,
  PACKET_QUEUES,
  type PacketQueue,
  packetToWire,
  wire,
} from '../../src/hardware/nic.ts';
import { evolveBy } from '../../src/kernel/reducers.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/hardware/nic.test.ts';
const evolve: (state: Nics, event: NicEvent) => void = evolveBy(nicReducers);

const given = (...events: NicEvent[]): Nics => {
  const one = newVirtualFunction({ mac: 'a', holding: true, ringCapacity: 2, holdCapacity: 2 });
  const other = newVirtualFunction({ mac: 'b', ringCapacity: 2, holdCapacity: 0 });
  const state = { nics: [newNic([one, other])] };
  for (const event of events) evolve(state, event);
  return state;
};
const queued = (number: number, virtualFunction = 0): NicEvent => ({
  kind: 'packet.queued',
  nic: 0,
  virtualFunction,
  number,
  data: '',
});
const held = (epoch: number): NicEvent => ({ kind: 'packet.held', nic: 0, virtualFunction: 0, epoch });
const released: NicEvent = { kind: 'packet.released', nic: 0, virtualFunction: 0 };
const wired = (queue: PacketQueue, virtualFunction = 0): NicEventOf<'packet.wired'> => ({
  kind: 'packet.wired',
  nic: 0,
  virtualFunction,
  queue,
});

describe('an adapter', () => {
  it('sends what is in the ring', () => {
    const state = given(queued(7, 1));

    expect(packetToWire(state, wired('ring', 1))).toMatchObject({ number: 7, epoch: -1 });
    expect(wire(state, wired('ring', 1)).number).toBe(7);
    expect(() => wire(state, wired('ring', 1))).toThrow('no packet waits there');
  });

  it('holds packets under an epoch, and releases them in order', () => {
    const state = given(queued(1), queued(2), held(5), held(6), released, released);

    const packets = [wire(state, wired('released')), wire(state, wired('released'))];

    expect(packets.map(({ number, epoch }) => [number, epoch])).toEqual([
      [1, 5],
      [2, 6],
    ]);
  });

  it('takes no more than ring and hold buffer have room for (F18)', () => {
    const state = given(queued(1), queued(2));
    expect(hasRingSpace(state.nics[0].virtualFunctions[0])).toBe(false);
    expect(() => evolve(state, queued(3))).toThrow('the ring is full with 2 packets');

    for (const event of [held(0), held(0), released, queued(3)]) evolve(state, event);
    expect(hasHoldSpace(state.nics[0].virtualFunctions[0])).toBe(false);
    expect(() => evolve(state, held(0))).toThrow('the hold buffer has room for 2 packets');

    evolve(state, wired('released'));
    evolve(state, held(0));
  });

  it('loses what waits in it when it is reset, and keeps its configuration (F7)', () => {
    const state = given(queued(1), queued(2), held(0), held(0), released, queued(3), queued(4, 1), {
      kind: 'nic.reset',
      nic: 0,
    });

    expect(state).toEqual(given());
  });

  it('may lose one virtual function alone (F7)', () => {
    const state = given(queued(1), queued(2, 1), {
      kind: 'virtual-function.reset',
      nic: 0,
      virtualFunction: 0,
    });

    expect(state).toEqual(given(queued(2, 1)));
  });

  it('sends nothing once it is lost, nor while it is fenced', () => {
    const fenced = given(queued(1, 1), { kind: 'nic.fenced', nic: 0 });
    const lost = given(queued(1, 1), { kind: 'nic.lost', nic: 0 });

    for (const state of [fenced, lost]) {
      expect(canTransmit(state.nics[0])).toBe(false);
      expect(() => wire(state, wired('ring', 1))).toThrow('the adapter is lost or fenced');
    }

    evolve(fenced, { kind: 'nic.unfenced', nic: 0 });
    expect(wire(fenced, wired('ring', 1)).number).toBe(1);
    expect(() => evolve(lost, queued(2, 1))).toThrow('the adapter is lost');
  });

  it('is told which packets are to be held', () => {
    const state = given({ kind: 'nic.configured', nic: 0, virtualFunction: 1, mac: 'c', holding: true });
    expect(state.nics[0].virtualFunctions[1]).toMatchObject({ mac: 'c', holding: true });

    evolve(state, { kind: 'nic.configured', nic: 0, virtualFunction: 1, mac: 'c' });
    expect(state.nics[0].virtualFunctions[1].holding).toBe(false);
  });

  it('neither makes up nor repeats a packet, and keeps the order within each queue', () => {
    const some = (...kinds: NicEvent['kind'][]) =>
      eventArbitrary(nicEvents, { kinds, maxCount: 1, maxBytes: 0, withCause: false });
    const event = fc.oneof(
      { weight: 6, arbitrary: some('packet.queued', 'packet.held', 'packet.released', 'packet.wired') },
      { weight: 1, arbitrary: some(...(Object.keys(nicEvents) as NicEvent['kind'][])) },
    );
    let left = 0;
    const property = fc.property(fc.array(event, { maxLength: 80, size: 'max' }), (events) => {
      const state = given();
      const wire: number[] = [];
      const waiting = () =>
        state.nics[0].virtualFunctions.flatMap((one) =>
          PACKET_QUEUES.map((queue) => one[queue].map(({ number }) => number)),
        );
      let sent = 0;
      for (const original of events) {
        const event = { ...original, nic: 0 } as NicEvent;
        if (event.kind === 'nic.lost') continue;
        if (event.kind === 'packet.queued') Object.assign(event, { number: sent });
        const before = waiting().flat();
        try {
          evolve(state, event);
        } catch {
          continue;
        }
        if (event.kind === 'packet.queued') before.push(sent++);
        const after = waiting();
        const gone = before.filter((number) => !after.flat().includes(number));
        if (event.kind === 'packet.wired') wire.push(...gone);

        expect(gone.length).toBeLessThanOrEqual(event.kind.endsWith('reset') ? before.length : 1);
        expect(after.flat().length + gone.length).toBe(before.length);
        for (const queue of after) expect(queue).toEqual(queue.toSorted((one, two) => one - two));
      }
      expect(new Set(wire).size).toBe(wire.length);
      left += wire.length;
    });
    holds(property, 300, FILE);
    expect(left).toBeGreaterThan(300);
  });
});
