import { type ComparisonResult, compare as compareVariants } from '../../explore/compare/compare.ts';
import { InputError } from '../../kernel/errors.ts';
import { allMechanisms } from '../../mechanisms/all.ts';
import { allComparisons } from '../../mechanisms/all-comparisons.ts';
import type { Comparison, Workload } from '../../mechanisms/comparison.ts';
import { expectWritable } from '../../recordings/make-directory.ts';
import { writeComparisonReport } from '../../recordings/reports/write-comparison-report.ts';
import { compareText } from '../compare-text.ts';
import { print } from '../print.ts';
import { ProgressLine } from '../progress-line.ts';
import { type Io, STATUS } from '../session.ts';

export interface CompareOptions {
  readonly scenario?: string;
  readonly report?: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** Compares variants and tells what was found. Returns the exit status. */
export async function compare(io: Io, what: string, options: CompareOptions): Promise<number> {
  const comparison = findComparison(what);
  const workload = findWorkload(comparison, options.scenario);
  if (options.report !== undefined) expectWritable(options.report);
  const line = new ProgressLine(io.stderr);
  const startedAt = performance.now();
  const result = compareVariants(comparison, workload, (next) => {
    if (!options.quiet) line.show(next, performance.now() - startedAt);
  });
  line.clear();
  if (options.report !== undefined) await writeComparisonReport(options.report, result);
  const isBroken = result.variants.some(({ survival }) => survival.some(({ violated }) => violated > 0));
  const status = isBroken ? STATUS.violation : STATUS.clean;
  print(io.stdout, options.json === true, jsonOf(result, status), () => compareText(result));
  return status;
}

function findComparison(wanted: string): Comparison {
  const names = allComparisons.map(({ name }) => name).join(', ');
  const found = allComparisons.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const around = allComparisons.find(({ workloads }) =>
    workloads[0].variants.some(({ mechanism }) => mechanism.name === wanted),
  );
  if (around !== undefined)
    throw new InputError(
      `compare: ${wanted} is one variant of ${around.name}: tearline compare ${around.name}`,
    );
  const isKnown = allMechanisms.some(({ name }) => name === wanted || name.startsWith(`${wanted}.`));
  throw new InputError(
    isKnown
      ? `compare: ${wanted} has no variants to compare; ${names} have`
      : `compare: there is no mechanism ${wanted}; ${names} can be compared`,
  );
}

function findWorkload({ name, workloads }: Comparison, wanted: string | undefined): Workload {
  if (wanted === undefined) return workloads[0];
  const found = workloads.find((workload) => workload.name === wanted);
  if (found !== undefined) return found;
  const names = workloads.map((workload) => workload.name).join(', ');
  throw new InputError(`compare: ${name} has no scenario ${wanted} to compare; it has ${names}`);
}

function jsonOf({ comparison, workload, variants, swept }: ComparisonResult, status: number) {
  const { name, title, figures, trial, sweep } = comparison;
  const described = figures.map((figure) => ({ name: figure.name, meaning: figure.meaning }));
  return {
    command: 'compare',
    status,
    name,
    title,
    scenario: workload.name,
    meaning: workload.meaning,
    figures: described,
    trial: {
      fault: trial.fault,
      meaning: trial.meaning,
      figures: trial.figures.map((figure) => ({ name: figure.name, meaning: figure.meaning })),
    },
    variants,
    sweep:
      sweep === undefined
        ? undefined
        : {
            meaning: sweep.meaning,
            parameter: sweep.parameter,
            values: sweep.values,
            figures: swept,
          },
  };
}
