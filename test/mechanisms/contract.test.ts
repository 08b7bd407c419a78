import { describe, expect, it } from 'vitest';
import type { ClassHash, Digestible } from '../../src/kernel/class-digest.ts';
import { type Mechanism, mechanism } from '../../src/mechanisms/mechanism.ts';
import { broken } from '../support/mechanism-contract/breaking.ts';
import * as campaigns from '../support/mechanism-contract/campaign-laws.ts';
import * as declarations from '../support/mechanism-contract/declaration-laws.ts';
import type { Finding } from '../support/mechanism-contract/finding.ts';
import * as folds from '../support/mechanism-contract/fold-laws.ts';
import { Subject } from '../support/mechanism-contract/subject.ts';
import { describeMechanism } from '../support/mechanism-contract.ts';
import { type CounterReference, type TwoSlots, twoSlotCounter } from '../support/two-slot-counter.ts';

// The contract notices what it is there for: each of its laws finds the defect that breaks it.

type Change = Partial<typeof twoSlotCounter>;
type Law = (subject: Subject) => Iterable<Finding>;

const { evolve, decide, initial, faults, events } = twoSlotCounter;
const changed = (change: Change): Mechanism => mechanism({ ...twoSlotCounter, ...change });
const findings = (law: Law, change: Change): string[] =>
  [...law(new Subject(changed(change)))].map(({ item, problem }) => `${item}: ${problem}`);

describeMechanism<TwoSlots, CounterReference>(changed({}), {
  breaks: {
    I1: ({ slots, selected }) => {
      slots[selected].low += 1;
    },
    I2: (_, seen) => {
      seen.value += 1;
    },
  },
  skips: {
    'every choice of every policy is taken by a scenario':
      'it has no policy, and this shows how a check is left out',
  },
});

describe.each<[string, Law, Change, string]>([
  [
    'an invariant whose name has no number',
    declarations.namesAndMeanings,
    { invariants: twoSlotCounter.invariants.map((one) => ({ ...one, name: 'first' })) },
    'invariant first: its name has not the form',
  ],
  [
    'a mutant that says nothing',
    declarations.namesAndMeanings,
    { mutants: [{ name: 'a', meaning: ' ' }] },
    'mutant a: its meaning is no part of a sentence',
  ],
  [
    'two mutants of one name',
    declarations.namesAndMeanings,
    { mutants: [...twoSlotCounter.mutants, ...twoSlotCounter.mutants] },
    'mutant a: the name is taken twice',
  ],
  [
    'a choice that nobody takes',
    declarations.choices,
    { policy: { order: { meaning: 'which half first', choices: ['low', 'high'], default: 'low' } } },
    'order=high: no scenario chooses it',
  ],
  [
    'a fault of the sheet without a case',
    declarations.faultsOfTheSheet,
    { name: 'S13.2' },
    'F5: section 3.2 lists it',
  ],
  [
    'a scenario that is too long',
    folds.scenariosEnd,
    { scenarios: [{ ...twoSlotCounter.scenarios[0], world: { target: 101 } }] },
    'count-to-two: has 303 events, not 300 at most',
  ],
  [
    'a reducer that remembers',
    folds.foldsAlike,
    { evolve: remembering() },
    'count-to-two: event 0: half.written folds to another state',
  ],
  [
    'an event that says more than its table',
    folds.eventsFit,
    { decide: (state) => withExtra(decide(state)) },
    'events: half.written has no field "extra"',
  ],
  [
    'an effect that the events do not tell',
    folds.replays,
    {
      decide: (state) => {
        Object.assign(state, { asked: true });
        return decide(state);
      },
    },
    'count-to-two: its events alone lead to another state',
  ],
  [
    'a decision that changes the state',
    folds.askingChangesNothing,
    {
      decide: (state) => {
        state.choosing = !state.choosing;
        return decide(state);
      },
      recover: () => undefined,
      faults: [],
    },
    'decide: count-to-two, event 0: ',
  ],
  [
    'a part that forks share',
    folds.forksAreIndependent,
    { initial: (setting) => ({ ...initial(setting), slots: new SharedList(2) }), faults: [], invariants: [] },
    'count-to-two: the fork taken at 0 has changed since',
  ],
  [
    'a reducer that throws something else on what it should refuse',
    folds.refusesTheImpossible,
    {
      evolve: (state, event) => {
        if (event.kind === 'half.written') state.slots[event.slot][event.half] = event.value;
        else evolve(state, event);
      },
    },
    'throws TypeError',
  ],
  [
    'a reducer that refuses half-way',
    folds.refusesTheImpossible,
    {
      evolve: (state, event) => {
        if (event.kind === 'half.written') state.slots[0].high += 5;
        evolve(state, event);
      },
      invariants: [],
    },
    'refused half-way',
  ],
  [
    'a violation',
    campaigns.survives,
    { initial: (setting) => initial({ ...setting, mutant: 'b' }) },
    'count-to-two: event 3: I1: ',
  ],
  [
    'a fault that never happens',
    campaigns.everyFaultIsInjected,
    { faults: [...faults, { number: 'F9', claim: 'torn', occurrences: () => [] }] },
    'F9: never happens in any scenario',
  ],
  [
    'a kind that never happens',
    campaigns.everyKindOccurs,
    { events: { ...events, 'clock.ticked': { since: 1, meaning: 'A clock ticked.', fields: {} } } },
    'clock.ticked: happens in none of 2 runs and campaigns',
  ],
  [
    'a difference that classes do not see',
    campaigns.classesAreRight,
    {
      initial: (setting) => ({ ...initial(setting), losses: new HiddenCount() }),
      evolve: (state, event) => {
        evolve(state, event);
        if (event.kind === 'power.lost') hiddenIn(state).count++;
      },
      recover: (state) => {
        const next = twoSlotCounter.recover(state);
        return next?.kind === 'slot.chosen' && hiddenIn(state).count > 1
          ? { ...next, slot: 1 - next.slot }
          : next;
      },
      faults: [
        ...faults,
        {
          number: 'F2',
          claim: 'power is lost twice',
          occurrences: ({ powered }) =>
            powered ? [[{ kind: 'power.lost' }, { kind: 'power.restored' }, { kind: 'power.lost' }]] : [],
        },
      ],
    },
    'violated, but its class survived',
  ],
  [
    'a cost below zero',
    campaigns.costsAreFolds,
    { costs: [{ name: 'gain', meaning: 'a gain', fold: 'sum', of: () => -1 }] },
    'gain: count-to-two, event 0: -1 is no cost',
  ],
])('%s', (defect, law, change, expected) => {
  it(`is found: ${defect}`, () => {
    expect(findings(law, change).join('\n')).toContain(expected);
    expect(findings(law, { scenarios: twoSlotCounter.scenarios })).toEqual([]);
  });
});

