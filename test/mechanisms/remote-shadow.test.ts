import { describe, expect, it } from 'vitest';
import { isRunning } from '../../src/hardware/host.ts';
import type { AnyEvent } from '../../src/kernel/event-table.ts';
import { forkState } from '../../src/kernel/model.ts';
import type { CheckpointReference } from '../../src/mechanisms/controller-checkpoints/reference.ts';
import type { Copies } from '../../src/mechanisms/controller-checkpoints/remote-shadow/copies.ts';
import type { RemoteShadowEvent } from '../../src/mechanisms/controller-checkpoints/remote-shadow/events.ts';
import { remoteShadow } from '../../src/mechanisms/controller-checkpoints/remote-shadow/remote-shadow.ts';
import {
  BACKUP,
  PRIMARY,
  type State,
  TO_BACKUP,
} from '../../src/mechanisms/controller-checkpoints/remote-shadow/state.ts';
import { recovery, runOf } from '../support/checkpoint-runs.ts';
import { describeMechanism } from '../support/mechanism-contract.ts';

const OTHER = 'ee'.repeat(16);

describeMechanism<State, CheckpointReference<Copies>>(remoteShadow, {
  breaks: {
    I1: ({ own, memory }) => {
      own.shadow.set(1, OTHER);
      memory.set(1, OTHER);
    },
    I2: ({ memory }) => memory.set(1, OTHER),
    I3: ({ own, memory }, { now }) => {
      own.sendBuffer = [];
      for (const block of now.writtenByDevices) memory.set(block, OTHER);
    },
    I4: (_, reference) => {
      reference.wrong = 'transfer';
    },
    I5: ({ memory }) => memory.set(1, OTHER),
    I6: ({ own }) => own.shadow.set(1, OTHER),
    I7: ({ own }) => {
      own.acknowledged = 0;
    },
    I8: ({ own }) => {
      own.hosts[BACKUP].role = 'primary';
    },
    G3: (_, reference) => {
      reference.wrong = 'output';
    },
    G4: (_, reference) => {
      reference.wrong = 'read';
    },
  },
});

