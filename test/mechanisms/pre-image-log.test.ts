import { describe, expect, it } from 'vitest';
import { UNREADABLE } from '../../src/hardware/block-store.ts';
import { holderOf } from '../../src/hardware/caches.ts';
import type { AnyEvent } from '../../src/kernel/event-table.ts';
import { forkState } from '../../src/kernel/model.ts';
import type { LogCopies } from '../../src/mechanisms/controller-checkpoints/pre-image-log/copies.ts';
import { preImageLog } from '../../src/mechanisms/controller-checkpoints/pre-image-log/pre-image-log.ts';
import { entriesForCheckpoint } from '../../src/mechanisms/controller-checkpoints/pre-image-log/room.ts';
import type { State } from '../../src/mechanisms/controller-checkpoints/pre-image-log/state.ts';
import type { CheckpointReference } from '../../src/mechanisms/controller-checkpoints/reference.ts';
import { failing, recovery, runOf } from '../support/checkpoint-runs.ts';
import { describeMechanism } from '../support/mechanism-contract.ts';

const OTHER = 'ee'.repeat(16);

/** A block is something else, and no entry says what it was. */
const replace = ({ own, memory }: State, block: number): void => {
  memory.set(block, OTHER);
  own.log = own.log.map((entry) => (entry.block === block ? { block, data: OTHER } : entry));
};

describeMechanism<State, CheckpointReference<LogCopies>>(preImageLog, {
  breaks: {
    I1: (state) => replace(state, 1),
    I2: ({ memory }) => memory.set(1, OTHER),
    I3: ({ own, memory }, { now }) => {
      own.pointer = 0;
      for (const block of now.writtenByDevices) memory.set(block, OTHER);
    },
    I4: (_, reference) => {
      reference.wrong = 'transfer';
    },
    I5: ({ memory }) => memory.set(1, OTHER),
    I6: (state) => replace(state, 1),
    I7: ({ own }) => {
      own.pointer = 0;
    },
    I8: ({ own }) => {
      own.log[0] = { ...own.log[0], data: OTHER };
    },
    G3: (_, reference) => {
      reference.wrong = 'output';
    },
    G4: (_, reference) => {
      reference.wrong = 'read';
    },
  },
});

const blockOf = (event: AnyEvent): number => ('block' in event ? Number(event.block) : -1);
const kindsOf = (events: readonly AnyEvent[]): string[] => events.map(({ kind }) => kind);
const processorFails = { kind: 'processor.failed', processor: 0 } as const;

