import { describe, expect, it } from 'vitest';
import { UNREADABLE } from '../../src/hardware/block-store.ts';
import type { AnyEvent } from '../../src/kernel/event-table.ts';
import type { Copies } from '../../src/mechanisms/controller-checkpoints/one-bit-map/copies.ts';
import { oneBitMap } from '../../src/mechanisms/controller-checkpoints/one-bit-map/one-bit-map.ts';
import type { State } from '../../src/mechanisms/controller-checkpoints/one-bit-map/state.ts';
import type { CheckpointReference } from '../../src/mechanisms/controller-checkpoints/reference.ts';
import { failing, recovery, runOf } from '../support/checkpoint-runs.ts';
import { describeMechanism } from '../support/mechanism-contract.ts';

const OTHER = 'ee'.repeat(16);

describeMechanism<State, CheckpointReference<Copies>>(oneBitMap, {
  breaks: {
    I1: ({ own, memory }) => {
      own.shadow.set(1, OTHER);
      memory.set(1, OTHER);
    },
    I2: ({ memory }) => memory.set(1, OTHER),
    I3: ({ own, memory }, { now }) => {
      for (const block of now.writtenByDevices) {
        own.modified.clear(block);
        memory.set(block, OTHER);
      }
    },
    I4: (_, reference) => {
      reference.wrong = 'transfer';
    },
    I5: ({ memory }) => memory.set(1, OTHER),
    I6: ({ own }) => own.shadow.set(1, OTHER),
    I7: ({ own, memory }) => {
      own.modified.clear(1);
      memory.set(1, OTHER);
    },
    I8: ({ memory }) => memory.set(1, OTHER),
    G3: (_, reference) => {
      reference.wrong = 'output';
    },
    G4: (_, reference) => {
      reference.wrong = 'read';
    },
  },
});

describe('S13.3, as the sheet says it', () => {
  const run = runOf<State>(oneBitMap, 'two-processors');
  const blocksOf = (events: readonly AnyEvent[], kind: string): number[] =>
    events.flatMap((event) => (event.kind === kind && 'block' in event ? [Number(event.block)] : []));

  /** Events after each `flag.set`, up to the `flag.cleared` that ends the copying. */
  const copyings = (): AnyEvent[][] => {
    const found: AnyEvent[][] = [];
    let open: AnyEvent[] | undefined;
    for (const { event } of run) {
      if (event.kind === 'flag.cleared') open = undefined;
      open?.push(event);
      if (event.kind !== 'flag.set') continue;
      open = [];
      found.push(open);
    }
    return found;
  };

  it('S13.3 a write sets the bit, then changes the block, and copies nothing', () => {
    const writes = run.flatMap(({ event }, at) => (event.kind === 'write.begun' ? [at] : []));

    expect(writes.length).toBeGreaterThan(10);
    for (const at of writes) {
      expect(run.slice(at + 1, at + 3).map(({ event }) => event.kind)).toEqual([
        'map.marked',
        'block.written',
      ]);
    }
  });

  it('S13.3 each distinct modified block is copied once a checkpoint, whatever was written to it', () => {
    let modified: number[] = [];
    const expected: number[][] = [];
    for (const { event } of run) {
      if (event.kind === 'block.written' && 'block' in event) modified.push(Number(event.block));
      if (event.kind !== 'flag.set') continue;
      expected.push([...new Set(modified)].sort((a, b) => a - b));
      modified = [];
    }
    const copied = copyings().map((events) => blocksOf(events, 'block.copied'));

    expect(expected.length).toBe(2);
    expect(copied.map((blocks) => blocks.sort((a, b) => a - b))).toEqual(expected);
  });

  it('S13.3 processors wait, and memory is frozen, from the flag to the end of the copying', () => {
    for (const events of copyings()) {
      expect(new Set(events.map(({ kind }) => kind))).toEqual(
        new Set(['copy.begun', 'block.copied', 'map.cleared']),
      );
    }
  });

  it('S13.3 with the flag set rollback goes forward: it finishes the copy and commits', () => {
    const decided = run.findIndex(({ event }) => event.kind === 'flag.set');
    const state = failing(oneBitMap, run[decided + 3].state, { kind: 'processor.failed', processor: 0 });

    const { events, end } = recovery(oneBitMap, state);

    expect(events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['block.copied', 'flag.cleared', 'checkpoint.committed', 'rollback.completed']),
    );
    expect(blocksOf(events, 'block.restored')).toEqual([]);
    expect(end.epoch).toBe(1);
  });

  it('S13.3 with the flag clear rollback goes back, and brings back the modified blocks alone', () => {
    const decided = run.findIndex(({ event }) => event.kind === 'flag.set');
    const { state } = run[decided - 1];
    const modified = Array.from({ length: state.memory.size }, (_, block) => block).filter((block) =>
      state.own.modified.has(block),
    );

    const failed = failing(oneBitMap, state, { kind: 'processor.failed', processor: 0 });
    const { events, end } = recovery(oneBitMap, failed);

    expect(blocksOf(events, 'block.restored')).toEqual(modified);
    expect(end.epoch).toBe(0);
  });

  it('S13.3 memory that is lost in the middle of the copying leaves a mixed shadow, and that is reported', () => {
    const decided = run.findIndex(({ event }) => event.kind === 'flag.set');
    const { state } = run[decided + 3];
    const toCopy = state.own.modified.first() ?? -1;

    const failed = failing(oneBitMap, state, { kind: 'memory.failed', area: 'memory', block: toCopy });
    const { events, end } = recovery(oneBitMap, failed);

    expect(events.at(-1)?.kind).toBe('loss.reported');
    expect(end.loss).toContain(`block ${toCopy} of memory`);
    expect(end.memory.get(toCopy)).toBe(UNREADABLE);
  });

  it('S13.3 a lost map is replaced: every block is taken to be modified, in both directions', () => {
    const decided = run.findIndex(({ event }) => event.kind === 'flag.set');
    for (const at of [decided - 1, decided + 3]) {
      const { state } = run[at];
      const failed = failing(oneBitMap, state, { kind: 'memory.failed', area: 'bit map', block: 0 });

      const { events, end } = recovery(oneBitMap, failed);

      const kind = state.own.copying ? 'block.copied' : 'block.restored';
      expect(blocksOf(events, kind).length).toBe(state.memory.size);
      expect(end.loss).toBeNull();
    }
  });
});
