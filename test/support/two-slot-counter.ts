import { type EventOf, eventTable, field } from '../../src/kernel/event-table.ts';
import { Fixed } from '../../src/kernel/fixed.ts';
import { evolveBy, expectLegal } from '../../src/kernel/reducers.ts';
import type { Mechanism } from '../../src/mechanisms/mechanism.ts';

// A mechanism that is as small as one can be: a counter of two halves, kept in two slots, of which one is selected.

export interface TwoSlots {
  setup: Fixed<{ readonly target: number; readonly mutant: string | undefined }>;
  slots: { low: number; high: number }[];
  selected: number;
  powered: boolean;
  /** Power is back, and the slot to go on from is not chosen yet. */
  choosing: boolean;
}

export interface CounterReference {
  value: number;
}

const slot = field.count('0 or 1');
const events = eventTable({
  'half.written': {
    since: 1,
    meaning: 'One half of a slot was written.',
    fields: { slot, half: field.choice(['low', 'high'], 'which half'), value: field.count('the value') },
  },
  'slot.selected': { since: 1, meaning: 'A slot became the one that counts.', fields: { slot } },
  'power.lost': { since: 1, meaning: 'Power was lost.', fields: {} },
  'power.restored': { since: 1, meaning: 'Power is back.', fields: {} },
  'slot.chosen': { since: 1, meaning: 'Recovery chose the slot to go on from.', fields: { slot } },
});

type Event = EventOf<typeof events>;

const evolve = evolveBy<TwoSlots>({
  'half.written': (state: TwoSlots, event: Extract<Event, { kind: 'half.written' }>) => {
    expectLegal(event.slot < 2 && state.powered, event, 'there is no such slot, or no power');
    state.slots[event.slot][event.half] = event.value;
  },
  'slot.selected': (state: TwoSlots, event: Extract<Event, { kind: 'slot.selected' }>) => {
    expectLegal(event.slot < 2 && state.powered, event, 'there is no such slot, or no power');
    state.selected = event.slot;
  },
  'power.lost': (state: TwoSlots, event: Event) => {
    expectLegal(state.powered, event, 'there is no power');
    state.powered = false;
    state.choosing = false;
  },
  'power.restored': (state: TwoSlots, event: Event) => {
    expectLegal(!state.powered, event, 'there is power');
    state.powered = true;
    state.choosing = true;
  },
  'slot.chosen': (state: TwoSlots, event: Extract<Event, { kind: 'slot.chosen' }>) => {
    expectLegal(event.slot < 2 && state.choosing, event, 'there is no such slot, or nothing to choose');
    state.selected = event.slot;
    state.choosing = false;
  },
});

/** With its types, for tests that make a mistake in it. */
export const twoSlotCounter: Mechanism<TwoSlots, Event, CounterReference> = {
  name: 'two-slots',
  title: 'a counter in two slots',
  source: 'made up for tests',
  version: 1,
  policy: {},
  events,
  initial: ({ scenario, mutant }) => ({
    setup: new Fixed({ target: Number(scenario.world['target']), mutant }),
    slots: [
      { low: 0, high: 0 },
      { low: 0, high: 0 },
    ],
    selected: 0,
    powered: true,
    choosing: false,
  }),
  evolve,
  decide: ({ setup, slots, selected }) => {
    const { target, mutant } = setup.value;
    const value = slots[selected].high + 1;
    if (value > target) return undefined;
    const other = mutant === 'a' ? selected : 1 - selected;
    if (slots[other].low !== value) return { kind: 'half.written', slot: other, half: 'low', value };
    if (slots[other].high !== value) return { kind: 'half.written', slot: other, half: 'high', value };
    return { kind: 'slot.selected', slot: other };
  },
  recover: ({ setup, slots, selected, powered, choosing }) => {
    if (!powered) return { kind: 'power.restored' };
    if (!choosing) return undefined;
    const newest = slots[0].low > slots[1].low ? 0 : 1;
    return { kind: 'slot.chosen', slot: setup.value.mutant === 'b' ? newest : selected };
  },
  faults: [
    {
      number: 'F1',
      claim: 'power is lost: the selected slot counts',
      occurrences: ({ powered }) => (powered ? [[{ kind: 'power.lost' }]] : []),
    },
  ],
  reference: {
    initial: () => ({ value: 0 }),
    evolve: (reference, { kind }) => {
      if (kind === 'slot.selected') reference.value++;
    },
    lost: () => undefined,
  },
  invariants: [
    {
      name: 'I1',
      meaning: 'the selected slot holds the last value, whole',
      when: 'always',
      holds: ({ slots, selected }, { value }) => {
        const { low, high } = slots[selected];
        return (low === value && high === value) || `the slot holds ${low} and ${high}, not ${value}`;
      },
    },
    {
      name: 'I2',
      meaning: 'recovery leaves a slot that can be counted on from',
      when: 'recovered',
      holds: ({ slots, selected }, { value }) =>
        slots[selected].high === value || `recovery came to ${slots[selected].high}, not to ${value}`,
    },
  ],
  mutants: [
    { name: 'a', meaning: 'the selected slot is written in place' },
    { name: 'b', meaning: 'recovery takes the slot that looks newer' },
  ],
  scenarios: [{ name: 'count-to-two', meaning: 'the counter goes to two', world: { target: 2 }, actors: {} }],
  costs: [
    {
      name: 'writes',
      meaning: 'halves that were written',
      fold: 'sum',
      of: ({ kind }) => (kind === 'half.written' ? 1 : 0),
    },
  ],
};
