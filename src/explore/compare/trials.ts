import type { Comparison, Sweep, Variant } from '../../mechanisms/comparison.ts';
import type { World } from '../fault-campaign/world.ts';
import type { Totals } from './cost-fold.ts';
import { figuresOf } from './figures.ts';
import { recover, walk } from './walk.ts';

/** The work of recovery after one fault, at each place where it was put in. */
export interface RecoveryWork {
  readonly injections: number;
  /** Recoveries that ended with the report of a loss. */
  readonly losses: number;
  /** Of each figure of the trial. Both 0 where the fault never applied. */
  readonly figures: Readonly<Record<string, LargestAndMean>>;
}

export interface LargestAndMean {
  readonly largest: number;
  readonly mean: number;
}

/** A run without faults, and recoveries forked from it. */
export interface Measured {
  readonly totals: Totals;
  readonly recovery: RecoveryWork;
}

/** Measures the run without faults, and the recovery from the fault of the trial at every event, or at the end. */
export function measure(
  variant: Variant,
  trial: Comparison['trial'],
  faultAt: Sweep['faultAt'] = 'every event',
): Measured {
  const figures = trial.figures.map(({ name }) => ({ name, largest: 0, sum: 0 }));
  let injections = 0;
  let losses = 0;
  const totals = walk(variant, (world, isEnd) => {
    if (!isEnd && faultAt === 'the end') return;
    for (const fault of faultsIn(world, trial.fault)) {
      const after = world.fork();
      const found = figuresOf(trial.figures, recover(after, fault, variant.label));
      injections++;
      if (after.lossReported) losses++;
      for (const figure of figures) {
        const value = found[figure.name] ?? 0;
        figure.largest = Math.max(figure.largest, value);
        figure.sum += value;
      }
    }
  });
  const summary = figures.map(({ name, largest, sum }) => [
    name,
    { largest, mean: sum / Math.max(1, injections) },
  ]);
  return { totals, recovery: { injections, losses, figures: Object.fromEntries(summary) } };
}

function* faultsIn({ mechanism, state }: World, number: string) {
  for (const fault of mechanism.faults)
    if (fault.number === number && 'occurrences' in fault) yield* fault.occurrences(state, 'few');
}
