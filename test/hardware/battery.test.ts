import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventArbitrary } from '../../src/fast-check.ts';
import {
  type Batteries,
  type BatteryEvent,
  batteryEvents,
  batteryReducers,
  canSupply,
  isPowered,
  newBattery,
} from '../../src/hardware/battery.ts';
import { IllegalEvent } from '../../src/kernel/errors.ts';
import { evolveBy } from '../../src/kernel/reducers.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/hardware/battery.test.ts';
const evolve: (state: Batteries, event: BatteryEvent) => void = evolveBy(batteryReducers);

const given = (rated: number, ...events: BatteryEvent[]): Batteries => {
  const state = { batteries: [newBattery(rated)] };
  for (const event of events) evolve(state, event);
  return state;
};
const switched: BatteryEvent = { kind: 'power.switched', host: 0 };
const drained = (energy: number): BatteryEvent => ({ kind: 'battery.drained', host: 0, energy });
const exhausted = (energy: number): BatteryEvent => ({ kind: 'battery.exhausted', host: 0, energy });

describe('a battery', () => {
  it('gives what it holds, and then the host is without power', () => {
    const state = given(10, switched, drained(7), drained(3));
    expect(isPowered(state.batteries[0])).toBe(true);

    evolve(state, exhausted(1));

    expect(isPowered(state.batteries[0])).toBe(false);
    expect(() => evolve(state, drained(0))).toThrow('the host is supplied by none');
  });

  it('gives no more than it holds, and is not exhausted while it holds enough', () => {
    const state = given(10, switched, drained(7));

    expect(() => evolve(state, drained(4))).toThrow('the battery holds 3');
    expect(() => evolve(state, exhausted(3))).toThrow('the battery still holds 3');
  });

  it('is not drained while the mains are on', () => {
    expect(() => given(10, drained(1))).toThrow('the host is supplied by mains');
  });

  it('may hold less than it should, which its rating does not say (F12)', () => {
    const state = given(10, { kind: 'battery.weakened', host: 0, actual: 4 }, switched);

    expect(state.batteries[0]).toMatchObject({ rated: 10, actual: 4, charge: 4 });
    expect(canSupply(state.batteries[0], 4)).toBe(true);
    expect(canSupply(state.batteries[0], 5)).toBe(false);
  });

  it('is charged by the mains, up to what it can hold', () => {
    const state = given(10, switched, drained(7), { kind: 'power.restored', host: 0 });

    expect(() => evolve(state, { kind: 'battery.charged', host: 0, energy: 8 })).toThrow('can take in 7');
    evolve(state, { kind: 'battery.charged', host: 0, energy: 7 });

    expect(state.batteries[0]).toEqual(newBattery(10));
  });

  it('never gives more than it can hold between two charges, in whole units', () => {
    const events = fc.array(eventArbitrary(batteryEvents, { maxCount: 8, withCause: false }), {
      maxLength: 40,
      size: 'max',
    });
    const property = fc.property(events, (events) => {
      const state = given(8);
      let taken = 0;
      for (const event of events) {
        try {
          evolve(state, { ...event, host: 0 });
        } catch (error) {
          expect(error).toBeInstanceOf(IllegalEvent);
          continue;
        }
        if (event.kind === 'battery.drained') taken += event.energy;
        if (event.kind === 'battery.charged') taken -= event.energy;
        const { rated, actual, charge } = state.batteries[0];
        expect(Number.isInteger(charge)).toBe(true);
        expect(0 <= charge && charge <= actual && actual <= rated).toBe(true);
        expect(taken + charge).toBeLessThanOrEqual(rated);
      }
    });
    holds(property, 300, FILE);
  });
});
