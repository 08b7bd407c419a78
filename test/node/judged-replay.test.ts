import { describe, expect, it } from 'vitest';
import { exploreFaults } from '../../src/explore/fault-campaign/explorer.ts';
import { witnessOf } from '../../src/explore/fault-campaign/fault-witness.ts';
import type { Violation } from '../../src/explore/fault-campaign/verdict.ts';
import { IllegalEvent } from '../../src/kernel/errors.ts';
import { type EventOf, eventTable } from '../../src/kernel/event-table.ts';
import { lossEvents } from '../../src/mechanisms/loss.ts';
import { type Mechanism, mechanism, type ReferenceModel } from '../../src/mechanisms/mechanism.ts';
import { writeFaultWitness } from '../../src/node/fault-witness-file.ts';
import { judgedReplay } from '../../src/node/judged-replay.ts';
import { temporaryFolder } from '../support/recordings.ts';

const folder = temporaryFolder();

const events = eventTable({
  ...lossEvents,
  'work.done': { since: 1, meaning: 'One of three pieces of work is done.', fields: {} },
  'power.lost': { since: 1, meaning: 'Power is lost, in two steps: this is the first.', fields: {} },
  'memory.cleared': { since: 1, meaning: 'This is the second.', fields: {} },
  'power.restored': { since: 1, meaning: 'Power is back.', fields: {} },
});
type Event = EventOf<typeof events>;

interface State {
  done: number;
  powered: boolean;
  told: boolean;
}
type Reference = { failed: boolean };

interface Variant {
  readonly recover?: (state: State) => Event | undefined;
  readonly restore?: (state: State) => void;
  readonly lost?: ReferenceModel<Reference, Event>['lost'];
  readonly isWhole?: (state: State) => boolean;
}

const restore: Event = { kind: 'power.restored' };
const report: Event = { kind: 'loss.reported', what: 'memory' };

/** Three pieces of work, and a loss of power that costs none: as it should be, but for what a variant does otherwise. */
const worker = ({
  recover = ({ powered }) => (powered ? undefined : restore),
  restore: restored = (state) => {
    state.powered = true;
  },
  lost = () => undefined,
  isWhole = () => true,
}: Variant = {}): Mechanism =>
  mechanism<State, Event, Reference>({
    name: 'worker',
    title: 'three pieces of work',
    source: 'a test',
    version: 1,
    policy: {},
    events,
    initial: () => ({ done: 0, powered: true, told: false }),
    evolve: (state, event) => {
      if (event.kind === 'power.restored') restored(state);
      else if (event.kind === 'loss.reported') state.told = true;
      else if (event.kind === 'work.done') state.done++;
      else state.powered = false;
    },
    decide: ({ done, powered, told }) => (powered && !told && done < 3 ? { kind: 'work.done' } : undefined),
    recover,
    faults: [
      {
        number: 'F1',
        claim: 'nothing is lost',
        occurrences: ({ powered }) => (powered ? [[{ kind: 'power.lost' }, { kind: 'memory.cleared' }]] : []),
      },
    ],
    reference: {
      initial: () => ({ failed: false }),
      evolve: (reference, { kind }) => {
        reference.failed ||= kind === 'memory.cleared';
      },
      lost,
    },
    invariants: [
      {
        name: 'I1',
        meaning: 'the work is whole',
        when: 'recovered',
        holds: (state) => isWhole(state) || 'it is not',
      },
    ],
    mutants: [],
    scenarios: [{ name: 'work', meaning: 'all three', world: {}, actors: {} }],
    costs: [],
  });

const lostOnceFailed: Variant['lost'] = ({ failed }) => (failed ? 'memory' : undefined);

const DEFECTS: readonly (readonly [what: string, invariant: string, variant: Variant])[] = [
  ['an invariant after recovery', 'I1', { isWhole: ({ done }) => done !== 2 }],
  ['a loss that nobody reports', 'G2', { lost: lostOnceFailed }],
  [
    'a loss that is none',
    'G2',
    { recover: ({ powered, told }) => (powered ? undefined : told ? restore : report) },
  ],
  ['recovery in a circle', 'G7', { restore: () => undefined }],
  [
    'an impossible step',
    'legality',
    {
      restore: () => {
        throw new IllegalEvent('power.restored', 'there is no power');
      },
    },
  ],
];

/** The violations of the mechanism's one scenario. */
const violationsOf = (given: Mechanism): readonly Violation[] =>
  exploreFaults(given, given.scenarios[0]).violations;

describe('what exploring finds, the replay of its witness finds again', () => {
  it.each(DEFECTS)('%s', async (_, invariant, variant) => {
    const broken = worker(variant);
    const violations = violationsOf(broken);
    expect(violations.map((one) => one.invariant)).toEqual([invariant]);

    const witness = witnessOf(broken, broken.scenarios[0], undefined, violations[0]);
    const path = await writeFaultWitness(folder('witnesses'), witness, broken);

    const found = await judgedReplay(path, path, broken);
    expect(found).toMatchObject({ stands: true, breach: { invariant, message: violations[0].message } });
    expect(found.recorded?.faults).toEqual([{ number: 'F1', index: expect.any(Number), events: 2 }]);
  });

  it.each(DEFECTS)('%s: once it is mended, the replay says so', async (_, invariant, variant) => {
    const broken = worker(variant);
    const [violation] = violationsOf(broken);
    const witness = witnessOf(broken, broken.scenarios[0], undefined, violation);
    const path = await writeFaultWitness(folder('witnesses'), witness, broken);

    const { replayed, breach, departure, stands } = await judgedReplay(path, path, worker());

    // The events lead to another state, or all that is judged holds; or the mechanism would not do the same again.
    const isElsewhere = stands === false || replayed.divergence !== undefined;
    expect(isElsewhere || departure !== null).toBe(true);
    if (isElsewhere) expect(breach?.invariant).not.toBe(invariant);
  });
});

it('an honest loss is no violation', () => {
  const honest = worker({
    lost: lostOnceFailed,
    recover: ({ powered, told }) => (powered ? undefined : told ? restore : report),
  });
  expect(violationsOf(worker())).toEqual([]);
  expect(violationsOf(honest)).toEqual([]);
});
