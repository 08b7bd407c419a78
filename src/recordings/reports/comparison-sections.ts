import type { ComparedVariant, ComparisonResult, SweptFigure } from '../../explore/compare/compare.ts';
import type { Survival } from '../../explore/compare/survival.ts';
import { faultCatalogue } from '../../hardware/fault-catalogue.ts';
import { costTable, DEFAULT_TICKS } from '../../mechanisms/cost-table.ts';
import { curveScale } from './curve-scale.ts';
import { curveSvg } from './curve-svg.ts';
import { capital, count, decimal, plural } from './format.ts';
import { html, type Markup } from './html.ts';
import { seriesClass, seriesKey } from './series.ts';
import { table } from './table.ts';
import { trim } from './timeline-scale.ts';

/** What is compared. */
export const headerSection = ({ comparison, workload, variants }: ComparisonResult): Markup => html`<header>
<p class="eyebrow">tearline compare <span>${comparison.name}</span> scenario ${workload.name}</p>
<h1>${capital(comparison.title)}</h1>
<p>The same work for all: ${workload.meaning}.</p>
<dl class="variants">
${variants.map(({ label, meaning }, at) => html`<dt>${seriesKey(at)}${label}</dt><dd>${meaning}</dd>\n`)}</dl>
</header>`;

/** What the run costs without faults. */
export const costsSection = ({
  comparison,
  variants,
}: ComparisonResult): Markup => html`<section aria-labelledby="costs">
<h2 id="costs">Without faults</h2>
<div class="figures">
${comparison.figures.map(({ name, meaning }) =>
  bars(
    meaning,
    variants.map(({ label, figures }) => ({ label, value: figures[name], text: decimal(figures[name]) })),
  ),
)}</div>
</section>`;

/** What recovery takes. */
export function recoverySection({ comparison, variants }: ComparisonResult): Markup | undefined {
  const { fault, meaning, figures } = comparison.trial;
  if (figures.length === 0) return undefined;
  const losses = variants.filter(({ recovery }) => recovery.losses > 0);
  return html`<section aria-labelledby="recovery">
<h2 id="recovery">${capital(meaning)}</h2>
<p>${fault} at every event of the run, one at a time: the largest of all recoveries, and in brackets their mean.
${losses.length > 0 && html`A loss had to be reported by ${losses.map(lossText).join(', ')}.`}</p>
<div class="figures">
${figures.map((figure) =>
  bars(
    figure.meaning,
    variants.map(({ label, recovery }) => {
      const { largest, mean } = recovery.figures[figure.name];
      return { label, value: largest, text: `${decimal(largest)} (${decimal(mean)})` };
    }),
  ),
)}</div>
</section>`;
}

const lossText = ({ label, recovery: { losses, injections } }: ComparedVariant): string =>
  `${label} after ${count(losses)} of ${count(injections)} faults`;

interface Bar {
  readonly label: string;
  readonly value: number | null;
  readonly text: string;
}

/** A bar for each variant, from 0. */
function bars(caption: string, rows: readonly Bar[]): Markup {
  const most = Math.max(...rows.map(({ value }) => value ?? 0), 0);
  const share = (value: number | null): string => trim(most === 0 ? 0 : (100 * (value ?? 0)) / most, 2);
  return html`<figure>
<figcaption>${capital(caption)}</figcaption>
<dl class="bar-rows">
${rows.map(
  ({ label, value, text }, at) =>
    html`<dt>${label}</dt><dd class="${seriesClass(at)}"><svg aria-hidden="true"><rect width="${share(value)}%" height="100%"/></svg><span>${text}</span></dd>\n`,
)}</dl>
</figure>
`;
}

/** How figures change with one thing. */
export function sweepSection(result: ComparisonResult): Markup | undefined {
  const { comparison, swept } = result;
  const { sweep } = comparison;
  if (sweep === undefined) return undefined;
  return html`<section aria-labelledby="sweep">
<h2 id="sweep">By ${sweep.parameter}</h2>
<p>${capital(sweep.meaning)}.${swept.some(({ lines }) => lines.length > 1) && ' Lines that coincide are drawn side by side.'}</p>
<div class="curves">
${swept.map((figure) => curve(result, figure))}</div>
<details><summary>The numbers</summary>
${swept.map((figure) =>
  table(
    captionOf(result, figure),
    [{ name: '' }, ...sweep.values.map((value) => ({ name: decimal(value), kind: 'number' as const }))],
    figure.lines.map(({ label, values }) => [label, ...values.map(decimal)]),
  ),
)}</details>
</section>`;
}

