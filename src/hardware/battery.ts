import { type EventOf, type EventOfKind, eventTable, field } from '../kernel/event-table.ts';
import { expectLegal, type Reducers } from '../kernel/reducers.ts';

const host = field.count('the host that the battery supplies');

/**
 * Batteries that keep a host going for a while after a loss of power. Energy is in whole units; what an action costs in
 * units is said by the mechanism. Source: mechanism sheets, section 1.6.
 */
export const batteryEvents = eventTable({
  'power.switched': {
    since: 1,
    meaning: 'The mains failed, and the battery supplies the host. Fault F1 for a host that has a battery.',
    fields: { host },
  },
  'power.restored': {
    since: 1,
    meaning: 'The mains supply the host again.',
    fields: { host },
  },
  'battery.drained': {
    since: 1,
    meaning: 'Something that the host did on battery, or just time, cost energy.',
    fields: { host, energy: field.count('energy units that it cost') },
  },
  'battery.exhausted': {
    since: 1,
    meaning: 'More energy was needed than the battery holds, and the host is without power.',
    fields: { host, energy: field.count('energy units that were needed, and not there') },
  },
  'battery.charged': {
    since: 1,
    meaning: 'The mains charged the battery.',
    fields: { host, energy: field.count('energy units that it took in') },
  },
  'battery.weakened': {
    since: 1,
    meaning: 'The battery can hold less than before, which shows only when it is exhausted. Fault F12.',
    fields: { host, actual: field.count('energy units that it can hold, fewer than before') },
  },
});

export type BatteryEvent = EventOf<typeof batteryEvents>;
export type BatteryEventOf<K extends BatteryEvent['kind']> = EventOfKind<typeof batteryEvents, K>;

/** The power supply of one host. All amounts in energy units. */
export interface Battery {
  /** What it should be able to hold: all that a mechanism may rely on knowing. */
  rated: number;
  /** What it can hold; a host does not see it. */
  actual: number;
  /** What it holds; a host does not see it. */
  charge: number;
  /** What supplies the host. */
  source: 'mains' | 'battery' | 'none';
}

/** Batteries by the index of the host that they supply. */
export interface Batteries {
  batteries: Battery[];
}

/** A full battery as good as its rating, with the mains on. */
export const newBattery = (rated: number): Battery => ({
  rated,
  actual: rated,
  charge: rated,
  source: 'mains',
});

/** Whether the host has power. */
export const isPowered = ({ source }: Battery): boolean => source !== 'none';

/** Whether this can be done with the power that there is; on battery it has to hold that many energy units. */
export const canSupply = ({ source, charge }: Battery, energy: number): boolean =>
  source === 'mains' || (source === 'battery' && energy <= charge);

/** The battery that an event names. */
export function batteryOf({ batteries }: Batteries, event: BatteryEvent): Battery {
  const battery = batteries[event.host];
  expectLegal(battery !== undefined, event, `there is no battery ${event.host}, but ${batteries.length}`);
  return battery;
}

/** What happens to batteries. That a host without power has failed is for its mechanism to say, with `host.failed`. */
export const batteryReducers: Reducers<Batteries, typeof batteryEvents> = {
  'power.switched': (state, event) => {
    const battery = batteryOf(state, event);
    expectLegal(battery.source === 'mains', event, 'the mains are off already');
    battery.source = 'battery';
  },
  'power.restored': (state, event) => {
    const battery = batteryOf(state, event);
    expectLegal(battery.source !== 'mains', event, 'the mains are on');
    battery.source = 'mains';
  },
  'battery.drained': (state, event) => {
    const battery = supplying(state, event);
    expectLegal(event.energy <= battery.charge, event, `the battery holds ${battery.charge}`);
    battery.charge -= event.energy;
  },
  'battery.exhausted': (state, event) => {
    const battery = supplying(state, event);
    expectLegal(event.energy > battery.charge, event, `the battery still holds ${battery.charge}`);
    battery.charge = 0;
    battery.source = 'none';
  },
  'battery.charged': (state, event) => {
    const battery = batteryOf(state, event);
    expectLegal(battery.source === 'mains', event, 'the mains are off');
    const room = battery.actual - battery.charge;
    expectLegal(event.energy <= room, event, `the battery can take in ${room}`);
    battery.charge += event.energy;
  },
  'battery.weakened': (state, event) => {
    const battery = batteryOf(state, event);
    expectLegal(event.actual < battery.actual, event, `the battery can hold ${battery.actual}`);
    battery.actual = event.actual;
    battery.charge = Math.min(battery.charge, event.actual);
  },
};

function supplying(state: Batteries, event: BatteryEvent): Battery {
  const battery = batteryOf(state, event);
  expectLegal(battery.source === 'battery', event, `the host is supplied by ${battery.source}`);
  return battery;
}