describe('S13.6, as the sheet says it', () => {
  const run = runOf<State>(preImageLog, 'two-processors');
  const events = run.map(({ event }) => event);
  const reset = run.findIndex(({ event }) => event.kind === 'pointer.reset');
  const before = run[reset - 2].state; // all is flushed, and the map is not reset yet

  it('S13.6 a first write reads the block, appends what it held, and only then writes', () => {
    const logged = new Set<number>();
    let writes = 0;
    for (const [at, event] of events.entries()) {
      if (event.kind === 'pointer.reset') logged.clear();
      if (event.kind !== 'write.begun') continue;
      const block = blockOf(event);
      const steps = kindsOf(events.slice(at + 1, at + 5));
      if (logged.has(block)) expect(steps[0]).toBe('block.written');
      else expect(steps).toEqual(['entry.written', 'pointer.advanced', 'map.marked', 'block.written']);
      logged.add(block);
      writes++;
    }

    expect(writes).toBeGreaterThan(10);
  });

  it('S13.6 without the map every write is logged, and one block has several entries', () => {
    const all = runOf<State>(preImageLog, 'every-write-logged');
    const kinds = kindsOf(all.map(({ event }) => event));
    const repeats = all.some(({ state: { own } }) => {
      const blocks = own.log.map(({ block }) => block);
      return new Set(blocks).size < blocks.length;
    });

    expect(kinds.filter((kind) => kind === 'entry.written').length).toBe(
      kinds.filter((kind) => kind === 'write.begun').length,
    );
    expect(kinds).not.toContain('map.marked');
    expect(repeats).toBe(true);
  });

  it('S13.6 the map is reset, then the pointer, which decides; the log is empty from then on', () => {
    expect(kindsOf(events.slice(reset - 1, reset + 2))).toEqual([
      'map.reset',
      'pointer.reset',
      'checkpoint.committed',
    ]);
    expect(run[reset - 1].state.decided).toBe(0);
    expect(run[reset].state.decided).toBe(1);
    expect(run[reset].state.own.pointer).toBe(0);
  });

  it('S13.6 rollback applies the log from the newest entry to the oldest, then resets it', () => {
    const { events: steps } = recovery(preImageLog, failing(preImageLog, before, processorFails));
    const restored = steps.filter(({ kind }) => kind === 'block.restored').map(blockOf);

    expect(restored).toEqual(before.own.log.map(({ block }) => block).reverse());
    const last = steps.findLastIndex(({ kind }) => kind === 'block.restored');
    expect(kindsOf(steps.slice(last + 1, last + 3))).toEqual(['map.reset', 'pointer.reset']);
  });

  it('S13.6 rollback takes one step for each entry, so its time is proportional to the log', () => {
    const lengths = run.slice(0, reset).map(({ state }) => {
      const { events: steps } = recovery(preImageLog, failing(preImageLog, state, processorFails));
      return [steps.filter(({ kind }) => kind === 'block.restored').length, state.own.pointer];
    });

    for (const [applied, entries] of lengths) expect(applied).toBe(entries);
    expect(Math.max(...lengths.map(([applied]) => applied))).toBeGreaterThan(5);
  });

  it('S13.6 an unreadable block comes back from its entry; without an entry it is reported as lost', () => {
    for (let block = 0; block < before.memory.size; block++) {
      const isLogged = before.own.log.some((entry) => entry.block === block);
      const failed = failing(preImageLog, before, { kind: 'memory.failed', area: 'memory', block });
      const { end } = recovery(preImageLog, failed);

      expect(end.loss).toEqual(isLogged ? null : expect.stringContaining(`block ${block}`));
      expect(end.memory.get(block) === UNREADABLE).toBe(!isLogged);
    }
  });

  it('S13.6 an entry that counts but whose block has no bit yet is not needed, if other bits are set', () => {
    const at = run.findLastIndex(({ event }, i) => event.kind === 'pointer.advanced' && i < reset);
    const unreadable = (index: number): State => {
      const { state } = run[index];
      const failed = failing(preImageLog, state, {
        kind: 'memory.failed',
        area: 'log',
        block: state.own.pointer - 1,
      });
      return recovery(preImageLog, failed).end;
    };

    expect(unreadable(at).loss).toBeNull();
    expect(unreadable(at + 1).loss).toContain('which is modified');
    expect(unreadable(reset - 1).loss).toContain('not known'); // the map was just reset, and says nothing
  });

  it('S13.6 a log that is full forces a checkpoint, and none is asked for', () => {
    const kinds = kindsOf(runOf<State>(preImageLog, 'short-log').map(({ event }) => event));

    expect(kinds).not.toContain('checkpoint.requested');
    expect(kinds).toContain('checkpoint.committed');
  });

  /** Takes away the room that no checkpoint claims, and what the scenario may do until the log is reset, from each index. */
  function* limited(scenario: string): Generator<State> {
    for (const { state } of runOf<State>(preImageLog, scenario)) {
      const entries = state.own.pointer + entriesForCheckpoint(state);
      if (entries >= state.own.capacity) continue;
      const world = forkState(state);
      const event: AnyEvent & { entries: number } = { kind: 'log.limited', entries };
      preImageLog.evolve(world, event);
      yield* untilReset(world);
    }
  }

  function* untilReset(world: State): Generator<State> {
    yield world;
    for (let event = preImageLog.decide(world); event !== undefined; event = preImageLog.decide(world)) {
      preImageLog.evolve(world, event);
      if (event.kind === 'pointer.reset') return;
      yield world;
    }
  }

  it('S13.6 the room that a checkpoint claims suffices when the rest of the log is taken away at any index', () => {
    for (const { name } of preImageLog.scenarios) {
      for (const { own } of limited(name)) expect(own.pointer).toBeLessThanOrEqual(own.capacity);
    }
  });

  it('S13.6 and it suffices when a device writes unasked at any index after that', () => {
    const unasked = {
      kind: 'dma.arrived',
      device: 0,
      offsetBytes: 0,
      data: 'd0'.repeat(8),
      unasked: true,
    } as const;
    let written = 0;
    for (const world of limited('every-write-logged')) {
      const block = [0, 1, 2].find((one) => holderOf(world, one) < 0);
      if (block === undefined) continue;
      for (const { own } of untilReset(failing(preImageLog, world, { ...unasked, block })))
        expect(own.pointer).toBeLessThanOrEqual(own.capacity);
      written++;
    }

    expect(written).toBeGreaterThan(100);
  });

  it('S13.6 costs: an entry is the block and its number, and nothing else is copied', () => {
    const cost = (name: string): number => {
      const found = preImageLog.costs.find((one) => one.name === name);
      return run.reduce((sum, { event, state }) => sum + (found?.of(event, state) ?? Number.NaN), 0);
    };

    expect(cost('preImageReads')).toBe(kindsOf(events).filter((kind) => kind === 'entry.written').length);
    expect(cost('logBytes')).toBe(cost('preImageReads') * (16 + 8));
    expect(cost('appliedEntries')).toBe(0);
  });
});
