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

/** Folds the events of a run into what it costs. Nothing else is looked at: the same events cost the same (G8). */
export class CostFold {
  private readonly costs: readonly Cost<object, AnyEvent>[];
  private readonly totals: number[];
  /** Of each cost, the sum over the stretch of events in a row that goes on. */
  private readonly stretches: number[];

  constructor(costs: readonly Cost<object, AnyEvent>[]) {
    this.costs = [...EVERY_RUN, ...costs];
    this.totals = this.costs.map(() => 0);
    this.stretches = this.costs.map(() => 0);
  }

  /** Takes in an event; `state` is that after it. */
  take(event: AnyEvent, state: object): void {
    for (const [at, { fold, of }] of this.costs.entries()) {
      const cost = of(event, state);
      if (fold === 'sum') this.totals[at] += cost;
      else {
        this.stretches[at] = fold === 'longest' && cost > 0 ? this.stretches[at] + cost : cost;
        this.totals[at] = Math.max(this.totals[at], this.stretches[at]);
      }
    }
  }

  read(): Totals {
    return new Map(this.costs.map(({ name }, at) => [name, this.totals[at]]));
  }
}
