import type { AnyEvent } from '../../kernel/event-table.ts';
import { ticksOf } from '../../mechanisms/cost-table.ts';
import type { Cost } from '../../mechanisms/mechanism.ts';

/** What every run has besides the costs of its mechanism. */
const EVERY_RUN: readonly Cost<object, AnyEvent>[] = [
  { name: 'events', meaning: 'events', fold: 'sum', of: () => 1 },
  { name: 'ticks', meaning: 'ticks of the cost table', fold: 'sum', of: ticksOf },
];

/** The costs of a run by name. */
export type Totals = ReadonlyMap<string, number>;

/** What the costs of the events so far come to. */
interface Accumulator {
  take(cost: number): void;
  read(): number;
}

const ACCUMULATORS: Readonly<Record<Cost<object, AnyEvent>['fold'], () => Accumulator>> = {
  sum: () => accumulator((total, cost) => total + cost),
  max: () => accumulator(Math.max),
  longest: () => {
    let stretch = 0; // the sum over the events in a row that goes on
    return accumulator((longest, cost) => {
      stretch = cost > 0 ? stretch + cost : 0;
      return Math.max(longest, stretch);
    });
  },
  p50: () => percentile(50),
  p99: () => percentile(99),
};

function accumulator(fold: (total: number, cost: number) => number): Accumulator {
  let total = 0;
  return {
    take: (cost) => {
      total = fold(total, cost);
    },
    read: () => total,
  };
}

/** By nearest rank: the least cost that at least so many percent of all do not exceed; 0 without any. */
function percentile(percent: number): Accumulator {
  const times = new Map<number, number>();
  let count = 0;
  return {
    take: (cost) => {
      times.set(cost, (times.get(cost) ?? 0) + 1);
      count++;
    },
    read: () => {
      let rank = 0;
      for (const [cost, repeated] of [...times].sort(([a], [b]) => a - b)) {
        rank += repeated;
        if (100 * rank >= percent * count) return cost;
      }
      return 0;
    },
  };
}

/** Folds the events of a run into what it costs. Nothing else is looked at: the same events cost the same (G8). */
export class CostFold {
  private readonly costs: readonly Cost<object, AnyEvent>[];
  private readonly accumulators: readonly Accumulator[];

  constructor(costs: readonly Cost<object, AnyEvent>[]) {
    this.costs = [...EVERY_RUN, ...costs];
    this.accumulators = this.costs.map(({ fold }) => ACCUMULATORS[fold]());
  }

  /** Takes in an event; `state` is that after it. */
  take(event: AnyEvent, state: object): void {
    for (const [at, { of }] of this.costs.entries()) this.accumulators[at].take(of(event, state));
  }

  read(): Totals {
    return new Map(this.costs.map(({ name }, at) => [name, this.accumulators[at].read()]));
  }
}
