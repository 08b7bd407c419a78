import { describe, expect, it } from 'vitest';
import { type ComparedVariant, type ComparisonResult, compare } from '../../src/explore/compare/compare.ts';
import { CostFold } from '../../src/explore/compare/cost-fold.ts';
import { measure } from '../../src/explore/compare/trials.ts';
import type { AnyEvent } from '../../src/kernel/event-table.ts';
import { allComparisons } from '../../src/mechanisms/all-comparisons.ts';
import type { Comparison } from '../../src/mechanisms/comparison.ts';
import { blockStates } from '../../src/mechanisms/controller-checkpoints/block-states/block-states.ts';
import { costTable, ticksOf } from '../../src/mechanisms/cost-table.ts';
import { settingOf } from '../../src/mechanisms/setting.ts';

const found = new Map<string, ComparisonResult>();

function comparisonOf(name: string): Comparison {
  const comparison = allComparisons.find((one) => one.name === name);
  if (comparison === undefined) throw new Error(`there is no comparison ${name}`);
  return comparison;
}

/** A comparison with a workload; each is made once. */
function resultOf(name: string, workloadName?: string): ComparisonResult {
  const comparison = comparisonOf(name);
  const workload = comparison.workloads.find((one) => one.name === workloadName) ?? comparison.workloads[0];
  const key = `${name} ${workload.name}`;
  const result = found.get(key) ?? compare(comparison, workload);
  found.set(key, result);
  return result;
}

function variantOf(result: ComparisonResult, label: string): ComparedVariant {
  const variant = result.variants.find((one) => one.label === label);
  if (variant === undefined) throw new Error(`there is no variant ${label}`);
  return variant;
}

/** The values of a figure along the sweep. */
function along(result: ComparisonResult, figure: string, of: 'run' | 'recovery', label: string): number[] {
  const line = result.swept
    .find((one) => one.figure === figure && one.of === of)
    ?.lines.find((one) => one.label === label);
  if (line === undefined) throw new Error(`there is no ${figure} of ${label}`);
  return line.values.map((value) => value ?? Number.NaN);
}

const survivalOf = (result: ComparisonResult, label: string, fault: string) => {
  const survival = variantOf(result, label).survival.find((one) => one.fault === fault);
  if (survival === undefined) throw new Error(`nothing is said of ${fault}`);
  return survival;
};

const isGrowing = (values: readonly number[]): boolean =>
  values.every((value, at) => at === 0 || value > values[at - 1]);
const isFlat = (values: readonly number[]): boolean => values.every((value) => value === values[0]);

describe('costs', () => {
  const event = (kind: string): AnyEvent => ({ kind });

  it('are a sum, the greatest, the longest stretch of events in a row that cost something, or a percentile', () => {
    const prices: Record<string, number> = { a: 2, b: 3, free: 0 };
    const of = ({ kind }: AnyEvent): number => prices[kind];
    const fold = new CostFold([
      { name: 'summed', meaning: 'all of it', fold: 'sum', of },
      { name: 'greatest', meaning: 'the dearest', fold: 'max', of },
      { name: 'longest', meaning: 'the longest stretch', fold: 'longest', of },
      { name: 'half', meaning: 'what half do not exceed', fold: 'p50', of },
      { name: 'nearlyAll', meaning: 'what 99% do not exceed', fold: 'p99', of },
    ]);
    for (const kind of ['a', 'b', 'free', 'a', 'free', 'b', 'a', 'a', 'free']) fold.take(event(kind), {});

    expect(Object.fromEntries(fold.read())).toMatchObject({
      summed: 14,
      greatest: 3,
      longest: 7,
      half: 2,
      nearlyAll: 3,
      events: 9,
    });
  });

  it('G8: figures are folds over the event log, the same for a run that is folded again', () => {
    for (const { figures, workloads } of allComparisons) {
      for (const { variants } of workloads) {
        for (const { mechanism, scenario } of variants) {
          const setting = settingOf(mechanism, scenario);
          const state = mechanism.initial(setting);
          const events: AnyEvent[] = [];
          const live = new CostFold(mechanism.costs);
          for (let next = mechanism.decide(state); next !== undefined; next = mechanism.decide(state)) {
            mechanism.evolve(state, next);
            live.take(next, state);
            events.push(next);
          }
          const again = mechanism.initial(setting);
          const replayed = new CostFold(mechanism.costs);
          for (const one of events) {
            mechanism.evolve(again, one);
            replayed.take(one, again);
          }
          expect(replayed.read()).toEqual(live.read());
          expect(live.read().get('events')).toBe(events.length);
          expect(live.read().get('ticks')).toBe(events.reduce((sum, one) => sum + ticksOf(one), 0));
          for (const { cost, per } of figures) {
            expect(live.read().has(cost), cost).toBe(true);
            if (per !== undefined) expect(live.read().has(per), per).toBe(true);
          }
        }
      }
    }
  });

  it('the table of ticks has each kind once, and none that no mechanism has', () => {
    const kinds = costTable.flatMap((one) => one.kinds);
    const known = new Set(
      allComparisons.flatMap(({ workloads }) =>
        workloads.flatMap(({ variants }) =>
          variants.flatMap(({ mechanism }) => Object.keys(mechanism.events)),
        ),
      ),
    );

    expect(new Set(kinds).size).toBe(kinds.length);
    expect(kinds.filter((kind) => !known.has(kind))).toEqual([]);
  });
});

