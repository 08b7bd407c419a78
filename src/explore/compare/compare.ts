import type { Comparison, Sweep, Variant, Workload } from '../../mechanisms/comparison.ts';
import { type Figures, figuresOf } from './figures.ts';
import { type Survival, survivalOf } from './survival.ts';
import { measure, type RecoveryWork } from './trials.ts';

/** What was found of one variant. Plain data. */
export interface ComparedVariant {
  readonly label: string;
  readonly meaning: string;
  readonly mechanism: string;
  /** Of the run without faults. */
  readonly figures: Figures;
  readonly recovery: RecoveryWork;
  readonly survival: readonly Survival[];
}

/** A figure along a sweep: a value for each variant and each value of the parameter. */
export interface SweptFigure {
  readonly figure: string;
  readonly of: 'run' | 'recovery';
  readonly lines: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
}

export interface ComparisonResult {
  readonly comparison: Comparison;
  readonly workload: Workload;
  readonly variants: readonly ComparedVariant[];
  readonly swept: readonly SweptFigure[];
}

/**
 * Runs the same work through all variants: what the run costs, what recovery takes, what each fault leaves. The numbers are
 * folds over events with declared ticks, so they are the same on every run and every computer.
 */
export function compare(comparison: Comparison, workload: Workload): ComparisonResult {
  const survival = survivalOf(workload.variants);
  return {
    comparison,
    workload,
    variants: workload.variants.map((variant, at) => {
      const { totals, recovery } = measure(variant, comparison.trial);
      return {
        label: variant.label,
        meaning: variant.meaning,
        mechanism: variant.mechanism.name,
        figures: figuresOf(comparison.figures, totals),
        recovery,
        survival: survival[at],
      };
    }),
    swept: comparison.sweep === undefined ? [] : sweptFigures(comparison, comparison.sweep),
  };
}

function sweptFigures({ figures, trial }: Comparison, sweep: Sweep): SweptFigure[] {
  const points = sweep.values.map((value) =>
    sweep.variants(value).map((variant: Variant) => {
      const { totals, recovery } = measure(variant, trial, sweep.faultAt);
      return { label: variant.label, run: figuresOf(figures, totals), recovery };
    }),
  );
  const lines = (read: (point: (typeof points)[number][number]) => number | null): SweptFigure['lines'] =>
    points[0].map(({ label }, at) => ({ label, values: points.map((point) => read(point[at])) }));
  return [
    ...sweep.figures.map((figure) => ({
      figure,
      of: 'run' as const,
      lines: lines(({ run }) => run[figure]),
    })),
    ...sweep.recoveryFigures.map((figure) => ({
      figure,
      of: 'recovery' as const,
      lines: lines(({ recovery }) => recovery.figures[figure].largest),
    })),
  ];
}
