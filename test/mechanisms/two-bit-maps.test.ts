import { describe, expect, it } from 'vitest';
import { exploreFaults } from '../../src/explore/fault-campaign/explorer.ts';
import { linksTo } from '../../src/explore/fault-campaign/world.ts';
import type { AnyEvent, EventOfKind } from '../../src/kernel/event-table.ts';
import type { MachineEvent } from '../../src/mechanisms/controller-checkpoints/events.ts';
import type { CheckpointReference } from '../../src/mechanisms/controller-checkpoints/reference.ts';
import type { Copies } from '../../src/mechanisms/controller-checkpoints/two-bit-maps/copies.ts';
import type { twoBitMapsEvents } from '../../src/mechanisms/controller-checkpoints/two-bit-maps/events.ts';
import type { State } from '../../src/mechanisms/controller-checkpoints/two-bit-maps/state.ts';
import { twoBitMaps } from '../../src/mechanisms/controller-checkpoints/two-bit-maps/two-bit-maps.ts';
import { failing, recovery, runOf } from '../support/checkpoint-runs.ts';
import { describeMechanism } from '../support/mechanism-contract.ts';

const OTHER = 'ee'.repeat(16);

describeMechanism<State, CheckpointReference<Copies>>(twoBitMaps, {
  breaks: {
    I1: ({ own, memory }) => {
      own.shadow.set(1, OTHER);
      memory.set(1, OTHER);
    },
    I2: ({ memory }) => memory.set(1, OTHER),
    I3: ({ own, memory }, { now }) => {
      for (const block of now.writtenByDevices) {
        own.b.clear(block);
        memory.set(block, OTHER);
      }
    },
    I4: (_, reference) => {
      reference.wrong = 'transfer';
    },
    I5: ({ memory }) => memory.set(1, OTHER),
    I6: ({ own }) => {
      own.a.set(2);
      own.b.set(2);
    },
    I7: ({ own, memory }) => memory.set(own.a.first() ?? -1, OTHER),
    I8: ({ own }) => {
      own.a.clear(2);
      own.shadow.set(2, OTHER);
    },
    I9: ({ own, memory }) => {
      own.b.clear(2);
      memory.set(2, OTHER);
    },
    I10: ({ own }) => {
      own.mode = own.mode === 'paused' ? 'background' : 'paused';
    },
    I11: ({ own }, { copies }) => {
      copies.modes.inForce = 'paused';
      own.a.set(0);
    },
    G3: (_, reference) => {
      reference.wrong = 'output';
    },
    G4: (_, reference) => {
      reference.wrong = 'read';
    },
  },
});

type Copied = EventOfKind<typeof twoBitMapsEvents, 'block.copied'>;

describe('S13.4, as the sheet says it', () => {
  const run = runOf<State>(twoBitMaps, 'two-processors');
  const lostMap = (area: 'map A' | 'map B'): MachineEvent => ({ kind: 'memory.failed', area, block: 0 });
  const blocksOf = ({ memory }: State): string[] =>
    Array.from({ length: memory.size }, (_, block) => memory.get(block));

  it('S13.4 one map says what the other one may have held: either is lost without a loss of data', () => {
    for (const { state } of run) {
      const whole = recovery(
        twoBitMaps,
        failing(twoBitMaps, state, { kind: 'processor.failed', processor: 0 }),
      );
      for (const area of ['map A', 'map B'] as const) {
        const { events, end } = recovery(twoBitMaps, failing(twoBitMaps, state, lostMap(area)));

        expect(events).toContainEqual({ kind: 'map.rebuilt', map: area.slice(-1) });
        expect(end.loss).toBeNull();
        expect(blocksOf(end as State)).toEqual(blocksOf(whole.end as State));
      }
    }
  });

  it('S13.4 both maps lost are reported as lost', () => {
    const failed = failing(
      twoBitMaps,
      failing(twoBitMaps, run[20].state, lostMap('map B')),
      lostMap('map A'),
    );
    const { events, end } = recovery(twoBitMaps, failed);

    expect(events.at(-1)?.kind).toBe('loss.reported');
    expect(end.loss).toContain('both maps');
  });

  it('S13.4.e a write between the halves of a copy tears the block of the shadow, without any fault', () => {
    const [scenario] = twoBitMaps.scenarios;
    const { violations } = exploreFaults(twoBitMaps, scenario, { mutant: 'e', faultsMax: 0 });
    const [{ invariant, last }] = violations;
    const copies = linksTo(last).flatMap(({ event }) => ('part' in event ? [event as Copied] : []));
    const parts = copies.filter(({ block }) => block === copies.at(-1)?.block).map(({ part }) => part);

    expect(['I1', 'I8']).toContain(invariant);
    expect(parts.slice(-3)).toEqual(['first', 'whole', 'second']);
  });

  it('S13.4.e no half is copied onto an unreadable block of the shadow, nor of an unreadable block', () => {
    for (const area of ['shadow', 'memory']) {
      const state = failing(twoBitMaps, run[20].state, { kind: 'memory.failed', area, block: 1 });
      const half: Copied = { kind: 'block.copied', block: 1, part: 'second' };

      expect(() => twoBitMaps.evolve(state, half)).toThrow('cannot be read');
    }
  });

  it('S13 an interrupt that is raised during rollback, or after it, is served once; one before is void', () => {
    const interrupt: MachineEvent = { kind: 'interrupt.raised', processor: 0 };
    const servedAfter = (state: State): number => {
      let served = 0;
      const next = (): AnyEvent | undefined => twoBitMaps.recover(state) ?? twoBitMaps.decide(state);
      for (let event = next(); event !== undefined; event = next()) {
        twoBitMaps.evolve(state, event);
        if (event.kind === 'interrupt.served') served++;
      }
      return served;
    };
    const failed: MachineEvent = { kind: 'processor.failed', processor: 1 };
    const before = failing(twoBitMaps, failing(twoBitMaps, run[20].state, interrupt), failed);
    const rollingBack = failing(twoBitMaps, run[20].state, failed);

    expect(servedAfter(before)).toBe(0);
    for (;;) {
      const raised = failing(twoBitMaps, rollingBack, interrupt);
      expect(servedAfter(failing(twoBitMaps, raised, failed))).toBe(rollingBack.failed ? 1 : 0);
      expect(servedAfter(raised)).toBe(1);
      const step = twoBitMaps.recover(rollingBack);
      if (step === undefined) break;
      twoBitMaps.evolve(rollingBack, step);
    }
  });
});

