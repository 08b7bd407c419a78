import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CostFold } from '../../src/explore/compare/cost-fold.ts';
import { exploreFaults } from '../../src/explore/fault-campaign/explorer.ts';
import { World } from '../../src/explore/fault-campaign/world.ts';
import type { FaultNumber } from '../../src/hardware/fault-catalogue.ts';
import {
  decodeEntry,
  decodeSeal,
  encodeEntry,
  encodeSeal,
  withBitFlipped,
} from '../../src/mechanisms/log-shipping/entry.ts';
import type { LogShippingEvent } from '../../src/mechanisms/log-shipping/events.ts';
import { logShipping } from '../../src/mechanisms/log-shipping/log-shipping.ts';
import type { Reference } from '../../src/mechanisms/log-shipping/reference.ts';
import { contentsOf, type LogShipping } from '../../src/mechanisms/log-shipping/state.ts';
import type { Policy, Scenario } from '../../src/mechanisms/mechanism.ts';
import { settingOf } from '../../src/mechanisms/setting.ts';
import { describeMechanism } from '../support/mechanism-contract.ts';

describeMechanism<LogShipping, Reference>(logShipping, {
  breaks: {
    I1: ({ destinations }) => destinations[0].store.set(0, 'eeeeeeee'),
    I2: ({ log }) => {
      log.slots = log.slots.map(() => '');
    },
    I3: ({ log }) => {
      log.head = log.tail;
    },
    I4: ({ shipping }, { entries }) => {
      for (const one of shipping) one.acked = 0;
      entries.push(...entries, ...entries);
    },
    I5: (_, reference) => {
      reference.copies[reference.complete] = '';
    },
    I6: ({ destinations }, { fenced }) => {
      for (const one of destinations) one.running = fenced;
    },
    I7: ({ destinations }) => {
      destinations[0].running = true;
    },
    I8: (_, reference) => {
      reference.appendedLate = true;
    },
    I9: (_, reference) => {
      reference.gone = true;
      reference.sealed = reference.sealed.map(() => false);
      reference.received = reference.received.map(() => []);
    },
    I10: (_, reference) => {
      reference.squandered = true;
    },
    G2: (_, reference) => {
      reference.running = reference.running.map(() => false);
    },
  },
});

const scenarioNamed = (name: string): Scenario => {
  const scenario = logShipping.scenarios.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return scenario;
};

const varied = (name: string, world: Scenario['world'], policy: Policy = {}): Scenario => {
  const scenario = scenarioNamed(name);
  return {
    ...scenario,
    world: { ...scenario.world, ...world },
    policy: { ...scenario.policy, ...policy },
  };
};

/** A world after so many events of a scenario, or at its end. */
function worldAt(scenario: Scenario, index = Infinity): World {
  const world = World.initial(logShipping, settingOf(logShipping, scenario));
  while (world.index < index) {
    const event = logShipping.decide(world.state);
    if (event === undefined) break;
    world.apply(event);
  }
  return world;
}

/** All events that recovery takes. */
function recovered(world: World): LogShippingEvent[] {
  const events: LogShippingEvent[] = [];
  for (let next = logShipping.recover(world.state); next !== undefined; ) {
    world.apply(next);
    events.push(next as LogShippingEvent);
    next = logShipping.recover(world.state);
  }
  return events;
}

const run = (scenario: Scenario): LogShippingEvent[] => {
  const events: LogShippingEvent[] = [];
  for (let link = worldAt(scenario).last; link !== undefined; link = link.before)
    events.push(link.event as LogShippingEvent);
  return events.reverse();
};

const costOf = (name: string, scenario: Scenario, fault?: LogShippingEvent, index?: number): number => {
  const cost = logShipping.costs.find((one) => one.name === name);
  if (cost === undefined) throw new Error(`no cost ${name}`);
  const world = World.initial(logShipping, settingOf(logShipping, scenario));
  let total = 0;
  const take = (event: LogShippingEvent): void => {
    world.apply(event);
    const value = cost.of(event, world.state);
    total = cost.fold === 'sum' ? total + value : Math.max(total, value);
  };
  for (let next = logShipping.decide(world.state); next !== undefined; ) {
    if (world.index === index) break;
    take(next as LogShippingEvent);
    next = logShipping.decide(world.state);
  }
  if (fault !== undefined) take(fault);
  for (let next = logShipping.recover(world.state); next !== undefined; ) {
    take(next as LogShippingEvent);
    next = logShipping.recover(world.state);
  }
  return total;
};

