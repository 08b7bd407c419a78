import { describe, expect, it } from 'vitest';
import { exploreFaults } from '../../src/explore/fault-campaign/explorer.ts';
import { linksTo } from '../../src/explore/fault-campaign/world.ts';
import type { AnyEvent } from '../../src/kernel/event-table.ts';
import { forkState } from '../../src/kernel/model.ts';
import type { Copies } from '../../src/mechanisms/controller-checkpoints/local-shadow/copies.ts';
import { localShadow } from '../../src/mechanisms/controller-checkpoints/local-shadow/local-shadow.ts';
import {
  reserveEntries,
  type State,
  shadowWhenDrained,
} from '../../src/mechanisms/controller-checkpoints/local-shadow/state.ts';
import type { CheckpointReference } from '../../src/mechanisms/controller-checkpoints/reference.ts';
import { failing, recovery, runOf } from '../support/checkpoint-runs.ts';
import { describeMechanism } from '../support/mechanism-contract.ts';

const OTHER = 'ee'.repeat(16);

describeMechanism<State, CheckpointReference<Copies>>(localShadow, {
  breaks: {
    I1: ({ own }) => {
      own.sealed = [];
      own.shadow.set(1, OTHER);
    },
    I2: ({ memory }) => memory.set(1, OTHER),
    I3: ({ own, memory }, { now }) => {
      own.open = [];
      for (const block of now.writtenByDevices) memory.set(block, OTHER);
    },
    I4: (_, reference) => {
      reference.wrong = 'transfer';
    },
    I5: ({ memory }) => memory.set(1, OTHER),
    I6: ({ own }) => own.shadow.set(1, OTHER),
    I7: ({ own, memory }) => {
      own.open = [];
      memory.set(1, OTHER);
    },
    G3: (_, reference) => {
      reference.wrong = 'output';
    },
    G4: (_, reference) => {
      reference.wrong = 'read';
    },
  },
});

type Run = readonly { readonly event: AnyEvent; readonly state: State }[];

const kindsOf = (events: readonly AnyEvent[]): string[] => events.map(({ kind }) => kind);
const countOf = (run: Run, kind: string): number => run.filter(({ event }) => event.kind === kind).length;
const firstOf = (run: Run, kind: string, from = 0): number =>
  run.findIndex(({ event }, at) => at >= from && event.kind === kind);
const blocksOf = (events: readonly AnyEvent[], kind: string): number[] =>
  events.flatMap((event) => (event.kind === kind && 'block' in event ? [Number(event.block)] : []));
const blocksIn = (entries: readonly { readonly block: number }[]): number[] =>
  [...new Set(entries.map(({ block }) => block))].sort((a, b) => a - b);
const failed = { kind: 'processor.failed', processor: 0 } as const;

