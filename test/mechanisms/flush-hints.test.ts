import { describe, expect, it } from 'vitest';
import { exploreFaults } from '../../src/explore/fault-campaign/explorer.ts';
import type { FlushHintEvent } from '../../src/mechanisms/flush-hints/events.ts';
import { evolve } from '../../src/mechanisms/flush-hints/evolve.ts';
import { flushHints } from '../../src/mechanisms/flush-hints/flush-hints.ts';
import { initialState, LINE_BYTES, type State } from '../../src/mechanisms/flush-hints/machine.ts';
import { type FlushReference, reference } from '../../src/mechanisms/flush-hints/reference.ts';
import { decide, recover } from '../../src/mechanisms/flush-hints/schedule.ts';
import type { Scenario } from '../../src/mechanisms/mechanism.ts';
import { settingOf } from '../../src/mechanisms/setting.ts';
import { describeMechanism } from '../support/mechanism-contract.ts';

const OTHER = 'ee'.repeat(8);

describeMechanism<State, FlushReference>(flushHints, {
  breaks: {
    I1: (_, { machines }) => {
      machines[0].lines[0].onMedia = machines[0].lines[0].stored.length;
    },
    I2: ({ pageTables }) => {
      for (const [page, entry] of [...pageTables[0].host.entries()])
        pageTables[0].host.set(page, { ...entry, writable: !entry.writable });
    },
    I3: ({ tlbs }, { machines }) => {
      const [page, entry] = [...tlbs[0].entries.entries()][0];
      tlbs[0].entries.set(page, { ...entry, writable: true });
      machines[0].hints[0] = { page, isArmed: true };
    },
    I4: (_, reference) => {
      reference.wrong = 'I4';
    },
    I5: ({ pageTables }) => {
      const [page, entry] = [...pageTables[0].host.entries()][0];
      pageTables[0].host.set(page, { ...entry, frame: 1 });
    },
    I6: ({ hosts }) => {
      for (const { frames } of hosts) frames.fill(OTHER);
    },
    I7: (_, reference) => {
      reference.wrong = 'I7';
    },
    I8: (_, { hosts, machines }) => {
      hosts[machines[0].host].hints.fill(false);
    },
    I9: (_, { machines }) => {
      machines[0].loss = 'silent';
    },
  },
});

const scenarioOf = (name: string): Scenario => {
  const found = flushHints.scenarios.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`there is no scenario ${name}`);
  return found;
};

/** The events of a run, which goes on from these, and what each cost comes to. */
function run(
  scenario: Scenario,
  prefix: readonly FlushHintEvent[] = [],
  next: (state: State) => FlushHintEvent | undefined = decide,
): { events: FlushHintEvent[]; costs: Record<string, number> } {
  const state = initialState(settingOf(flushHints, scenario));
  const events: FlushHintEvent[] = [];
  const costs: Record<string, number> = {};
  for (let at = 0; ; at++) {
    const event = prefix[at] ?? next(state);
    if (event === undefined) return { events, costs };
    evolve(state, event);
    events.push(event);
    for (const { name, fold, of } of flushHints.costs) {
      const [sum, cost] = [costs[name] ?? 0, of(event, state)];
      costs[name] = fold === 'sum' ? sum + cost : Math.max(sum, cost);
    }
  }
}

const indexOf = (events: readonly FlushHintEvent[], matches: (event: FlushHintEvent) => boolean): number => {
  const at = events.findIndex(matches);
  expect(at, 'there is such an event').toBeGreaterThanOrEqual(0);
  return at;
};