const panicked: LogShippingEvent = { kind: 'host.panicked', host: 0 };
const switched: LogShippingEvent = { kind: 'power.switched', host: 0 };
const crashed: LogShippingEvent = { kind: 'host.crashed', host: 0 };
const suspected: LogShippingEvent = { kind: 'host.suspected', host: 0 };
const kindsOf = (events: readonly LogShippingEvent[]): string[] => events.map(({ kind }) => kind);

describe('S2, operation', () => {
  it.each([
    ['log-first', ['log.appended', 'log.persisted', 'store.persisted', 'operation.acknowledged']],
    ['store-first', ['store.persisted', 'log.appended', 'log.persisted', 'operation.acknowledged']],
  ])('S2.b1: %s, and the acknowledgement comes last', (order, expected) => {
    const events = run(varied('two-destinations', {}, { order }));

    const ofApplication = kindsOf(events).filter((kind) => expected.includes(kind));
    expect(ofApplication.slice(0, 4)).toEqual(expected);
  });

  it('S2.b2: the application does not wait for the network while there is space', () => {
    const events = run(varied('two-destinations', { ringSlots: 8, lags: [[8], [8]], ratedEnergy: 1000 }));

    const kinds = kindsOf(events);
    expect(kinds.lastIndexOf('operation.acknowledged')).toBeLessThan(kinds.indexOf('message.delivered'));
  });

  it('S2.b5: recovery sends from what is acknowledged, not from what was sent', () => {
    const scenario = varied('two-destinations', { ringSlots: 8, lags: [[8], [8]], ratedEnergy: 1000 });
    const world = worldAt(scenario);
    const { shipping } = world.fork().state as LogShipping;
    expect(shipping.map(({ acked }) => acked)).toEqual([3, 3]);

    const early = worldAt(scenario, 12);
    const sent = (early.state as LogShipping).shipping[0].sent;
    early.apply(panicked);
    const first = recovered(early).find(({ kind }) => kind === 'message.sent');
    expect(sent).toBeGreaterThan(0);
    expect(first).toMatchObject({ subject: 'entry', number: 1 });
  });

  it('S2.c: a drain of the whole region sends what is acknowledged, too', () => {
    const entriesSent = (drain: string): number => {
      // The log of a slow reader is reclaimed late: one destination has all, the other holds the space.
      const world = worldAt(varied('two-destinations', { ringSlots: 8, ratedEnergy: 1000 }, { drain }), 21);
      world.apply(panicked);
      return recovered(world).filter((event) => event.kind === 'message.sent' && event.subject === 'entry')
        .length;
    };

    expect(entriesSent('whole-region')).toBeGreaterThan(entriesSent('remaining-portion'));
  });

  it('S2.c: nothing is applied before the restart where the policy says so', () => {
    const scenario = varied('two-destinations', {}, { apply: 'at-restart' });
    expect(kindsOf(run(scenario))).not.toContain('remote.applied');

    const world = worldAt(scenario);
    world.apply(panicked);
    const kinds = kindsOf(recovered(world));
    expect(kinds.filter((kind) => kind === 'remote.applied')).toHaveLength(3);
    expect(kinds.indexOf('remote.applied')).toBeGreaterThan(kinds.indexOf('host.fenced'));
  });

  it('S2.c: between two thresholds the application waits longer the larger the backlog is', () => {
    const events = run(scenarioNamed('thresholds'));

    const delays: number[] = [];
    let delay = 0;
    for (const { kind } of events) {
      if (kind === 'application.delayed') delay++;
      if (kind !== 'log.appended') continue;
      delays.push(delay);
      delay = 0;
    }
    expect(delays[0]).toBe(0);
    expect(delays.slice(0, 3)).toEqual([...delays.slice(0, 3)].sort((a, b) => a - b));
    expect(delays[2]).toBeGreaterThan(delays[1]);
  });
});