describe('every comparison', () => {
  it.each(allComparisons.map(({ name }) => name))(
    '%s is the same on every run, and nothing is violated',
    (name) => {
      const { variants, swept } = resultOf(name);
      const again = compare(comparisonOf(name), comparisonOf(name).workloads[0]);

      expect(again.variants).toEqual(variants);
      expect(again.swept).toEqual(swept);
      for (const { survival } of variants) for (const { violated } of survival) expect(violated).toBe(0);
    },
  );

  it('tries each fault of a mechanism in all variants alike', () => {
    for (const { variants } of allComparisons.map(({ name }) => resultOf(name))) {
      const faults = variants.map(({ survival }) => survival.map(({ fault }) => fault));
      for (const one of faults) expect(one).toEqual(faults[0]);
    }
  });
});

describe('S13 (c): what the choice of a strategy changes', () => {
  const strategies = ['S13.1', 'S13.2', 'S13.3', 'S13.4', 'S13.5', 'S13.6'];

  it('the pause grows with modified blocks in S13.3, and in S13.4 it does not', () => {
    const result = resultOf('S13');
    expect(isGrowing(along(result, 'longestPauseTicks', 'run', 'S13.3'))).toBe(true);
    expect(isFlat(along(result, 'longestPauseTicks', 'run', 'S13.4'))).toBe(true);
    expect(isFlat(along(result, 'longestPauseTicks', 'run', 'S13.1'))).toBe(true);
  });

  it('S13.5 pauses longer only by the walk over its states, one tick for each', () => {
    const pauses = along(resultOf('S13'), 'longestPauseTicks', 'run', 'S13.5');
    const copying = along(resultOf('S13'), 'longestPauseTicks', 'run', 'S13.3');

    expect(pauses[5] - pauses[2]).toBe(32 - 4);
    expect(copying[5] - copying[2]).toBe(10 * (32 - 4)); // taken up, copied, and its bit cleared
  });

  it('S13.6 pauses no longer the more blocks were modified', () => {
    const [one, ...more] = along(resultOf('S13'), 'longestPauseTicks', 'run', 'S13.6');
    expect(isFlat(more)).toBe(true);
    expect(one).toBeGreaterThan(more[0]); // its one block was still in the cache, and is logged in the pause
  });

  it('S13.1 and S13.2 copy for each write, S13.3, S13.4 and S13.6 for each distinct block, S13.5 nothing', () => {
    const result = resultOf('S13');
    const copied = (label: string): number[] => along(result, 'copiedBytes', 'run', label);

    for (const label of ['S13.1', 'S13.2']) expect(isFlat(copied(label).slice(1)), label).toBe(true);
    for (const label of ['S13.3', 'S13.4', 'S13.6']) expect(isGrowing(copied(label)), label).toBe(true);
    expect(copied('S13.4')).toEqual(copied('S13.3'));
    expect(copied('S13.5')).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('rollback of S13.6 grows with its log; that of S13.5 moves no data', () => {
    const result = resultOf('S13');
    expect(isGrowing(along(result, 'ticks', 'recovery', 'S13.6'))).toBe(true);
    for (const name of ['two-processors', 'back-to-back'])
      expect(variantOf(resultOf('S13', name), 'S13.5').recovery.figures['copiedBytes'].largest).toBe(0);
  });

  it('S13.5 copies nothing where whole blocks arrive, and the rest of a block where a part does', () => {
    const { workloads, trial } = comparisonOf('S13');
    const [{ variants }] = workloads;
    const variant = variants.find(({ mechanism }) => mechanism === blockStates);
    if (variant === undefined) throw new Error('S13.5 is not compared');
    const scenario = { ...variant.scenario, policy: { partialWrites: 'whole blocks' } };

    expect(measure(variant, trial).totals.get('copiedBytes')).toBeGreaterThan(0);
    expect(measure({ ...variant, scenario }, trial).totals.get('copiedBytes')).toBe(0);
  });

  it('only S13.2 survives the loss of the machine, and only it sends anything', () => {
    const result = resultOf('S13');
    for (const label of strategies) {
      const { standing, survived, unrecoverable } = survivalOf(result, label, 'F2');
      const isSecondComputer = label === 'S13.2';
      expect(standing).toBe(isSecondComputer ? 'tried' : 'unclaimed');
      expect(survived > 0 && unrecoverable === 0).toBe(isSecondComputer);
      expect((variantOf(result, label).figures['linkBytes'] ?? 0) > 0).toBe(isSecondComputer);
    }
  });

  it('every strategy rolls back from every transient error, with as many checkpoints', () => {
    const result = resultOf('S13');
    for (const { recovery, figures } of result.variants) {
      expect(recovery.injections).toBeGreaterThan(100);
      expect(recovery.losses).toBe(0);
      expect(figures['checkpoints']).toBe(2);
    }
  });

  it('S13.6 needs the least memory while a part of the blocks is modified; all others hold a second copy', () => {
    const result = resultOf('S13');
    const extra = (label: string): number[] => along(result, 'extraBytesMax', 'run', label);
    const sixth = extra('S13.6');

    expect(isGrowing(sixth)).toBe(true);
    for (const label of strategies.filter((one) => one !== 'S13.6'))
      for (const [at, bytes] of extra(label).entries()) expect(bytes, label).toBeGreaterThan(sixth[at]);
    for (const label of ['S13.3', 'S13.4', 'S13.5']) expect(isFlat(extra(label)), label).toBe(true);
  });
});

describe('S1: a flush hint, trapped and not', () => {
  it.each(['concurrent-flushes', 'shared-hint-and-service-core'])(
    'I7, (h): armed, each flush is one exit and a physical write for each controller; unarmed, none (%s)',
    (workload) => {
      const result = resultOf('S1', workload);
      for (const label of ['P0 with hints', 'P1 with hints'])
        expect(variantOf(result, label).figures).toMatchObject({
          exitsPerFlush: 1,
          physicalWritesPerExit: 2,
        });
      expect(variantOf(result, 'P1 without').figures).toMatchObject({
        exitsPerFlush: 0,
        physicalWritesPerExit: null,
        flushStepsPerFlush: 0,
      });
    },
  );

  it('physical writes grow with the controllers', () => {
    expect(along(resultOf('S1'), 'physicalWritesPerExit', 'run', 'P0 with hints')).toEqual([1, 2, 3, 4]);
  });

  it('(d) F13: what a trap pays for is that durability is not void when the persistence domain fails', () => {
    const result = resultOf('S1');
    expect(survivalOf(result, 'P1 with hints', 'F13').unrecoverable).toBe(0);
    expect(survivalOf(result, 'P1 without', 'F13').unrecoverable).toBeGreaterThan(0);
  });
});

describe('S2: batteries of different strength', () => {
  it('a battery as good as its rating loses nothing: it was the bound of what may wait (I4)', () => {
    for (const { name } of comparisonOf('S2').workloads) {
      const { recovery } = variantOf(resultOf('S2', name), '100%');
      expect(recovery).toMatchObject({ losses: 0, figures: { lostOperations: { largest: 0 } } });
    }
  });

  it('with two destinations, half of it seals one of them: nothing is lost', () => {
    const result = resultOf('S2', 'two-destinations');
    expect(variantOf(result, '50%').recovery.losses).toBe(0);
    expect(variantOf(result, '25%').recovery.losses).toBeGreaterThan(0);
  });

  it('an empty battery seals nothing, and each loss is reported', () => {
    for (const { name } of comparisonOf('S2').workloads) {
      const result = resultOf('S2', name);
      const { recovery } = variantOf(result, '0%');
      expect(recovery.losses).toBe(recovery.injections);
      expect(survivalOf(result, '0%', 'F1')).toMatchObject({ survived: 0, violated: 0 });
    }
  });

  it('the less it holds, the more losses of the mains lose something, and the less energy is drawn', () => {
    for (const { name } of comparisonOf('S2').workloads) {
      const variants = resultOf('S2', name).variants.map(({ recovery }) => recovery);
      for (const [at, { losses, figures }] of variants.entries()) {
        if (at === 0) continue;
        expect(losses).toBeGreaterThanOrEqual(variants[at - 1].losses);
        expect(figures['drainEnergy'].largest).toBeLessThanOrEqual(
          variants[at - 1].figures['drainEnergy'].largest,
        );
      }
    }
  });

  it('lost operations fall with capacity', () => {
    const values = along(resultOf('S2'), 'lostOperations', 'recovery', 'largest');
    expect(values.every((value, at) => at === 0 || value <= values[at - 1])).toBe(true);
    expect([values[0], values[values.length - 1]]).toEqual([1, 0]);
  });
});
