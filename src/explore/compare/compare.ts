import type { Comparison, Sweep, Workload } from '../../mechanisms/comparison.ts';
import { type Figures, figuresOf } from './figures.ts';
import { faultsOf, type Survival, survivalOf } from './survival.ts';
import { measure, type RecoveryWork } from './trials.ts';

/** What was found of one variant. Plain data. */
export interface ComparedVariant {
  readonly label: string;
  readonly meaning: string;
  readonly mechanism: string;
  /** Of the run without faults. */
  readonly figures: Figures;
  readonly recovery: RecoveryWork;
  /** Of the same faults for every variant, in the order of the catalogue. */
  readonly survival: readonly Survival[];
}

/** A figure along a sweep: a value for each variant and each value of the parameter. */
export interface SweptFigure {
  readonly figure: string;
  readonly of: 'run' | 'recovery';
  readonly lines: readonly SweptLine[];
}

export interface SweptLine {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

export interface ComparisonResult {
  readonly comparison: Comparison;
  readonly workload: Workload;
  readonly variants: readonly ComparedVariant[];
  readonly swept: readonly SweptFigure[];
}

/** Is told what is run next. */
export type OnProgress = (what: string) => void;

/**
 * Runs the same work through all variants: what the run costs, what recovery takes, what each fault leaves. The numbers are
 * folds over events with declared ticks, so they are the same on every run and every computer.
 */
export function compare(
  comparison: Comparison,
  workload: Workload,
  onProgress: OnProgress = () => undefined,
): ComparisonResult {
  const faults = faultsOf(workload.variants.map(({ mechanism }) => mechanism));
  const variants = workload.variants.map((variant) => {
    onProgress(`${workload.name}: ${variant.label}`);
    const { totals, recovery } = measure(variant, comparison.trial);
    return {
      label: variant.label,
      meaning: variant.meaning,
      mechanism: variant.mechanism.name,
      figures: figuresOf(comparison.figures, totals),
      recovery,
      survival: survivalOf(variant, faults),
    };
  });
  const { sweep } = comparison;
  return {
    comparison,
    workload,
    variants,
    swept: sweep === undefined ? [] : sweptFigures(comparison, sweep, onProgress),
  };
}

interface SweptPoint {
  readonly label: string;
  readonly run: Figures;
  readonly recovery: RecoveryWork;
}

function sweptFigures({ figures, trial }: Comparison, sweep: Sweep, onProgress: OnProgress): SweptFigure[] {
  const points = sweep.values.map((value) => {
    onProgress(`${value} ${sweep.parameter}`);
    return sweep.variants(value).map((variant): SweptPoint => {
      const { totals, recovery } = measure(variant, trial, sweep.faultAt);
      return { label: variant.label, run: figuresOf(figures, totals), recovery };
    });
  });
  const lines = (read: (point: SweptPoint) => number | null): SweptLine[] =>
    points[0].map(({ label }, at) => ({ label, values: points.map((point) => read(point[at])) }));
  return [
    ...sweep.figures.map(
      (figure): SweptFigure => ({ figure, of: 'run', lines: lines(({ run }) => run[figure]) }),
    ),
    ...sweep.recoveryFigures.map(
      (figure): SweptFigure => ({
        figure,
        of: 'recovery',
        lines: lines(({ recovery }) => recovery.figures[figure].largest),
      }),
    ),
  ];
}
