import type { CampaignReport } from '../../explore/campaign-report.ts';
import type { RunTimeline } from '../../explore/timeline.ts';
import type { VulnerableWindow } from '../../explore/windows.ts';
import { count, ofLog2, ofLog2Text, plural } from './format.ts';
import { type Fragment, html, jsonForPage, type Markup } from './html.ts';
import { table } from './table.ts';
import { drawnOver } from './timeline-scale.ts';
import { axisSvg, bandsSvg, barsSvg, spansSvg, windowsSvg } from './timeline-svg.ts';

const LISTED_WINDOWS = 20;

/** The run from left to right: what happened, what a crash could leave, and where that was wrong. */
export function timelineSection(report: CampaignReport, timeline: RunTimeline): Markup {
  const { lanes, totals, imagesLog2, events } = timeline;
  const windows = report.windows;
  const listed = mostImages(windows);
  const largest = imagesLog2.reduce((max, log2) => Math.max(max, log2), 0);
  const spans = spansSvg(timeline);
  const counted = (name: string, lane: 'stores' | 'flushes' | 'fences'): Markup =>
    row(
      html`${name} <b>${count(totals[lane])}</b>`,
      barsSvg(timeline, lanes[lane], 30, `${count(totals[lane])} ${lane} over the run`),
    );
  return html`<section aria-labelledby="timeline">
<h2 id="timeline">Timeline of the run</h2>
<figure>
<figcaption>
${plural(events, 'event')}${timeline.eventsPerBucket > 1 && html`, in steps of ${count(timeline.eventsPerBucket)}`}.
${windows.length > 0 && html` <span class="key-window"></span> marks where a crash can leave a violating image.`}
</figcaption>
<div class="plots" id="plots" tabindex="0" role="group"
 aria-label="Timeline; arrow keys move, plus and minus zoom, Escape shows the whole run">
${windows.length > 0 && bandsSvg(timeline, windows)}
${windows.length > 0 && row(html`Vulnerable <b>${count(windows.length)}</b>`, windowsSvg(timeline, windows, listed))}
${row(html`Possible images <span class="scale">log scale, up to ${ofLog2(largest)}</span>`, barsSvg(timeline, imagesLog2, 64, `images that a crash can leave, up to ${ofLog2Text(largest)}`), 'images')}
${counted('Stores', 'stores')}
${counted('Flushes', 'flushes')}
${counted('Fences', 'fences')}
${timeline.spans.length > 0 && row(html`Markers <b>${count(totals.markers)}</b>${spans.omitted > 0 && html` <span class="scale">${count(spans.omitted)} spans not drawn</span>`}`, spans.svg)}
${row('Event', axisSvg(timeline), 'axis-row')}
<div class="cursor" id="cursor" hidden></div><div class="selection" id="selection" hidden></div>
</div>
<div class="readout scripted" hidden><output id="readout" aria-live="polite">
Point at the timeline, or focus it and press the arrow keys, to read it out.
Drag, or press + and −, to zoom.</output>
<button type="button" id="whole" hidden>Show the whole run</button></div>
</figure>
${jsonData(timeline, report)}
${windowsTable(windows, listed)}
</section>`;
}

const row = (label: Fragment, plot: Markup, kind = ''): Markup =>
  html`<div class="label ${kind}">${label}</div><div class="plot ${kind}">${plot}</div>`;

/** What the page's script reads out. */
function jsonData(timeline: RunTimeline, report: CampaignReport): Markup {
  const { events, eventsPerBucket, lanes, imagesLog2 } = timeline;
  const images = imagesLog2.map((log2) => Math.round(log2 * 100) / 100);
  const bySize = mostImages(report.windows).map(drawnOver);
  return html`<script type="application/json" id="timeline-data">${jsonForPage({ events, eventsPerBucket, lanes, images, windows: bySize })}</script>`;
}

/** The windows with the most violating images, in the order of the run. */
const mostImages = (windows: readonly VulnerableWindow[]): VulnerableWindow[] =>
  [...windows]
    .sort((one, other) => other.images - one.images || one.from - other.from)
    .slice(0, LISTED_WINDOWS)
    .sort((one, other) => one.from - other.from);

function windowsTable(
  windows: readonly VulnerableWindow[],
  listed: readonly VulnerableWindow[],
): Markup | undefined {
  if (windows.length === 0) return undefined;
  const caption =
    windows.length > listed.length
      ? `The ${listed.length} of ${count(windows.length)} windows with the most images; all are in results.ndjson`
      : 'Numbers of events after which a crash can leave a violating image';
  return html`<details${windows.length <= 8 && html` open`}><summary>Vulnerable windows</summary>
${table(
  caption,
  [
    { name: 'Window', kind: 'number' },
    { name: 'From', kind: 'number' },
    { name: 'To', kind: 'number' },
    { name: 'New violating images', kind: 'number' },
    { name: 'Zoom', isScripted: true },
  ],
  listed.map((window, i) => [
    html`<span class="window-number">${i + 1}</span>`,
    count(window.from),
    count(window.to),
    count(window.images),
    zoomButton(window, i + 1),
  ]),
)}</details>`;
}

function zoomButton(window: VulnerableWindow, number: number): Markup {
  const [from, to] = drawnOver(window);
  return html`<button type="button" data-zoom-from="${from}" data-zoom-to="${to}" aria-label="Zoom to window ${number}">Zoom</button>`;
}