describe('S13.2, as the sheet says it', () => {
  const run = runOf<State>(remoteShadow, 'two-processors');
  const kinds = (events: readonly AnyEvent[]): string[] => events.map(({ kind }) => kind);
  const decided = run.findIndex(({ event }) => event.kind === 'commit.recorded');

  /** The state after an event of the run, and these after it. */
  const stateAt = (at: number, ...events: readonly RemoteShadowEvent[]): State => {
    const state = forkState(run[at].state);
    for (const event of events) remoteShadow.evolve(state, event);
    return state;
  };
  /** Lets the machine go on until it is at the end of the scenario. */
  const goOn = (state: State): { readonly events: AnyEvent[]; readonly end: State } => {
    const end = forkState(state);
    const events: AnyEvent[] = [];
    const next = (): AnyEvent | undefined => remoteShadow.recover(end) ?? remoteShadow.decide(end);
    for (let event = next(); event !== undefined; event = next()) {
      remoteShadow.evolve(end, event);
      events.push(event);
    }
    return { events, end };
  };
  const failed: RemoteShadowEvent = { kind: 'host.failed', host: PRIMARY };
  const imageOf = ({ own }: State): string[] =>
    Array.from({ length: own.shadow.size }, (_, block) => own.shadow.get(block));

  it('S13.2 every write is captured before it is done, repeated blocks repeatedly', () => {
    const writes = run.flatMap(({ event }, at) => (event.kind === 'write.begun' ? [at] : []));

    expect(writes.length).toBeGreaterThan(10);
    for (const at of writes) {
      expect(kinds(run.slice(at + 1, at + 3).map(({ event }) => event))).toEqual([
        'entry.captured',
        'block.written',
      ]);
    }
  });

  it('S13.2 the backup records, then acknowledges, then the primary publishes', () => {
    const steps = run.flatMap(({ event }) => {
      if ('subject' in event && event.subject === 'ack') return ['ack'];
      return event.kind === 'commit.recorded' || event.kind === 'checkpoint.committed' ? [event.kind] : [];
    });

    expect(steps.slice(0, 3)).toEqual(['commit.recorded', 'ack', 'checkpoint.committed']);
    expect(steps.length).toBe(6);
  });

  it('S13.2.I6 the shadow is as it was until the epoch is recorded', () => {
    const first = imageOf(run[0].state);

    expect(imageOf(run[decided].state)).toEqual(first);
    expect(run[decided].state.own.sealed.length).toBeGreaterThan(0);
    expect(imageOf(run.at(-1)?.state ?? run[0].state)).not.toEqual(first);
  });

  it('S13.2 a takeover with a complete sealed buffer goes forward', () => {
    const { events, end } = recovery(remoteShadow, stateAt(decided - 1, failed));

    expect(kinds(events)).toContain('commit.recorded');
    expect(kinds(events)).not.toContain('buffer.discarded');
    expect(end.epoch).toBe(1);
  });

  it('S13.2 a takeover without a seal discards the buffer and starts from the shadow', () => {
    const sealed = run.findIndex(({ event }) => 'subject' in event && event.subject === 'seal');
    const { events, end } = recovery(
      remoteShadow,
      stateAt(sealed - 1, { kind: 'link.cut', link: TO_BACKUP, arriving: 0 }, failed),
    );

    expect(kinds(events)).toContain('buffer.discarded');
    expect(kinds(events)).not.toContain('commit.recorded');
    expect(end.epoch).toBe(0);
  });

  it('S13.2.I8 a primary that lives is fenced before the backup takes over', () => {
    const { events } = recovery(remoteShadow, stateAt(20, { kind: 'host.suspected', host: PRIMARY }));

    expect(kinds(events).indexOf('host.fenced')).toBeGreaterThanOrEqual(0);
    expect(kinds(events).indexOf('takeover.begun')).toBeGreaterThan(kinds(events).indexOf('host.fenced'));
  });

  it('S13.2 a backup that took over goes on alone, to the end of every program', () => {
    const { events, end } = goOn(stateAt(decided, failed));
    const alone = events.slice(kinds(events).indexOf('rollback.completed'));

    expect(kinds(alone)).toContain('checkpoint.committed');
    expect(kinds(alone)).not.toContain('message.sent');
    expect(end.processors.map(({ next }) => next)).toEqual(
      run.at(-1)?.state.processors.map(({ next }) => next),
    );
  });

  it('S13.2 rollback of a live primary fetches the blocks that it modified, and no others', () => {
    const state = stateAt(decided - 1);
    const modified = new Set(state.own.sendBuffer.map(({ block }) => block));
    remoteShadow.evolve(state, { kind: 'processor.failed', processor: 0 } as AnyEvent);
    const { events } = recovery(remoteShadow, state);
    const restored = events.flatMap((event) =>
      event.kind === 'block.restored' && 'block' in event ? [Number(event.block)] : [],
    );

    expect(new Set(restored)).toEqual(modified);
    expect(restored.length).toBe(modified.size);
  });

  it('S13.2 a checkpoint waits while the link is cut, and what was lost is sent again', () => {
    const sent = run.findIndex(({ event }) => 'subject' in event && event.subject === 'entry');
    const { events, end } = goOn(stateAt(sent, { kind: 'link.cut', link: TO_BACKUP, arriving: 0 }));
    const restored = kinds(events).indexOf('link.restored');

    expect(kinds(events.slice(0, restored))).not.toContain('checkpoint.committed');
    expect(events.some((event) => 'subject' in event && event.subject === 'nack')).toBe(true);
    expect(end.epoch).toBe(run.at(-1)?.state.epoch);
  });

  it('S13.2 a backup that failed gets all blocks again, in a checkpoint that is taken at once', () => {
    const { events, end } = goOn(stateAt(decided + 12, { kind: 'host.failed', host: BACKUP }));
    const recaptured = events.filter((event) => 'recaptured' in event && event.recaptured === true);

    expect(recaptured.length).toBe(end.memory.size);
    expect(end.own.recapture).toBe(-1);
    expect(imageOf(end)).toEqual(imageOf(run.at(-1)?.state ?? end));
  });

  it('S13.2 when both computers are lost, that is reported', () => {
    const { events, end } = recovery(
      remoteShadow,
      stateAt(decided, failed, { kind: 'host.failed', host: BACKUP }),
    );

    expect(kinds(events)).toEqual(['loss.reported']);
    expect(end.own.hosts.some(isRunning)).toBe(false);
  });

  it('S13.2 costs: each captured write crosses the link once when nothing is lost', () => {
    const sums = new Map<string, number>();
    for (const { event, state } of run) {
      for (const { name, of } of remoteShadow.costs) sums.set(name, (sums.get(name) ?? 0) + of(event, state));
    }
    const entries = run.filter(({ event }) => 'subject' in event && event.subject === 'entry');

    expect(sums.get('capturedWrites')).toBeGreaterThanOrEqual(entries.length);
    expect(sums.get('linkBytes')).toBe(entries.length * (24 + 16) + 2 * 8);
    expect(sums.get('acknowledgementWaitSteps')).toBeGreaterThan(0);
    expect(sums.get('takeoverSteps')).toBe(0);
  });
});
