import type { MarkerSpan } from '../../explore/marker-spans.ts';
import type { RunTimeline } from '../../explore/timeline.ts';
import type { VulnerableWindow } from '../../explore/windows.ts';
import { count } from './format.ts';
import { html, type Markup } from './html.ts';
import { bandsOf, drawnOver, percent, ticksOf, trim, widthOf } from './timeline-scale.ts';

const SPAN_HEIGHT = 17;
const SPANS_DRAWN = 600;
/** A label is drawn in spans at least this share of the run, in percent. */
const LABELLED_PERCENT = 3;
const LABEL_CHARACTERS = 48;

/** One row of the plot: values per bucket as bars from the ground, stretched to whatever width there is. */
export function barsSvg(
  timeline: RunTimeline,
  values: readonly number[],
  height: number,
  label: string,
): Markup {
  const width = trim(widthOf(timeline), 4);
  return html`<svg class="lane" height="${height}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none"
 role="img" aria-label="${label}">
<path class="ground" d="M0 ${height - 0.5}H${width}"/>
<path class="bars" d="${barsPath(values, height)}"/></svg>`;
}

function barsPath(values: readonly number[], height: number): string {
  const most = values.reduce((max, value) => Math.max(max, value), 0);
  if (most === 0) return '';
  let path = `M0 ${height}`;
  let y = height;
  for (let i = 0; i <= values.length; i++) {
    const value = values[i] ?? 0;
    // What is there at all is at least as high as can be seen.
    const top = value > 0 ? Math.min(height - 1.5, height - (value / most) * (height - 1)) : height;
    if (trim(top, 1) === trim(y, 1)) continue;
    path += `H${i}V${trim(top, 1)}`;
    y = top;
  }
  return `${path}H${values.length}V${height}Z`;
}

/** The windows as bands behind all rows. */
export function bandsSvg(timeline: RunTimeline, windows: readonly VulnerableWindow[]): Markup {
  const path = bandsOf(windows, timeline).map(
    ([from, to]) => `M${trim(from, 1)} 0H${trim(to, 1)}V1H${trim(from, 1)}Z`,
  );
  return html`<svg class="lane bands" viewBox="0 0 ${trim(widthOf(timeline), 4)} 1" preserveAspectRatio="none" aria-hidden="true"><path d="${path.join('')}"/></svg>`;
}

/** The windows as a row of their own, the listed ones with their numbers. */
export function windowsSvg(
  timeline: RunTimeline,
  windows: readonly VulnerableWindow[],
  listed: readonly VulnerableWindow[],
): Markup {
  const path = bandsOf(windows, timeline).map(
    ([from, to]) => `M${trim(from, 1)} 0H${trim(to, 1)}V8H${trim(from, 1)}Z`,
  );
  let free = -1;
  const labels = listed.map((window, i) => {
    const [from, to] = drawnOver(window);
    const middle = (from + to) / 2;
    if (100 * (middle - free) < LABELLED_PERCENT * timeline.events && free >= 0) return null;
    free = middle;
    const anchor =
      middle > 0.98 * timeline.events ? 'end' : middle < 0.02 * timeline.events ? 'start' : 'middle';
    return html`<text x="${percent(middle, timeline)}" y="11" text-anchor="${anchor}" data-at="${middle}">${i + 1}</text>`;
  });
  return html`<svg class="windows" height="24" role="img" aria-label="${count(windows.length)} vulnerable windows">
${labels}
<svg class="lane" y="15" height="8" viewBox="0 0 ${trim(widthOf(timeline), 4)} 8" preserveAspectRatio="none">
<path d="${path.join('')}"/></svg></svg>`;
}

export interface DrawnSpans {
  readonly svg: Markup;
  readonly omitted: number;
}

export function spansSvg(timeline: RunTimeline): DrawnSpans {
  const drawn = timeline.spans.slice(0, SPANS_DRAWN);
  const rows = 1 + drawn.reduce((deepest, { depth }) => Math.max(deepest, depth), 0);
  const label = `${count(drawn.reduce((sum, span) => sum + span.count, 0))} marker spans`;
  const svg = html`<svg class="spans" height="${rows * SPAN_HEIGHT}" role="img" aria-label="${label}">${drawn.map((span) => spanSvg(span, timeline))}</svg>`;
  const omitted = timeline.spans
    .slice(SPANS_DRAWN)
    .reduce((sum, span) => sum + span.count, timeline.spansTooDeep);
  return { svg, omitted };
}

function spanSvg(span: MarkerSpan, timeline: RunTimeline): Markup {
  const { from, to, depth } = span;
  const width = (100 * (to - from)) / Math.max(1, timeline.events);
  const name = nameOfSpan(span);
  return html`<svg x="${percent(from, timeline)}" width="${trim(width, 4)}%" y="${depth * SPAN_HEIGHT}" height="${SPAN_HEIGHT - 2}"
 data-from="${from}" data-to="${to}" data-name="${name}"${span.count > 1 && html` class="many"`}>
<rect width="100%" height="100%"/>${width >= LABELLED_PERCENT && html`<text x="4" y="11">${name}</text>`}</svg>`;
}

/** `PUSH`, or `INIT, PUSH (2,501 spans)` for several. */
function nameOfSpan({ names, hasMoreNames, count: many }: MarkerSpan): string {
  const whole = [...names, ...(hasMoreNames ? ['…'] : [])].join(', ');
  const text = whole.length > LABEL_CHARACTERS ? `${whole.slice(0, LABEL_CHARACTERS)}…` : whole;
  return many > 1 ? `${text} (${count(many)} spans)` : text;
}

export function axisSvg(timeline: RunTimeline): Markup {
  const { events } = timeline;
  return html`<svg class="axis" height="22" aria-hidden="true">${ticksOf(0, events, 8).map((tick) => {
    const at = events === 0 ? 0 : tick / events;
    const anchor = at < 0.04 ? 'start' : at > 0.96 ? 'end' : 'middle';
    return html`<line x1="${percent(tick, timeline)}" x2="${percent(tick, timeline)}" y1="0" y2="5"/><text x="${percent(tick, timeline)}" y="18" text-anchor="${anchor}">${count(tick)}</text>`;
  })}</svg>`;
}