describe('S13.1, as the sheet says it', () => {
  const run: Run = runOf(localShadow, 'two-processors');

  it('S13.1 every write is captured before it changes memory, repeated blocks repeatedly', () => {
    const captured: AnyEvent[] = [];
    for (const [at, { event }] of run.entries()) {
      if (event.kind !== 'write.begun') continue;
      expect(kindsOf(run.slice(at + 1, at + 3).map((step) => step.event))).toEqual([
        'entry.captured',
        'block.written',
      ]);
      captured.push(run[at + 1].event);
    }

    const blocks = blocksOf(captured, 'entry.captured');
    expect(blocks.length).toBeGreaterThan(new Set(blocks).size);
    expect(blocks.length).toBe(countOf(run, 'block.written'));
  });

  it('S13.1 entries are drained in the order in which they were captured', () => {
    const sealed = firstOf(run, 'buffer.sealed');
    const next = firstOf(run, 'buffer.sealed', sealed + 1);
    const drained = run.slice(sealed, next).map(({ event }) => event);

    expect(blocksOf(drained, 'entry.drained')).toEqual(
      run[sealed].state.own.sealed.map(({ block }) => block),
    );
  });

  it('S13.1 with two buffers processors go on when the buffer is sealed, and draining goes on behind them', () => {
    const sealed = firstOf(run, 'buffer.sealed');
    const resumed = firstOf(run, 'processor.resumed', sealed);

    expect(firstOf(run, 'entry.drained', sealed)).toBeGreaterThan(resumed);
    expect(run.some(({ state }) => state.own.open.length > 0 && state.own.sealed.length > 0)).toBe(true);
  });

  it('S13.1 with two buffers one is drained before the other is sealed', () => {
    const backToBack: Run = runOf(localShadow, 'back-to-back');
    for (const [at, { event }] of backToBack.entries()) {
      if (event.kind === 'buffer.sealed') expect(backToBack[at - 1].state.own.sealed).toEqual([]);
    }
  });

  it('S13.1 with one buffer processors wait until it is drained', () => {
    for (const { event, state } of runOf<State>(localShadow, 'one-buffer')) {
      if (state.own.sealed.length === 0) continue;
      expect(state.processors.some(({ running }) => running)).toBe(false);
      expect(event.kind).not.toBe('entry.captured');
    }
  });

  it('S13.1 rollback finishes the drain, then brings back the blocks of the open buffer alone, then drops it', () => {
    const place = run.find(({ state }) => state.own.open.length > 0 && state.own.sealed.length > 0);
    const state = place?.state ?? run[0].state;
    const checkpoint = Array.from({ length: state.memory.size }, (_, block) =>
      shadowWhenDrained(state, block),
    );

    const { events, end } = recovery(localShadow, failing(localShadow, state, failed));

    const kinds = kindsOf(events);
    expect(kinds.indexOf('block.restored')).toBeGreaterThan(kinds.lastIndexOf('entry.drained'));
    expect(kinds.indexOf('buffer.dropped')).toBeGreaterThan(kinds.lastIndexOf('block.restored'));
    expect(blocksOf(events, 'block.restored')).toEqual(blocksIn(state.own.open));
    expect(checkpoint.map((_, block) => end.memory.get(block))).toEqual(checkpoint);
  });

  it('S13.1 by another choice rollback brings back all blocks', () => {
    const all: Run = runOf(localShadow, 'restore-all');
    const { state } = all[firstOf(all, 'block.written')];

    const { events } = recovery(localShadow, failing(localShadow, state, failed));

    expect(blocksOf(events, 'block.restored').length).toBe(state.memory.size);
  });

  it('S13.1 a full buffer forces a checkpoint that nobody asked for, and has room for what it writes', () => {
    const tiny: Run = runOf(localShadow, 'tiny-buffers');

    expect(countOf(tiny, 'checkpoint.requested')).toBe(0);
    expect(countOf(tiny, 'checkpoint.committed')).toBeGreaterThan(1);
    for (const { state } of tiny) {
      expect(state.own.open.length).toBeLessThanOrEqual(2 + reserveEntries(state.setup.value));
    }
  });

  it('S13.1 exhaustion at any index (F18) forces the next checkpoint, which then restores the room', () => {
    for (const { state: before } of run) {
      if (before.phase !== 'normal' || before.own.open.length === 0) continue;
      const state = forkState(before);
      localShadow.evolve(state, { kind: 'buffer.limited', entries: state.own.open.length } as AnyEvent);

      let event = localShadow.decide(state);
      while (event !== undefined && event.kind !== 'buffer.sealed') {
        expect(event.kind).not.toBe('store.retired');
        localShadow.evolve(state, event);
        event = localShadow.decide(state);
      }

      expect(event?.kind).toBe('buffer.sealed');
      localShadow.evolve(state, { kind: 'buffer.sealed' });
      expect(state.own.limitEntries).toBe(state.setup.value.bufferEntries);
    }
  });

  it('S13.1 an entry that is lost before it is drained is replaced from memory, while nothing was captured since', () => {
    const one: Run = runOf(localShadow, 'one-buffer');
    const { state } = one[firstOf(one, 'entry.drained')];

    const error = { kind: 'memory.failed', area: 'sealed buffer', block: 0 } as const;
    const { events, end } = recovery(localShadow, failing(localShadow, state, error));

    expect(kindsOf(events)).toEqual(expect.arrayContaining(['shadow.distrusted', 'shadow.mended']));
    expect(end.loss).toBeNull();
    expect(end.epoch).toBe(1);
  });

  it('S13.1 an error in the open buffer costs nothing but time: every block is brought back', () => {
    const { state } = run[firstOf(run, 'block.written')];

    const error = { kind: 'memory.failed', area: 'open buffer', block: 0 } as const;
    const { events, end } = recovery(localShadow, failing(localShadow, state, error));

    expect(blocksOf(events, 'block.restored').length).toBe(state.memory.size);
    expect(end.loss).toBeNull();
  });

  it('S13.1 costs: one captured copy for each write, each drained once', () => {
    const [captured, drained, buffered] = ['capturedBytes', 'drainedBytes', 'bufferedEntries'].map((name) =>
      localShadow.costs.find((cost) => cost.name === name),
    );
    const total = (cost: typeof captured): number =>
      run.reduce((sum, { event, state }) => sum + (cost?.of(event, state) ?? 0), 0);
    const writtenBytes = run.reduce(
      (sum, { event }) =>
        sum + (event.kind === 'block.written' && 'data' in event ? String(event.data).length / 2 : 0),
      0,
    );
    const left = run.at(-1)?.state.own.open ?? [];

    expect(total(captured)).toBe(writtenBytes);
    expect(total(drained)).toBe(writtenBytes - left.reduce((sum, { data }) => sum + data.length / 2, 0));
    expect(buffered?.fold).toBe('max');
  });

  it('S13.1.f a device whose program is empty writes, and then a processor fails: only the mutant leaves the block out', () => {
    const [{ world }] = localShadow.scenarios;
    const scenario = {
      name: 'idle-device',
      meaning: 'stores, and a device that does nothing',
      world,
      // Long enough that behind some of the device's writes, which are classes drawn by their digests, a processor fails.
      actors: {
        p0: Array.from({ length: 8 }, (_, value) => ({ do: 'store', block: 1, word: 0, value })),
        disk: [],
      },
    };
    const verdicts = [undefined, 'f'].map((mutant) => {
      const { violations, injectionsByFault } = exploreFaults(
        localShadow,
        scenario,
        mutant ? { mutant } : {},
      );
      expect(injectionsByFault['F17']).toBeGreaterThan(0);
      return violations.map(({ invariant, last }) => ({
        invariant,
        faults: [...linksTo(last)].flatMap(({ fault }) => fault?.number ?? []),
      }));
    });

    expect(verdicts[0]).toEqual([]);
    expect(verdicts[1].length).toBeGreaterThan(0);
    for (const { faults } of verdicts[1]) expect(faults[0]).toBe('F17');
  });
});
