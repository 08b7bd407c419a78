import type { AnyEvent } from '../../kernel/event-table.ts';
import type { Variant } from '../../mechanisms/comparison.ts';
import { settingOf } from '../../mechanisms/setting.ts';
import { World } from '../fault-campaign/world.ts';
import { CostFold, type Totals } from './cost-fold.ts';

const EVENTS_MAX = 100_000;

/**
 * Goes through a variant's run without faults and folds its costs. `visit` sees the world before each event, and at the end.
 * Throws `RangeError` for a run without end.
 */
export function walk(
  { label, mechanism, scenario }: Variant,
  visit: (world: World, isEnd: boolean) => void = () => undefined,
): Totals {
  const world = World.initial(mechanism, settingOf(mechanism, scenario));
  const costs = new CostFold(mechanism.costs);
  for (;;) {
    const next = mechanism.decide(world.state);
    visit(world, next === undefined);
    if (next === undefined) return costs.read();
    step(world, next, costs, label);
  }
}

/** Folds a fault in, and recovery to its end; the costs are those of recovery alone. */
export function recover(world: World, fault: readonly AnyEvent[], label: string): Totals {
  const { mechanism } = world;
  const costs = new CostFold(mechanism.costs);
  for (const event of fault) world.apply(event);
  for (let next = mechanism.recover(world.state); next !== undefined; next = mechanism.recover(world.state))
    step(world, next, costs, label);
  return costs.read();
}

function step(world: World, event: AnyEvent, costs: CostFold, label: string): void {
  if (world.index >= EVENTS_MAX) throw new RangeError(`${label}: the run has no end: ${world.index} events`);
  world.apply(event);
  world.forget();
  costs.take(event, world.state);
}