describe('S2, failures', () => {
  const RATED = ['two-destinations', 'bound', 'whole-region', 'two-paths', 'in-order-only', 'thresholds'];
  const HARMLESS: readonly FaultNumber[] = ['F1', 'F3', 'F5', 'F6', 'F9', 'F18', 'F20'];

  it.each(RATED)(
    'S2.d: with a battery as rated, none of F1 F3 F5 F6 F9 F18 F20 alone loses anything: %s',
    (name) => {
      const faults = logShipping.faults.filter(({ number }) => HARMLESS.includes(number));
      const { unrecoverable, violating, injections } = exploreFaults(
        { ...logShipping, faults },
        scenarioNamed(name),
        { faultsMax: 1 },
      );

      expect(injections).toBeGreaterThan(100);
      expect({ unrecoverable, violating }).toEqual({ unrecoverable: 0, violating: 0 });
    },
  );

  it('S2.d: a loss of the mains costs nothing with a full battery, and the less the more it holds', () => {
    const lost = [0, 25, 50, 100].map((actualPercent) => {
      const scenario = varied('bound', { ringSlots: 6, ratedEnergy: 140, actualPercent });
      let operations = 0;
      for (let index = 0; index <= 56; index++)
        operations += costOf('lostOperations', scenario, switched, index);
      return operations;
    });

    expect(lost).toEqual([...lost].sort((a, b) => b - a));
    expect(lost[0]).toBeGreaterThan(lost[2]);
    expect(lost[3]).toBe(0);
  });

  it('S2.d, F12: without a seal the policy decides: report, report and restart, or wait', () => {
    const outcome = (withoutSeal: string, region = 'nonvolatile'): string[] => {
      const world = worldAt(varied('two-destinations', { actualPercent: 0 }, { withoutSeal, region }), 12);
      world.apply(switched);
      return kindsOf(recovered(world)).filter((kind) => /^(loss|application|host|power)/.test(kind));
    };
    const given = ['application.stopped', 'host.failed', 'host.fenced', 'loss.reported'];

    expect(outcome('report')).toEqual(given);
    expect(outcome('restart')).toEqual([...given, 'application.restarted']);
    expect(outcome('wait', 'battery-held')).toEqual(given);
    expect(outcome('wait')).toEqual([
      'application.stopped',
      'host.failed',
      'power.restored',
      'host.restarted',
      'host.fenced',
      'application.restarted',
    ]);
  });

  it('S2.d, F2: the restart is from the longest prefix of whole transactions', () => {
    const world = worldAt(scenarioNamed('two-destinations'), 28);
    world.apply(crashed);
    const events = recovered(world);

    const restarted = events.at(-1);
    expect(restarted?.kind).toBe('application.restarted');
    const { destinations } = world.state as LogShipping;
    const { copies, entries } = world.reference as Reference;
    const { applied, store } = destinations.find(({ running }) => running) ?? destinations[0];
    expect(contentsOf(store)).toBe(copies[applied]);
    expect(applied === 0 || entries[applied - 1].txnEnd).toBe(true);
    expect(destinations.map((one) => one.applied)).not.toContain(applied + 1);
  });

  it('S2.d, F11: a damaged entry is written once more while the application runs', () => {
    const world = worldAt(scenarioNamed('partition'), 14);
    const { log } = world.state as LogShipping;
    const corrupted: LogShippingEvent = { kind: 'log.corrupted', seq: log.durable, bit: 100 };
    world.apply(corrupted);
    const again: LogShippingEvent[] = [];
    for (let next = logShipping.decide(world.state); next !== undefined; ) {
      world.apply(next);
      again.push(next as LogShippingEvent);
      next = logShipping.decide(world.state);
    }

    const appended = again.filter((event) => event.kind === 'log.appended').map(({ seq }) => seq);
    expect(appended).toContain(log.durable);
    expect((world.state as LogShipping).destinations[0].received).toBe(5);
  });

  it('S2.d, F2: without a policy for it the application restarts, also where the battery would be waited for', () => {
    const last = (policy: Policy): string | undefined => {
      const world = worldAt(varied('two-destinations', {}, policy), 12);
      world.apply(crashed);
      return kindsOf(recovered(world)).at(-1);
    };

    expect(last({})).toBe('application.restarted');
    expect(last({ withoutPrimary: 'report' })).toBe('loss.reported');
  });

  it('S2.d, F2: of what was sent, none to all arrives', () => {
    const scenario = varied('two-destinations', { ringSlots: 8, lags: [[8], [8]], ratedEnergy: 1000 });
    const world = worldAt(scenario, 16);
    const fault = logShipping.faults.find(({ number }) => number === 'F2');
    const occurrences = fault !== undefined && 'occurrences' in fault ? fault.occurrences : () => [];
    const surviving = [...occurrences(world.state, 'all')]
      .filter((events) => events.some((event) => 'host' in event && event.host === 0))
      .map((events) => {
        const fork = world.fork();
        for (const event of events) fork.apply(event);
        return recovered(fork).find((event) => event.kind === 'loss.reported')?.survivingSeq;
      });

    expect(new Set(surviving)).toEqual(new Set([0, 1, 3]));
  });

  it('S2.d, F11: what comes before a damaged entry is shipped, and only what is behind it is lost', () => {
    const world = worldAt(scenarioNamed('damaged-backlog'), 20);
    for (let next = logShipping.decide(world.state); next !== undefined; ) {
      if ((world.state as LogShipping).log.durable === 5) break;
      world.apply(next);
      next = logShipping.decide(world.state);
    }
    expect((world.state as LogShipping).destinations[0].received).toBeLessThan(3);
    const corrupted: LogShippingEvent = { kind: 'log.corrupted', seq: 4, bit: 100 };
    world.apply(corrupted);
    world.apply(panicked);
    const events = recovered(world);

    expect(events).toContainEqual(expect.objectContaining({ kind: 'loss.reported', survivingSeq: 3 }));
    expect(events.at(-1)).toEqual({ kind: 'application.restarted', host: 1 });
    expect((world.state as LogShipping).destinations[0].applied).toBe(3);
  });

  it('S2.d, F20: who does not hear that it is taken for failed acknowledges until it is fenced', () => {
    const kinds = Array.from({ length: 40 }, (_, index) => {
      const world = worldAt(scenarioNamed('zombie'), index);
      world.apply(suspected);
      return kindsOf(recovered(world));
    });

    const late = kinds.filter((all) => all.indexOf('operation.acknowledged') > all.indexOf('drain.started'));
    expect(late.length).toBeGreaterThan(0);
    for (const all of kinds) {
      expect(all).not.toContain('application.stopped');
      expect(all.at(-1)).toBe('application.restarted');
      expect(all.lastIndexOf('operation.acknowledged')).toBeLessThan(all.indexOf('host.fenced'));
    }
  });

  it('S2.d, F20: who is taken for failed is stopped, drained and fenced before the restart', () => {
    const world = worldAt(scenarioNamed('two-destinations'), 12);
    world.apply(suspected);
    const kinds = kindsOf(recovered(world));

    const order = [
      'application.stopped',
      'drain.started',
      'drain.sealed',
      'host.fenced',
      'application.restarted',
    ];
    expect(order.map((kind) => kinds.indexOf(kind))).toEqual(
      order.map((kind) => kinds.indexOf(kind)).sort((a, b) => a - b),
    );
    expect(kinds).toEqual(expect.arrayContaining(order));
  });
});