describe('a break', () => {
  const subject = new Subject(changed({}));
  const [always, recovered] = changed({}).invariants;

  it('that changes nothing is none', () => {
    expect(broken(subject, always, () => undefined)).toMatchObject({
      whyNot: expect.stringMatching(/^I1 holds all the same; the break applied at \d+ of \d+ places$/),
    });
  });

  it('is tried where a recovery has ended, too', () => {
    const corrupt = (state: object): void => {
      for (const slot of (state as TwoSlots).slots) slot.high = 7;
    };
    expect(broken(subject, recovered, corrupt)).toMatchObject({
      message: expect.stringContaining('came to 7'),
    });
  });

  it('that throws does not apply, and is told', () => {
    const corrupt = (): void => {
      throw new TypeError('no row');
    };
    expect(broken(subject, always, corrupt)).toMatchObject({
      whyNot: expect.stringContaining('applied at 0 of'),
    });
  });
});

/** A reducer that counts its calls outside of the state, and tells the state. */
function remembering(): typeof evolve {
  let calls = 0;
  return (state, event) => {
    evolve(state, event);
    Object.assign(state, { calls: calls++ });
  };
}

const withExtra = (event: ReturnType<typeof decide>): ReturnType<typeof decide> =>
  event === undefined ? undefined : Object.assign({ extra: 1 }, event);

/** Tells no class from another, though what happens depends on it. */
class HiddenCount implements Digestible {
  count = 0;
  fork(): HiddenCount {
    return Object.assign(new HiddenCount(), this);
  }
  digestInto(): void {}
}

const hiddenIn = (state: object): HiddenCount => (state as { losses: HiddenCount }).losses;

/** A list of slots that a fork shares with what it was forked from. */
class SharedList extends Array<{ low: number; high: number }> implements Digestible {
  constructor(size: number) {
    super(size);
    for (let at = 0; at < size; at++) this[at] = { low: 0, high: 0 };
  }
  fork(): SharedList {
    return this;
  }
  digestInto(hash: ClassHash): void {
    for (const { low, high } of this) hash.value([low, high]);
  }
}
