import type { CampaignReport } from '../../explore/campaign-report.ts';
import { count, grouped, ofLog2 } from './format.ts';
import { type Fragment, html, type Markup } from './html.ts';

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

const number = (name: string, value: Fragment, tone: string | false = false): Markup =>
  html`<div><dt>${name}</dt><dd${tone !== false && html` class="${tone}"`}>${value}</dd></div>`;

function incompleteAccount({ incomplete, crashPoints, images }: CampaignReport): Markup | undefined {
  if (incomplete === null) {
    return images.complete ? undefined : html`<p>Not every image was visited or judged.</p>`;
  }
  const listed = incomplete.list.slice(0, LISTED_POINTS);
  return html`<p>${count(incomplete.points)} of ${count(crashPoints)} crash points were sampled: of up to ${ofLog2(incomplete.imagesLog2)} images there, ${count(incomplete.explored)} were visited. The largest point has up to ${ofLog2(incomplete.largestLog2)}. At each point were tried: ${incomplete.strategy}.</p>
${
  listed.length > 0 &&
  html`<details><summary>Points that were sampled</summary>
<div class="scroll"><table><caption>${incomplete.points > listed.length ? html`The first ${listed.length} of ${count(incomplete.points)} sampled points` : 'Sampled points'}</caption>
<thead><tr><th scope="col" class="n">Crash after events</th><th scope="col" class="n">Images</th><th scope="col" class="n">Visited</th></tr></thead>
<tbody>${listed.map(({ index, images: of, log2, explored }) => html`<tr><td class="n">${count(index)}</td><td class="n">${typeof of === 'number' ? count(of) : ofLog2(log2)}</td><td class="n">${count(explored)}</td></tr>`)}</tbody></table></div>
${incomplete.points > listed.length && html`<p class="note">The others are in results.ndjson.</p>`}</details>`
}`;
}