/** What is violated by a mechanism that recovers in another way. */
function breachesOf(
  scenario: string,
  faults: readonly FaultNumber[],
  recover: (state: LogShipping, next: LogShippingEvent) => LogShippingEvent,
): string[] {
  const { violations } = exploreFaults(
    {
      ...logShipping,
      faults: logShipping.faults.filter(({ number }) => faults.includes(number)),
      recover: (state) => {
        const next = logShipping.recover(state);
        return next && recover(state as LogShipping, next as LogShippingEvent);
      },
    },
    scenarioNamed(scenario),
    { faultsMax: 1 },
  );
  return violations.map(({ invariant }) => invariant);
}

describe('S2, dishonest recovery', () => {
  it('G2: a mechanism cannot fail the primary itself and call that a loss', () => {
    const breaches = breachesOf('two-destinations', ['F3'], (_, next) =>
      next.kind === 'drain.started' ? { kind: 'host.failed', host: 0 } : next,
    );

    expect(breaches).toEqual(['legality']);
  });

  it('I10: a battery does not count as exhausted while it can pay', () => {
    const breaches = breachesOf('two-destinations', ['F1'], ({ batteries }, next) =>
      next.kind === 'battery.drained'
        ? { kind: 'battery.exhausted', host: 0, energy: batteries[0].charge + 1 }
        : next,
    );

    expect(breaches).toEqual(['I10']);
  });

  it('I10: nor is its energy for something else than the drain', () => {
    const breaches = breachesOf('two-destinations', ['F1'], ({ batteries }, next) =>
      next.kind === 'battery.drained' ? { ...next, energy: batteries[0].charge } : next,
    );

    expect(breaches).toEqual(['I10']);
  });

  it('I5, I6: nobody restarts at once', () => {
    const breaches = breachesOf('two-destinations', ['F1', 'F2', 'F3', 'F20'], () => ({
      kind: 'application.restarted',
      host: 1,
    }));

    expect(breaches).toContain('I6');
  });

  it('I9: behind a loss, what a destination holds is applied before the restart', () => {
    const breaches = breachesOf('whole-region', ['F2'], ({ loss }, next) =>
      loss !== null && next.kind === 'remote.applied' ? { kind: 'application.restarted', host: 1 } : next,
    );
    const elsewhere = breachesOf('two-destinations', ['F2'], ({ loss }, next) =>
      loss !== null && next.kind === 'application.restarted' ? { ...next, host: 3 - next.host } : next,
    );

    expect([breaches, elsewhere]).toEqual([['I9'], ['I9']]);
  });

  it('I9: a report does not say that more is lost than is', () => {
    const breaches = breachesOf('two-destinations', ['F2'], (_, next) =>
      next.kind === 'loss.reported' ? { ...next, survivingSeq: 0 } : next,
    );

    expect(breaches).toEqual(['I9']);
  });

  it('I5: the entries before a damaged one are not given up', () => {
    const breaches = breachesOf('damaged-backlog', ['F11'], ({ hosts, log }, next) =>
      next.kind === 'drain.started' && !hosts[0].fenced && log.complete > 1
        ? { kind: 'host.fenced', host: 0 }
        : next,
    );

    expect(breaches).toContain('I5');
  });
});

