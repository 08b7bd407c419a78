import type { CampaignReport } from '../../explore/campaign-report.ts';
import { count, grouped, ofLog2 } from './format.ts';
import { type Fragment, html, type Markup } from './html.ts';
import { table } from './table.ts';

const LISTED_POINTS = 20;

/** The campaign in numbers, and what was left out. */
export function numbersSection(report: CampaignReport): Markup {
  const { images, crashPoints, checker } = report;
  const unchecked = checker === null;
  return html`<section aria-labelledby="numbers">
<h2 id="numbers">Numbers</h2>
<dl class="numbers">
${number('Crash points', count(crashPoints))}
${number('Combinations', images.combinations === null || images.combinations.length > 15 ? ofLog2(images.combinationsLog2) : grouped(images.combinations))}
${number('Distinct images', count(images.distinct))}
${number('Checked', unchecked ? 'no checker' : count(images.checked))}
${number('Violating', unchecked ? '–' : count(images.violating), images.violating > 0 && 'bad')}
${number('Undecided', unchecked ? '–' : count(images.undecided), images.undecided > 0 && 'doubtful')}
${number('Account', images.complete ? 'complete' : 'incomplete', !images.complete && 'doubtful')}
</dl>
${report.shard.count > 1 && html`<p>This is shard ${report.shard.index + 1} of ${count(report.shard.count)}: distinct and checked images are those of this shard alone.</p>`}
${incompleteAccount(report)}
</section>`;
}

/** A number with its name. */
export const number = (name: string, value: Fragment, tone: string | false = false): Markup =>
  html`<div><dt>${name}</dt><dd${tone !== false && html` class="${tone}"`}>${value}</dd></div>`;

function incompleteAccount({ incomplete, crashPoints, images }: CampaignReport): Markup | undefined {
  if (incomplete === null) {
    return images.complete ? undefined : html`<p>Not every image was visited or judged.</p>`;
  }
  const { points, explored, imagesLog2, largestLog2, strategy } = incomplete;
  return html`<p>${count(points)} of ${count(crashPoints)} crash points were sampled:
of up to ${ofLog2(imagesLog2)} images there, ${count(explored)} were visited. The largest point has up to ${ofLog2(largestLog2)}.
At each point were tried: ${strategy}.</p>
${sampledPoints(incomplete)}`;
}

function sampledPoints({ points, list }: NonNullable<CampaignReport['incomplete']>): Markup | undefined {
  if (list.length === 0) return undefined;
  const listed = list.slice(0, LISTED_POINTS);
  const caption =
    points > listed.length
      ? `The first ${listed.length} of ${count(points)} sampled points; more are in results.ndjson`
      : 'Sampled points';
  return html`<details><summary>Points that were sampled</summary>
${table(
  caption,
  [
    { name: 'Crash after events', kind: 'number' },
    { name: 'Images', kind: 'number' },
    { name: 'Visited', kind: 'number' },
  ],
  listed.map(({ index, images, log2, explored }) => [
    count(index),
    Number.isFinite(images) ? count(images as number) : ofLog2(log2),
    count(explored),
  ]),
)}</details>`;
}