function curve(result: ComparisonResult, swept: SweptFigure): Markup {
  const { parameter = '', values = [] } = result.comparison.sweep ?? {};
  const caption = captionOf(result, swept);
  const scale = curveScale(swept.lines.flatMap((line) => line.values.filter((value) => value !== null)));
  return html`<figure>
<figcaption>${caption}${scale.isLogarithmic && ' (logarithmic)'}</figcaption>
${curveSvg(swept.lines, scale, { name: parameter, values }, `${caption}, by ${parameter}`)}
${swept.lines.length > 1 && html`<dl class="legend-lines">${swept.lines.map(({ label }, at) => html`<dt>${seriesKey(at)}${label}</dt>`)}</dl>`}
</figure>
`;
}

function captionOf(
  { comparison: { figures, trial } }: ComparisonResult,
  { figure, of }: SweptFigure,
): string {
  const meaning =
    (of === 'run' ? figures : trial.figures).find(({ name }) => name === figure)?.meaning ?? figure;
  return capital(of === 'run' ? meaning : `${trial.meaning}: ${meaning}, the largest`);
}

/** What each fault leaves. */
export const survivalSection = ({
  variants,
}: ComparisonResult): Markup => html`<section aria-labelledby="survival">
<h2 id="survival">What survives</h2>
<p><span class="survival-key kept"></span>survived <span class="survival-key lost"></span>lost for good, and reported</p>
<div class="survival">${table(
  'Each fault tried alone, in every way and at every event; – where a mechanism claims nothing',
  [{ name: 'Fault', kind: 'term' }, ...variants.map(({ label }) => ({ name: label, kind: 'cell' as const }))],
  variants[0].survival.map(({ fault }, at) => [
    html`${fault} ${faultCatalogue[fault].name}`,
    ...variants.map(({ survival }) => survivalCell(survival[at])),
  ]),
)}</div>
</section>`;

function survivalCell({ standing, survived, unrecoverable, violated }: Survival): Markup {
  if (standing === 'unclaimed')
    return html`<span class="silent" title="it claims nothing of this fault">–</span>`;
  if (standing === 'never') return html`<span class="silent">cannot happen</span>`;
  const tried = survived + unrecoverable + violated;
  if (tried === 0) return html`<span class="silent">none</span>`;
  const share = (100 * survived) / tried;
  const broken = (100 * violated) / tried;
  return html`${unrecoverable + violated === 0 ? count(survived) : `${count(survived)} of ${count(tried)}`}${violated > 0 && html` <span class="bad">${plural(violated, 'violation')}</span>`}
<svg aria-hidden="true">${share > 0 && html`<rect class="kept" width="${trim(share, 2)}%" height="100%"/>`}${violated > 0 && html`<rect class="broken" x="${trim(share, 2)}%" width="${trim(broken, 2)}%" height="100%"/>`}${unrecoverable > 0 && html`<rect class="lost" x="${trim(share + broken, 2)}%" y="1" width="${trim(100 - share - broken, 2)}%" height="4"/>`}</svg>`;
}

/** What a tick is. */
export const ticksSection = (): Markup => html`<section aria-labelledby="ticks">
<h2 id="ticks">Ticks</h2>
<p>Ticks are declared, not measured: they tell cheap work from dear work, so that shapes can be compared. An event that is not
listed takes ${plural(DEFAULT_TICKS, 'tick')}. Every number here is a fold over events, the same on every computer.</p>
${table(
  'What events take',
  [{ name: 'Ticks', kind: 'number' }, { name: 'Work' }, { name: 'Events', kind: 'code' }],
  costTable.map(({ ticks, meaning, kinds }) => [count(ticks), meaning, kinds.join(', ')]),
)}
</section>`;
