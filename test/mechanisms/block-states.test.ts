import { describe, expect, it } from 'vitest';
import type { AnyEvent } from '../../src/kernel/event-table.ts';
import { Immutable } from '../../src/kernel/immutable.ts';
import { blockStates } from '../../src/mechanisms/controller-checkpoints/block-states/block-states.ts';
import type { HalvesCopies } from '../../src/mechanisms/controller-checkpoints/block-states/copies.ts';
import type { State } from '../../src/mechanisms/controller-checkpoints/block-states/state.ts';
import type { CheckpointReference } from '../../src/mechanisms/controller-checkpoints/reference.ts';
import { failing, recovery, runOf } from '../support/checkpoint-runs.ts';
import { describeMechanism } from '../support/mechanism-contract.ts';

const OTHER = 'ee'.repeat(16);

const replace = ({ own, memory }: State, block: number): void => {
  memory.set(block, OTHER);
  own.second.set(block, OTHER);
};

describeMechanism<State, CheckpointReference<HalvesCopies>>(blockStates, {
  breaks: {
    I1: (state) => replace(state, 1),
    I2: (state) => replace(state, 1),
    I3: (state, { now }) => {
      for (const block of now.writtenByDevices) {
        state.own.modified.clear(block);
        replace(state, block);
      }
    },
    I4: (_, reference) => {
      reference.wrong = 'transfer';
    },
    I5: (state) => replace(state, 1),
    I6: (_, { copies }) => {
      const { memory, in: halves } = copies.checkpoint.value;
      copies.checkpoint = new Immutable({ memory, in: halves.map((half) => 1 - half) });
    },
    I7: (state) => replace(state, 1),
    I8: ({ own }) => {
      own.walking = true;
    },
    G3: (_, reference) => {
      reference.wrong = 'output';
    },
    G4: (_, reference) => {
      reference.wrong = 'read';
    },
  },
  skips: {
    'every kind of event happens: block.restored':
      'rollback of this strategy writes states and never moves data',
  },
});

type Step = AnyEvent &
  Readonly<Partial<Record<'block' | 'half' | 'offsetBytes' | 'sizeBytes', number>>> & {
    readonly state?: string;
    readonly data?: string;
  };

const kindsOf = (events: readonly AnyEvent[]): string[] => events.map(({ kind }) => kind);
const processorFails = { kind: 'processor.failed', processor: 0 } as const;
const runsOf = (): Step[][] =>
  blockStates.scenarios.map(({ name }) => runOf<State>(blockStates, name).map(({ event }) => event));

