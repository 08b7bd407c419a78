import { describe, expect, it } from 'vitest';
import { exploreFaults } from '../../src/explore/fault-campaign/explorer.ts';
import { NondeterminismError, ReducerError } from '../../src/kernel/errors.ts';
import { mechanism } from '../../src/mechanisms/mechanism.ts';
import { twoSlotCounter } from '../support/two-slot-counter.ts';

// What exploration says of a mechanism that is itself mistaken: the event's index and the reducer, in one line.

type Change = Partial<typeof twoSlotCounter>;

const explore = (change: Change) =>
  exploreFaults(mechanism({ ...twoSlotCounter, ...change }), twoSlotCounter.scenarios[0]);

const thrownBy = (change: Change): unknown => {
  try {
    explore(change);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('exploring a mechanism that is mistaken', () => {
  it('is without a word where it is not', () => {
    expect(explore({}).violations).toEqual([]);
  });

  it('names index and reducer of what a reducer throws, in one line', () => {
    const error = thrownBy({
      evolve: (state, event) => {
        if (event.kind === 'slot.selected') throw new TypeError('no such slot\nat all');
        twoSlotCounter.evolve(state, event);
      },
      faults: [],
    });

    expect(error).toBeInstanceOf(ReducerError);
    expect(error).toMatchObject({
      message: 'event 2: the reducer of two-slots threw on slot.selected: no such slot',
    });
  });

  it('names the reference when that throws, and does not let it refuse what has happened', () => {
    const { reference, evolve } = twoSlotCounter;
    const refusing = () => evolve(twoSlotCounter.initial(SETTING), { kind: 'power.restored' });

    const error = thrownBy({ reference: { ...reference, evolve: refusing }, faults: [] });

    expect(error).toBeInstanceOf(ReducerError);
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^event 0: the reducer of the reference of two-slots threw on half.written: /,
      ),
    });
  });

  it('tells an impossible step of the mechanism as a violation, with its index and kind', () => {
    const { violations } = explore({ decide: () => ({ kind: 'slot.chosen', slot: 0 }) });

    expect(violations[0]).toMatchObject({
      invariant: 'legality',
      message: expect.stringMatching(/^event 0: slot.chosen is illegal here: /),
    });
  });

  it('names index and reducer where folding twice comes to two states', () => {
    let calls = 0;
    const error = thrownBy({
      evolve: (state, event) => {
        twoSlotCounter.evolve(state, event);
        if (event.kind === 'slot.selected') state.slots[0].low += calls++;
      },
      faults: [],
    });

    expect(error).toBeInstanceOf(NondeterminismError);
    expect(error).toMatchObject({
      message:
        'event 2: the reducer of two-slots folds slot.selected to another state the second time: it may only use state and event',
    });
  });

  it('names the reference where that is not deterministic', () => {
    const { reference } = twoSlotCounter;
    let calls = 0;
    const evolve: typeof reference.evolve = (state) => {
      state.value = calls++;
    };

    expect(thrownBy({ reference: { ...reference, evolve }, invariants: [], faults: [] })).toMatchObject({
      message: expect.stringMatching(/^event 0: the reducer of the reference of two-slots folds /),
    });
  });

  it('finds a beginning that is shared, or is another each time', () => {
    const shared = twoSlotCounter.initial(SETTING);
    let calls = 0;
    const message =
      'the initial state of two-slots is another the second time: make it anew from the setting alone';

    expect(thrownBy({ initial: () => shared })).toMatchObject({ message });
    expect(
      thrownBy({ initial: (setting) => ({ ...twoSlotCounter.initial(setting), selected: calls++ }) }),
    ).toMatchObject({ message });
  });

  it('finds a part of the state that all runs share', () => {
    const slots = twoSlotCounter.initial(SETTING).slots;

    const error = thrownBy({
      initial: (setting) => ({ ...twoSlotCounter.initial(setting), slots }),
      evolve: (state, event) => {
        if (event.kind === 'half.written') state.slots[event.slot][event.half] += event.value;
        else twoSlotCounter.evolve(state, event);
      },
      faults: [],
      invariants: [],
    });

    expect(error).toMatchObject({
      message: expect.stringContaining('event 0: the reducer of two-slots folds '),
    });
  });
});

const SETTING = { scenario: twoSlotCounter.scenarios[0], policy: {}, mutant: undefined };
