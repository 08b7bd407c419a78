import type { SweptLine } from '../../explore/compare/compare.ts';
import type { CurveScale } from './curve-scale.ts';
import { decimal } from './format.ts';
import { html, type Markup } from './html.ts';
import { seriesClass, shapeOf } from './series.ts';
import { trim } from './timeline-scale.ts';

const HEIGHT = 262;
/** Above the highest value, and below the ground, where the values of the parameter stand. */
const TOP = 16;
const BOTTOM = 38;
/** Left and right of the first and last value, in percent of the width. */
const MARGIN = 6;
/** Lines that coincide are drawn so far apart, in pixels. */
const APART = 3;

/** What is changed along the lines. */
export interface Parameter {
  readonly name: string;
  readonly values: readonly number[];
}

/** A line for each series over the values of a parameter, at equal distances, stretched to whatever width there is. */
export function curveSvg(
  lines: readonly SweptLine[],
  scale: CurveScale,
  { name, values }: Parameter,
  label: string,
): Markup {
  const x = (at: number): number => MARGIN + ((100 - 2 * MARGIN) * at) / Math.max(1, values.length - 1);
  const y = (value: number, shift = 0): number =>
    TOP + (1 - scale.place(value)) * (HEIGHT - TOP - BOTTOM) - shift;
  const ground = HEIGHT - BOTTOM;
  return html`<svg class="curve" role="img" aria-label="${label}">
${scale.ticks.map((tick) => {
  const at = trim(y(tick), 1);
  return html`<line class="grid${tick === 0 && ' ground'}" x1="0" x2="100%" y1="${at}" y2="${at}"/><text x="0" y="${trim(y(tick) - 4, 1)}">${decimal(tick)}</text>`;
})}
${values.map((value, at) => html`<text x="${trim(x(at), 3)}%" y="${ground + 17}" text-anchor="middle">${decimal(value)}</text>`)}
<text x="50%" y="${ground + 34}" text-anchor="middle">${name}</text>
${lines.map((line, series) => lineSvg(line, series, x, (value) => y(value, APART * twinsBefore(lines, series))))}
</svg>`;
}

/** How many lines before this one are the same. */
const twinsBefore = (lines: readonly SweptLine[], series: number): number =>
  lines
    .slice(0, series)
    .filter(({ values }) => values.every((value, at) => value === lines[series].values[at])).length;

function lineSvg(
  { label, values }: SweptLine,
  series: number,
  x: (at: number) => number,
  y: (value: number) => number,
): Markup {
  const points = values.flatMap((value, at) => (value === null ? [] : [{ at, value }]));
  const path = points.map(
    ({ at, value }, i) => `${i === 0 ? 'M' : 'L'}${trim(x(at), 3)} ${trim(y(value), 1)}`,
  );
  return html`<g class="${seriesClass(series)}">
<svg viewBox="0 0 100 ${HEIGHT}" preserveAspectRatio="none" width="100%" height="${HEIGHT}"><path class="line" d="${path.join('')}"/></svg>
${points.map(
  ({ at, value }) =>
    html`<svg class="point" x="${trim(x(at), 3)}%" y="${trim(y(value), 1)}" overflow="visible"><path d="${shapeOf(series)}"><title>${label}: ${decimal(value)}</title></path></svg>`,
)}</g>
`;
}