describe('S13.4 with settable mode bits', () => {
  const run = runOf<State>(twoBitMaps, 'settable-mode');
  const kinds = run.map(({ event }) => event.kind);
  /** The first event of a kind from an index on. */
  const placeOf = (kind: string, from: number): number => kinds.indexOf(kind, from);

  it('S13.4 (d) a mode is set between the commit and the first processor that goes on', () => {
    const places = kinds.flatMap((kind, at) => (kind === 'mode.set' ? [at] : []));

    expect(places.map((at) => run[at].event)).toEqual([
      { kind: 'mode.set', mode: 'paused' },
      { kind: 'mode.set', mode: 'background' },
    ]);
    for (const at of places) {
      expect(kinds[at - 1]).toBe('checkpoint.committed');
      expect(run[at].state.processors.some(({ running }) => running)).toBe(false);
    }
  });

  it('S13.4 in mode paused map A is copied before processors go on, in mode background behind them', () => {
    const paused = placeOf('mode.set', 0);
    const background = placeOf('mode.set', paused + 1);
    const blocksLeftAtResume = [paused, background].map(
      (at) => run[placeOf('processor.resumed', at)].state.own.a.count,
    );

    expect(run[paused].state.own.a.count).toBeGreaterThan(0);
    expect(blocksLeftAtResume[0]).toBe(0);
    expect(blocksLeftAtResume[1]).toBeGreaterThan(0);
  });

  it('S13.4 (d) each epoch runs in the mode that was asked for before it, wherever a fault strikes', () => {
    for (const { state } of run) {
      const failed = failing(twoBitMaps, state, { kind: 'processor.failed', processor: 0 });
      const { mode } = failed.own;
      const { end } = recovery(twoBitMaps, failed) as { end: State };
      const modes = [end.own.mode];
      for (let event = twoBitMaps.decide(end); event !== undefined; event = twoBitMaps.decide(end)) {
        twoBitMaps.evolve(end, event);
        if (event.kind === 'mode.set') modes.push(end.own.mode);
      }
      const isCompleted = state.own.modeDue !== null;

      expect(modes[0]).toBe(isCompleted ? state.own.modeDue : mode);
      expect(modes).toEqual(['background', 'paused', 'background'].slice(-modes.length));
      expect(modes.length).toBe(3 - state.decided);
    }
  });

  it('S13.4 a mode that is not known is refused, and hardwired bits ignore a request', () => {
    const [scenario] = twoBitMaps.scenarios.filter(({ name }) => name === 'settable-mode');
    const hardwired = { ...scenario, name: 'hardwired', policy: {} };
    const unknown = { ...scenario, name: 'unknown', actors: { p0: [{ do: 'mode', mode: 'never' }] } };
    const changed = { ...twoBitMaps, scenarios: [hardwired, unknown] };
    const events = runOf<State>(changed, 'hardwired').map(({ event }) => event.kind);

    expect(events).toContain('mode.requested');
    expect(events).not.toContain('mode.set');
    expect(() => runOf(changed, 'unknown')).toThrow('there is no mode never');
    expect(() =>
      twoBitMaps.evolve(runOf<State>(changed, 'hardwired')[0].state, {
        kind: 'mode.set',
        mode: 'paused',
      } as AnyEvent),
    ).toThrow('hardwired');
  });
});