describe('S2, costs', () => {
  it('S2.h: log bytes are data bytes and 16 more for each entry', () => {
    const scenario = scenarioNamed('bound');

    expect(costOf('dataBytes', scenario)).toBe(10);
    expect(costOf('logBytes', scenario)).toBe(10 + 5 * 16);
  });

  it('S2.h: half of the time the backlog is smaller than it is at most', () => {
    const fold = new CostFold(logShipping.costs);
    const scenario = scenarioNamed('partition');
    const world = World.initial(logShipping, settingOf(logShipping, scenario));
    for (const event of run(scenario)) {
      world.apply(event);
      fold.take(event, world.state);
    }
    const [p50 = 0, p99 = 0, max = 0] = ['Median', 'P99', 'Max'].map((name) =>
      fold.read().get(`backlog${name}Bytes`),
    );

    expect(p50).toBeGreaterThan(0);
    expect(p50).toBeLessThan(max);
    expect(p99).toBeGreaterThanOrEqual(p50);
    expect(p99).toBeLessThanOrEqual(max);
  });

  it('S2.I4: the drain never takes more energy than the battery is rated for', () => {
    const scenario = scenarioNamed('bound');
    const energies = Array.from({ length: 56 }, (_, index) =>
      costOf('drainEnergy', scenario, switched, index),
    );

    expect(Math.max(...energies)).toBeLessThanOrEqual(80);
    expect(Math.max(...energies)).toBeGreaterThan(0);
  });

  it('S2.h: throttled steps are counted while the application has to wait', () => {
    expect(costOf('throttledSteps', scenarioNamed('whole-region'))).toBe(0);
    expect(costOf('throttledSteps', scenarioNamed('bound'))).toBeGreaterThan(0);
  });
});

describe('S2, entries', () => {
  const bytes = fc
    .uint8Array({ minLength: 1, maxLength: 8 })
    .map((data) => Buffer.from(data).toString('hex'));
  const entry = fc.record({
    seq: fc.nat({ max: 2 ** 31 }),
    address: fc.nat({ max: 2 ** 31 }),
    data: bytes,
    txnEnd: fc.boolean(),
  });

  it('S2.a: an entry is read back as it was written, and not at all with a bit flipped or bytes missing', () => {
    fc.assert(
      fc.property(entry, fc.nat(), (one, place) => {
        const raw = encodeEntry(one);
        expect(decodeEntry(raw)).toEqual(one);
        expect(decodeEntry(withBitFlipped(raw, place % (4 * raw.length)))).toBeUndefined();
        expect(decodeEntry(raw.slice(0, 2 * (place % (raw.length / 2))))).toBeUndefined();
      }),
    );
  });

  it('S2.a: so is a seal', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 }), fc.nat({ max: 63 }), (lastSeq, bit) => {
        expect(decodeSeal(encodeSeal(lastSeq))).toBe(lastSeq);
        expect(decodeSeal(withBitFlipped(encodeSeal(lastSeq), bit))).toBeUndefined();
      }),
    );
  });
});