describe('S1, order', () => {
  it('S1.b2 pages are protected, and every TLB has answered, before a hint is armed and any core runs', () => {
    const { events } = run(scenarioOf('concurrent-flushes'));

    const isProtected = indexOf(events, ({ kind }) => kind === 'page.protected');
    const hasAnswered = events.findLastIndex(({ kind }) => kind === 'tlb.dropped');
    const isArmed = indexOf(events, ({ kind }) => kind === 'virtual-hint.armed');
    const runs = indexOf(events, ({ kind }) => kind === 'vm.resumed');
    expect(isProtected).toBeLessThan(hasAnswered);
    expect(hasAnswered).toBeLessThan(isArmed);
    expect(isArmed).toBeLessThan(runs);
    expect(events.filter(({ kind }) => kind === 'tlb.dropped')).toHaveLength(2);
  });

  it('S1.b4 accepted, physical hint, all done, retired: in this order, for each trap', () => {
    const { events } = run(scenarioOf('trapped-on-adr'));

    const trap = indexOf(events, (event) => event.kind === 'vm.exited' && event.core === 0);
    const after = events.slice(trap);
    const steps = after
      .filter((event) => 'core' in event && event.core === 0)
      .map(({ kind }) => kind)
      .slice(0, 11);
    expect(steps).toEqual([
      'vm.exited',
      'fence.issued',
      'fence.retired',
      'hint.written',
      'hint.done',
      'hint.written',
      'hint.done',
      'fence.issued',
      'fence.retired',
      'virtual-hint.retired',
      'vm.resumed',
    ]);
    const accepted = indexOf(events, ({ kind }) => kind === 'wpq.accepted');
    expect(accepted).toBeLessThan(indexOf(events, ({ kind }) => kind === 'hint.written'));
  });

  it('S1.V3 at the destination support is determined anew, and the hint armed, before the first entry', () => {
    const { events } = run(scenarioOf('migration-to-support'));

    const moved = indexOf(events, ({ kind }) => kind === 'vm.moved');
    const after = events.slice(moved);
    const armed = indexOf(after, ({ kind }) => kind === 'virtual-hint.armed');
    expect(indexOf(after, ({ kind }) => kind === 'flush-support.determined')).toBeLessThan(armed);
    expect(armed).toBeLessThan(indexOf(after, ({ kind }) => kind === 'vm.resumed'));
  });
});

describe('S1, costs', () => {
  it('S1.V1 one exit for each flush, and one physical write for each controller in it', () => {
    const { costs } = run(scenarioOf('concurrent-flushes'));

    expect(costs).toMatchObject({ flushes: 2, hintExits: 2, physicalHintWrites: 4 });
    expect(costs['queuedLinesMax']).toBeGreaterThan(0);
    expect(costs['flushSteps']).toBeGreaterThan(0);
    expect(costs['fenceStallSteps']).toBeGreaterThan(0);
  });

  it('S1.V2 no exit at all, and no physical write', () => {
    const { costs } = run(scenarioOf('untrapped'));

    expect(costs).toMatchObject({ flushes: 2, hintExits: 0, physicalHintWrites: 0, flushSteps: 0 });
  });

  it('S1.V4 with one hint for all cores only one is allocated', () => {
    const allocated = (name: string): number =>
      run(scenarioOf(name)).events.filter(({ kind }) => kind === 'virtual-hint.allocated').length;

    expect(allocated('shared-hint-and-service-core')).toBe(1);
    expect(allocated('concurrent-flushes')).toBe(2);
  });
});

