import type { CampaignReport } from '../../explore/campaign-report.ts';
import type { Platform } from '../../hardware/persistent-memory/configuration.ts';
import { clip, count, duration } from './format.ts';
import { type Fragment, html, type Markup } from './html.ts';
import { table } from './table.ts';

const KINDS_LISTED = 20;
const TEXT_CHARACTERS = 500;

/** Images that nobody could judge. */
export function undecidedSection({ undecided }: CampaignReport): Markup | undefined {
  if (undecided.length === 0) return undefined;
  return html`<section aria-labelledby="undecided">
<h2 id="undecided">Undecided images</h2>
${table(
  'Images on which the checker gave no verdict',
  [
    { name: 'What happened' },
    { name: 'Images', kind: 'number' },
    { name: 'First after events', kind: 'number' },
    { name: 'The first time', kind: 'code' },
  ],
  undecided
    .slice(0, KINDS_LISTED)
    .map(({ kind, images, index, reason }) => [
      kind,
      count(images),
      count(index),
      clip(reason, TEXT_CHARACTERS),
    ]),
)}
</section>`;
}

const SURVIVES: Record<Platform, string> = {
  P0: 'no ADR: only the media survive',
  P1: 'ADR: the media and the write pending queue survive',
  P1f: 'ADR that fails at this crash: only the media survive',
  P2: 'eADR: the media, the write pending queue and the caches survive',
};

/** Name and version of what made the report. */
export type Versions = Readonly<Record<string, string>>;

/** All that the numbers depend on. */
export function detailsSection(report: CampaignReport, versions: Versions): Markup {
  const { limits, shard } = report;
  return html`<section aria-labelledby="details">
<h2 id="details">Run details</h2>
<dl class="details">
${detail('Log', code(report.log))}
${detail('Fault', report.fault)}
${detail('Platform', `${report.platform} (${SURVIVES[report.platform]})`)}
${detail('Checker', report.checker === null ? 'none' : code(report.checker))}
${detail('Operations', count(report.operations))}
${detail('Events', count(report.events))}
${detail('Seed', code(report.seed))}
${detail('Shard', `${shard.index + 1} of ${shard.count}`)}
${detail('Limits', `${count(limits.imagesPerPoint)} images at one crash point, ${count(limits.imagesPerIncompletePoint)} at one that is sampled, ${count(limits.images)} in all, ${duration(limits.checkerMs)} for one image`)}
${detail('Elapsed', duration(report.elapsedMs))}
${detail(
  'Versions',
  Object.entries({ ...versions, 'report schema': String(report.schemaVersion) })
    .map(([name, version]) => `${name} ${version}`)
    .join(', '),
)}
</dl>
</section>`;
}

const detail = (name: string, value: Fragment): Markup => html`<dt>${name}</dt><dd>${value}</dd>`;

const code = (text: string): Markup => html`<span class="code">${clip(text, TEXT_CHARACTERS)}</span>`;
