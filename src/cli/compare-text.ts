import type { ComparedVariant, ComparisonResult, SweptFigure } from '../explore/compare/compare.ts';
import type { Survival } from '../explore/compare/survival.ts';
import { faultCatalogue } from '../hardware/fault-catalogue.ts';
import { decimal } from '../recordings/reports/format.ts';

type Row = readonly [name: string, ...cells: readonly string[]];

/** What a comparison found, for people: tables with a column for each variant. */
export function compareText(result: ComparisonResult): string[] {
  const { comparison, workload, variants, swept } = result;
  const { trial } = comparison;
  const labels = variants.map(({ label }) => label);
  const rows = (of: readonly { name: string; meaning: string }[], cell: CellOf): Row[] =>
    of.map(({ name, meaning }) => [meaning, ...variants.map((variant) => cell(variant, name))]);
  const recovery: CellOf = ({ recovery: { figures } }, name) =>
    `${decimal(figures[name].largest)} (${decimal(figures[name].mean)})`;
  const lines = [
    `${comparison.name}: ${comparison.title}`,
    `${workload.name}: ${workload.meaning}`,
    '',
    ...variants.map(({ label, meaning }) => `  ${label.padEnd(widthOf(labels))}  ${meaning}`),
    '',
    ...table(
      ['without faults', ...labels],
      rows(comparison.figures, ({ figures }, name) => decimal(figures[name])),
    ),
  ];
  if (trial.figures.length > 0) {
    const heading = `${trial.meaning} (${trial.fault}), the largest (mean)`;
    lines.push('', ...table([heading, ...labels], rows(trial.figures, recovery)));
  }
  lines.push(
    '',
    ...table(['survived of those tried', ...labels], survivalRows(variants)),
    '',
    '–: it claims nothing of this fault; never: the fault cannot happen to it; none: not in this scenario.',
    'What was not survived was reported as lost.',
  );
  for (const figure of swept) lines.push('', ...sweepTable(result, figure));
  return lines;
}

type CellOf = (variant: ComparedVariant, name: string) => string;

const survivalRows = (variants: readonly ComparedVariant[]): Row[] =>
  variants[0].survival.map(({ fault }, at) => [
    `${fault} ${faultCatalogue[fault].name}`,
    ...variants.map(({ survival }) => survivalCell(survival[at])),
  ]);

function survivalCell({ standing, survived, unrecoverable, violated }: Survival): string {
  if (standing !== 'tried') return standing === 'never' ? 'never' : '–';
  if (violated > 0) return `${violated.toLocaleString('en')} VIOLATED`;
  if (survived + unrecoverable === 0) return 'none';
  return unrecoverable === 0
    ? decimal(survived)
    : `${decimal(survived)} of ${decimal(survived + unrecoverable)}`;
}

function sweepTable(
  { comparison: { figures, trial, sweep } }: ComparisonResult,
  swept: SweptFigure,
): string[] {
  const declared = swept.of === 'run' ? figures : trial.figures;
  const meaning = declared.find(({ name }) => name === swept.figure)?.meaning ?? swept.figure;
  const heading = swept.of === 'run' ? meaning : `${trial.meaning}: ${meaning}, the largest`;
  const values = sweep?.values.map((value) => decimal(value)) ?? [];
  return [
    heading,
    ...table(
      [`by ${sweep?.parameter}`, ...values],
      swept.lines.map(({ label, values: along }): Row => [label, ...along.map(decimal)]),
    ),
  ];
}

function table(heading: Row, rows: readonly Row[]): string[] {
  const all = [heading, ...rows];
  const widths = heading.map((_, at) => widthOf(all.map((row) => row[at])));
  return all.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  '),
  );
}

const widthOf = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));