describe('S1, failures', () => {
  const verdicts = (
    name: string,
    fault: string,
  ): { violating: number; unrecoverable: number; injected: number } => {
    const only = { ...flushHints, faults: flushHints.faults.filter(({ number }) => number === fault) };
    const { violating, unrecoverable, injections } = exploreFaults(only, scenarioOf(name), { faultsMax: 1 });
    return { violating, unrecoverable, injected: injections };
  };

  it('S1.F13 is survived where flushes trap, and reported from the first entry on where they do not', () => {
    const trapped = verdicts('trapped-on-adr', 'F13');
    expect(trapped).toMatchObject({ violating: 0, unrecoverable: 0 });
    expect(trapped.injected).toBeGreaterThan(50);

    const untrapped = verdicts('untrapped', 'F13');
    expect(untrapped.violating).toBe(0);
    expect(untrapped.unrecoverable).toBeGreaterThan(untrapped.injected / 2);
  });

  it('S1.F13 on one host, and on another during recovery: each virtual machine is named, by itself', () => {
    const scenario = scenarioOf('recycled-frame');
    const { events } = run(scenario);
    const entered = events.findLastIndex(({ kind }) => kind === 'vm.resumed');
    const failed = (host: number): FlushHintEvent[] => [
      { kind: 'adr.failed', host },
      { kind: 'power.lost', host },
    ];
    const prefix = [
      ...events.slice(0, entered + 1),
      ...failed(0),
      { kind: 'host.restarted', host: 0 } as const,
      ...failed(1),
    ];

    const state = initialState(settingOf(flushHints, scenario));
    for (const event of prefix) evolve(state, event);
    const recovery: FlushHintEvent[] = [];
    for (let next = recover(state); next !== undefined; next = recover(state)) {
      evolve(state, next);
      recovery.push(next);
    }
    expect(recovery).toMatchObject([
      { kind: 'host.restarted', host: 1 },
      { kind: 'loss.reported', vm: 0 },
      { kind: 'loss.reported', vm: 1 },
    ]);
  });

  it('S1.F13 of one host is no reason for the virtual machine of another to stop', () => {
    const scenario = scenarioOf('recycled-frame');
    const { events } = run(scenario);
    const entered = indexOf(events, (event) => event.kind === 'vm.resumed' && event.core === 0);
    const failed = [
      { kind: 'adr.failed', host: 0 },
      { kind: 'power.lost', host: 0 },
    ] as const;
    const after = run(
      scenario,
      [...events.slice(0, entered + 1), ...failed],
      (state) => recover(state) ?? decide(state),
    ).events;
    const reported = indexOf(after, ({ kind }) => kind === 'loss.reported');
    expect(after.slice(reported)).toContainEqual(
      expect.objectContaining({ kind: 'virtual-hint.stored', core: 1 }),
    );
  });

  it('S1.F13 loses nothing of a virtual machine that an earlier loss of power has ended: that one saved it', () => {
    const scenario = scenarioOf('untrapped');
    const lost = (faults: readonly FlushHintEvent[]): string | undefined => {
      const seen = reference.initial(settingOf(flushHints, scenario));
      for (const event of [...run(scenario).events, ...faults]) reference.evolve(seen, event);
      return reference.lost(seen);
    };
    const off = { kind: 'power.lost', host: 0 } as const;
    const failed = { kind: 'adr.failed', host: 0 } as const;

    expect(lost([failed, off])).toMatch('virtual machine 0');
    expect(lost([off, { kind: 'host.restarted', host: 0 }, failed, off])).toBeUndefined();
  });

  it('S1.F1 never loses what a flush promised, with or without traps', () => {
    for (const name of ['concurrent-flushes', 'untrapped', 'migration-to-support'])
      expect(verdicts(name, 'F1')).toMatchObject({ violating: 0, unrecoverable: 0 });
  });

  it('S1.d a region that nothing keeps is shown as volatile, and no region moves to where nothing keeps it', () => {
    const { events } = run(scenarioOf('nothing-keeps-it'));

    expect(events).toContainEqual({ kind: 'region.exposed', vm: 0, as: 'volatile' });
    expect(events).toContainEqual({ kind: 'hint.skipped', core: 0 });
    expect(events).toContainEqual({ kind: 'migration.refused', vm: 1, host: 0 });
    expect(events.some(({ kind }) => kind === 'vm.moved')).toBe(false);
  });

  it('S1.M5 not only writes too few physical hints, it loses data', () => {
    const { violations } = exploreFaults(flushHints, scenarioOf('concurrent-flushes'), {
      mutant: 'M5',
      faultsMax: 1,
    });

    expect(violations.map(({ invariant }) => invariant)).toEqual(expect.arrayContaining(['I1', 'I4']));
  });

  it('S1.M6 one hint is enough for a region that lies behind one controller', () => {
    const { events } = run(scenarioOf('partial-support'));

    expect(events.filter(({ kind }) => kind === 'flush-support.determined')).toEqual([
      { kind: 'flush-support.determined', vm: 0, host: 0, controllers: 0 },
      { kind: 'flush-support.determined', vm: 1, host: 0, controllers: 1 },
    ]);
  });

  it('S1.F1 before the last physical hint is done loss is legal, and it happens; after it, none', () => {
    const scenario = scenarioOf('trapped-on-adr');
    const lossy: Scenario = {
      ...scenario,
      world: { ...scenario.world, hosts: [{ platform: 'P0', hints: [true, true] }] },
      actors: { core0: scenario.actors['core0'] },
    };
    const { events } = run(lossy);
    const decided = indexOf(events, (event) => event.kind === 'hint.done' && event.controller === 1);

    const survived = events.map((_, at) => firstLineAfterLoss(lossy, events.slice(0, at + 1)));
    expect(survived.slice(0, decided)).toContain(0);
    expect(survived.slice(decided).every((value) => value === 1)).toBe(true);
  });

  it('S1.F16 a hint is not armed before a late core has answered', () => {
    const scenario = scenarioOf('concurrent-flushes');
    const { events } = run(scenario);
    const asked = indexOf(events, (event) => event.kind === 'tlb.drop.requested' && event.core === 0);
    const prefix = [...events.slice(0, asked + 1), { kind: 'tlb.drop.delayed', core: 0 } as const];

    const after = run(scenario, prefix).events.map(({ kind }) => kind);
    expect(after.lastIndexOf('tlb.dropped')).toBeLessThan(after.indexOf('virtual-hint.armed'));
    expect(after.filter((kind) => kind === 'tlb.dropped')).toHaveLength(2);
  });

  it.each([
    { flushAtMigration: 'finish', before: 1, after: 0 },
    { flushAtMigration: 'restart', before: 0, after: 1 },
  ])(
    'S1.F21 a flush under way is finished at the source, or trapped anew: $flushAtMigration',
    ({ flushAtMigration, before, after }) => {
      const original = scenarioOf('restart-at-destination');
      const scenario: Scenario = {
        ...original,
        actors: { core0: original.actors['core0'].slice(0, 5), core1: [] },
        policy: { flushAtMigration },
      };
      const { events } = run(scenario);
      const firstDone = indexOf(events, ({ kind }) => kind === 'hint.done');
      const asked = { kind: 'migration.requested', vm: 0, host: 1, unasked: true } as const;

      const moving = run(scenario, [...events.slice(0, firstDone + 1), asked]).events;
      const moved = indexOf(moving, ({ kind }) => kind === 'vm.moved');
      const retired = (part: readonly FlushHintEvent[]): number =>
        part.filter(({ kind }) => kind === 'virtual-hint.retired').length;
      expect([retired(moving.slice(0, moved)), retired(moving.slice(moved))]).toEqual([before, after]);
      expect(moving.slice(moved).filter(isTrapOf(0))).toHaveLength(after);
    },
  );

  it.each([
    ['M3', 'live-reconfiguration'],
    ['M4', 'migration-to-support'],
    ['M6', 'partial-support'],
    ['M6', 'nothing-keeps-it'],
  ])('S1.%s is not only against the rules, it loses data: %s', (mutant, name) => {
    const onlyDurability = {
      ...flushHints,
      invariants: flushHints.invariants.filter((one) => one.name === 'I1'),
    };

    const { violations } = exploreFaults(onlyDurability, scenarioOf(name), {
      mutant,
      faultsMax: 1,
      stopAtFirst: true,
    });
    expect(violations.map(({ invariant }) => invariant)).toEqual(['I1']);
  });

  it('S1.d firmware takes away a hint that the region does not need, and none that nothing else stands in for', () => {
    const { events } = run(scenarioOf('hints-taken-away'));

    expect(events.filter(({ kind }) => kind === 'host.reconfigured')).toEqual([
      { kind: 'host.reconfigured', host: 0, hints: 1 },
    ]);
    const refused = indexOf(events, ({ kind }) => kind === 'reconfiguration.refused');
    expect(events.slice(refused).filter(({ kind }) => kind === 'virtual-hint.retired')).not.toEqual([]);
  });
});

const isTrapOf =
  (core: number) =>
  (event: FlushHintEvent): boolean =>
    event.kind === 'vm.exited' && event.core === core && event.reason === 'host-violation';

/** The value that the first line of the region has when power is lost after these events. */
function firstLineAfterLoss(scenario: Scenario, events: readonly FlushHintEvent[]): number {
  const state = initialState(settingOf(flushHints, scenario));
  for (const event of [...events, { kind: 'power.lost', host: 0 } as const]) evolve(state, event);
  return state.hosts[0].memory.state.domain.byte(LINE_BYTES - 1);
}
