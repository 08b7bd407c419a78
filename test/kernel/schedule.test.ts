import fc from 'fast-check';
import { produce } from 'immer';
import { describe, expect, it } from 'vitest';
import { forkState } from '../../src/kernel/model.ts';
import { emptySchedule, type Schedule, scheduleAt, scheduleNext } from '../../src/kernel/schedule.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/kernel/schedule.test.ts';

const drained = <T>(schedule: Schedule<T>): { tick: number; item: T }[] => {
  const all: { tick: number; item: T }[] = [];
  for (let next = scheduleNext(schedule); next !== undefined; next = scheduleNext(schedule)) all.push(next);
  return all;
};
const ticks = fc.array(fc.nat(9), { maxLength: 60, size: 'max' });

describe('a schedule', () => {
  it('is a stable sort', () => {
    const cases = fc.property(ticks, (ticks) => {
      const schedule = emptySchedule<number>();
      for (const [item, tick] of ticks.entries()) scheduleAt(schedule, tick, item);

      const wanted = ticks.map((tick, item) => ({ tick, item })).sort((one, other) => one.tick - other.tick);
      expect(drained(schedule)).toEqual(wanted);
    });
    holds(cases, 300, FILE);
  });

  it('agrees with a sorted list when things are put in and taken out in turn', () => {
    const step = fc.oneof(fc.nat(5), fc.constant('next' as const));
    const cases = fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const schedule = emptySchedule<number>();
      let list: { tick: number; item: number }[] = [];
      let now = 0;
      steps.forEach((step, item) => {
        if (step === 'next') {
          const first = list[0];
          list = list.slice(1);
          now = first?.tick ?? now;
          expect(scheduleNext(schedule)).toEqual(first);
        } else {
          scheduleAt(schedule, now + step, item);
          list = [...list, { tick: now + step, item }].sort((one, other) => one.tick - other.tick);
        }
        expect(schedule.now).toBe(now);
      });
    });
    holds(cases, 300, FILE);
  });

  it('does not go back in time', () => {
    const schedule = emptySchedule<string>();
    scheduleAt(schedule, 5, 'later');
    scheduleNext(schedule);
    const before = structuredClone(schedule);

    expect(() => scheduleAt(schedule, 4, 'earlier')).toThrow('tick 4 lies before the present, 5');
    expect(() => scheduleAt(schedule, Number.NaN, 'never')).toThrow(RangeError);
    expect(schedule).toEqual(before);
  });

  it('works on an Immer draft as in place, and leaves the base and forks as they were', () => {
    const cases = fc.property(ticks, ticks, fc.nat(20), (first, second, taken) => {
      const base = emptySchedule<number>();
      for (const [item, tick] of first.entries()) scheduleAt(base, tick, item);
      const before = structuredClone(base);
      const recipe = (schedule: Schedule<number>): void => {
        for (const [item, tick] of second.entries()) scheduleAt(schedule, tick, 100 + item);
        for (let i = 0; i < taken; i++) scheduleNext(schedule);
      };
      const inPlace = forkState(base);
      recipe(inPlace);

      const produced = produce(base, recipe);

      expect(produced).toEqual(inPlace);
      expect(base).toEqual(before);
    });
    holds(cases, 150, FILE);
  });
});