describe('S13.5, as the sheet says it', () => {
  const run = runOf<State>(blockStates, 'two-processors');
  const events: readonly Step[] = run.map(({ event }) => event);
  const decided = run.findIndex(({ event }) => event.kind === 'walk.begun');
  const before = run[decided - 1].state;

  it('S13.5 a first write turns C0 into M1 and C1 into M0, data first; later ones are made in place', () => {
    const seen = new Set<string>();
    for (const [at, { kind, block = 0 }] of events.entries()) {
      if (kind !== 'write.begun') continue;
      const state = run[at].state.own.states[block];
      const end = events.findIndex(({ kind: next }, i) => i > at && next === 'block.written');
      const [data, after] = events.slice(end, end + 2);
      seen.add(state);
      if (state.startsWith('M')) {
        expect(data.half).toBe(Number(state[1]));
        expect(after.kind).not.toBe('state.written');
      } else {
        expect(data.half).toBe(1 - Number(state[1]));
        expect(after).toMatchObject({ kind: 'state.written', block, state: `M${1 - Number(state[1])}` });
      }
    }

    expect([...seen].sort()).toEqual(['C0', 'C1', 'M0', 'M1']);
  });

  it('S13.5 a partial first write brings the rest of the block over, before it', () => {
    const partial = events.flatMap(({ kind, data = '', block }, at) =>
      kind === 'write.begun' && data.length < 32 && run[at].state.own.states[block ?? 0].startsWith('C')
        ? [at]
        : [],
    );

    expect(partial.length).toBeGreaterThan(0);
    for (const at of partial) {
      const [asked, rest, data] = events.slice(at, at + 3);
      expect(rest).toMatchObject({ kind: 'rest.copied', block: asked.block, half: data.half });
      expect(rest.sizeBytes).toBe((asked.data ?? '').length / 2);
    }
  });

  it('S13.5 where only whole blocks arrive, nothing is copied from memory to memory', () => {
    const whole: readonly Step[] = runOf<State>(blockStates, 'whole-blocks').map(({ event }) => event);

    expect(kindsOf(whole)).not.toContain('rest.copied');
    for (const { kind, data } of whole) if (kind === 'block.written') expect(data?.length).toBe(32);
    expect(whole.some(({ kind, data }) => kind === 'write.begun' && data?.length === 16)).toBe(true);
  });

  it('S13.5 establishing turns M1 into C1 and M0 into C0, and moves no data', () => {
    for (const all of runsOf()) {
      const at = all.findIndex(({ kind }) => kind === 'walk.begun');
      if (at < 0) continue;
      const walk = all.slice(
        at + 1,
        all.findIndex(({ kind }) => kind === 'walk.ended'),
      );
      expect(new Set(kindsOf(walk))).toEqual(new Set(['state.written']));
    }
    const walked = run.slice(decided + 1).findIndex(({ event }) => event.kind === 'walk.ended');
    const after = run[decided + walked].state.own.states;
    expect(after).toEqual(before.own.states.map((state) => `C${state[1]}`));
  });

  it('S13.5 a walk that a fault interrupts at any entry is completed, and its checkpoint committed', () => {
    const end = run.findIndex(({ event }) => event.kind === 'walk.ended');
    expect(end - decided).toBeGreaterThan(3);
    for (const { state } of run.slice(decided, end + 1)) {
      const { events: steps, end: after } = recovery(
        blockStates,
        failing(blockStates, state, processorFails),
      );

      expect(after.epoch).toBe(1);
      expect(after.own.states).toEqual(before.own.states.map((one) => `C${one[1]}`));
      expect(kindsOf(steps)).not.toContain('block.written');
    }
  });

  it('S13.5 before the decision point rollback turns M1 into C0 and M0 into C1, and moves no data', () => {
    for (const { state } of run.filter(({ state: { own } }) => !own.walking)) {
      const { events: steps, end } = recovery(blockStates, failing(blockStates, state, processorFails));

      expect(end.own.states).toEqual(
        state.own.states.map((one) => (one.startsWith('M') ? `C${1 - Number(one[1])}` : one)),
      );
      expect(kindsOf(steps).filter((kind) => /^(block|rest)\./.test(kind))).toEqual([]);
    }
  });

  it('S13.5 with generations one event establishes; processors go on, and a later checkpoint waits for the rest', () => {
    const tagged = runOf<State>(blockStates, 'generations');
    const kinds = kindsOf(tagged.map(({ event }) => event));
    const first = kinds.indexOf('generation.advanced');
    const second = kinds.indexOf('generation.advanced', first + 1);
    const isLeftOver = ({ own }: State): boolean =>
      own.states.some((state, block) => state.startsWith('M') && own.generations[block] !== own.generation);

    expect(kinds[first + 1]).toBe('checkpoint.committed');
    expect(isLeftOver(tagged[kinds.indexOf('processor.resumed', first)].state)).toBe(true);
    expect(tagged[second - 1].event.kind).toBe('state.written');
    expect(isLeftOver(tagged[second - 1].state)).toBe(false);
    expect(kinds).not.toContain('walk.begun');
  });

  it('S13.5 an error in the half that is not the checkpoint is survived; in the other, or of a state, it is reported', () => {
    const areas = ['memory', 'second half'];
    let survived = 0;
    for (const [half, area] of areas.entries()) {
      for (const [block, state] of before.own.states.entries()) {
        const checkpointIn = state.startsWith('M') ? 1 - Number(state[1]) : Number(state[1]);
        const { end } = recovery(
          blockStates,
          failing(blockStates, before, { kind: 'memory.failed', area, block }),
        );

        expect(end.loss).toEqual(checkpointIn === half ? expect.stringContaining(`block ${block}`) : null);
        if (end.loss === null) survived++;
      }
    }
    expect(survived).toBe(before.own.states.length);

    const stateless = failing(blockStates, before, { kind: 'memory.failed', area: 'states', block: 2 });
    expect(recovery(blockStates, stateless).end.loss).toContain('the state of block 2');
  });

  it('S13.5 costs: twice the memory and two bits a block, one lookup an access, no copies of whole blocks', () => {
    const cost = (name: string): number => {
      const found = blockStates.costs.find((one) => one.name === name);
      const values = run.map(({ event, state }) => found?.of(event, state) ?? Number.NaN);
      return found?.fold === 'max' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
    };
    const count = (...kinds: string[]): number => events.filter(({ kind }) => kinds.includes(kind)).length;

    expect(cost('secondHalfBytes')).toBe(16 * before.memory.size);
    expect(cost('stateMemoryBits')).toBe(2 * before.memory.size);
    expect(cost('stateLookups')).toBe(count('line.filled', 'write.begun'));
    expect(cost('statesWritten')).toBe(count('state.written'));
    expect(cost('restBytes')).toBe(8 * count('rest.copied'));
    expect(cost('walkedStates')).toBeGreaterThan(0);
  });
});
