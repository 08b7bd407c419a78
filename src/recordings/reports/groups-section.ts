import type { CampaignReport, GroupReport } from '../../explore/campaign-report.ts';
import { describeAtoms, witnessLines } from './atoms.ts';
import { atomsLegend, atomsSvg } from './atoms-svg.ts';
import { commandList } from './command-list.ts';
import { commandsOf } from './commands.ts';
import { capital, clip, count, hex, plural } from './format.ts';
import { html, type Markup } from './html.ts';
import { table } from './table.ts';

/** So much markup of groups goes into a page; the others are counted. */
const GROUPS_BYTES = 300_000;
const GROUPS_LISTED = 100;
const STORES_LISTED = 24;
const LINES_DRAWN = 24;
const TEXT_CHARACTERS = 2_000;
const NAME_CHARACTERS = 300;
const SOURCE_CHARACTERS = 70;

/** Each cause of violations: what is wrong, where, and how to see it again. */
export function groupsSection(report: CampaignReport): Markup | undefined {
  const { groups } = report;
  if (groups.length === 0) return undefined;
  const shown: Markup[] = [];
  let bytes = 0;
  for (const group of groups) {
    const markup = groupArticle(group, shown.length + 1, report);
    bytes += Buffer.byteLength(markup.text);
    if (shown.length > 0 && bytes > GROUPS_BYTES) break;
    shown.push(markup);
  }
  const more = groups.length - shown.length;
  return html`<section aria-labelledby="causes">
<h2 id="causes">${groups.length === 1 ? 'The cause' : `${count(groups.length)} causes`}</h2>
${groups.length > 1 && overview(groups, shown.length)}
${shown}
${more > 0 && html`<p class="note">${plural(more, 'more cause')}: see results.ndjson.</p>`}
</section>`;
}

function overview(groups: readonly GroupReport[], shown: number): Markup {
  const listed = groups.slice(0, Math.min(shown, GROUPS_LISTED));
  return table(
    listed.length < groups.length
      ? `The first ${listed.length} causes by number of images`
      : 'Causes by number of images',
    [
      { name: 'Cause', kind: 'number' },
      { name: 'Defect' },
      { name: 'Needed first', kind: 'place' },
      { name: 'Durable too early', kind: 'place' },
      { name: 'Images', kind: 'number' },
    ],
    listed.map((group, i) => [
      html`<a href="#cause-${i + 1}">${i + 1}</a>`,
      titleOf(group),
      sourcesOf(group, 'missing'),
      sourcesOf(group, 'early'),
      count(group.images),
    ]),
  );
}

const titleOf = ({ defect }: GroupReport): string => (defect === null ? 'No cause found' : capital(defect));

function sourcesOf({ stores = [] }: GroupReport, role: 'early' | 'missing'): string {
  const names = [
    ...new Set(
      stores.filter((one) => one.role === role).map(({ source, event }) => source ?? `event ${event}`),
    ),
  ];
  if (names.length === 0) return '–';
  const first = names[0].length > SOURCE_CHARACTERS ? `${names[0].slice(0, SOURCE_CHARACTERS)}…` : names[0];
  return names.length > 1 ? `${first} and ${names.length - 1} more` : first;
}

function groupArticle(group: GroupReport, number: number, report: CampaignReport): Markup {
  const commands = commandsOf(group, report);
  return html`<article id="cause-${number}" aria-labelledby="cause-${number}-title">
<h3 id="cause-${number}-title">${report.groups.length > 1 && html`<span class="ordinal">${number}</span> `}
${titleOf(group)} <span class="images">${plural(group.images, 'image')}</span></h3>
<p class="explanation">${clip(group.explanation, TEXT_CHARACTERS)}</p>
${storesTable(group)}
<h4>Witness</h4>
<p>A crash after <b>${count(group.witness.index)}</b> events${group.witness.index > 0 && html` (right after event ${count(group.witness.index - 1)})`}. 
The checker says: <q>${clip(group.witness.reason, TEXT_CHARACTERS)}</q>${promised(group.witness.promise)}</p>
${linesTable(group)}
${
  commands.length > 0 &&
  html`<h4>Reproduce</h4>
${commandList(commands)}`
}
<p class="note">Cause: <span class="code">${clip(group.cause, TEXT_CHARACTERS)}</span>
${group.witness.imageDigest !== null && html`<br>Image digest: <span class="code">${clip(group.witness.imageDigest, NAME_CHARACTERS)}</span>`}</p>
</article>`;
}

const promised = (promise: unknown): Markup | undefined => {
  const text = promise === null || promise === undefined ? undefined : JSON.stringify(promise);
  return text === undefined
    ? undefined
    : html` <br>Promised until then: <span class="code">${clip(text, NAME_CHARACTERS)}</span>`;
};

function storesTable({ inRecovery, stores = [] }: GroupReport): Markup | undefined {
  if (stores.length === 0) return undefined;
  const listed = stores.slice(0, STORES_LISTED);
  return table(
    stores.length > listed.length
      ? `The first ${listed.length} of ${count(stores.length)} stores involved`
      : `Stores involved, in the order of ${inRecovery ? 'the recovery in which power is lost again' : 'the run'}`,
    [
      { name: 'Store', kind: 'place' },
      { name: 'At the crash' },
      { name: 'Within', kind: 'code' },
      { name: 'Bytes', kind: 'place' },
      { name: 'Event', kind: 'number' },
    ],
    listed.map(({ role, source, markers, file, fileOffset, event }) => [
      source === null ? 'no frame' : clip(source, NAME_CHARACTERS),
      role === 'early'
        ? html`<span class="mark-durable"></span>durable too early`
        : html`<span class="mark-lost"></span>lost, needed first`,
      clip(markers.join(' › '), NAME_CHARACTERS) || '–',
      `${clip(file, NAME_CHARACTERS)} + ${hex(fileOffset)}`,
      count(event),
    ]),
  );
}

function linesTable(group: GroupReport): Markup | undefined {
  const lines = witnessLines(group);
  if (lines.length === 0) {
    return html`<p>Nothing survives beyond what was sure to be durable.</p>`;
  }
  const drawn = lines.slice(0, LINES_DRAWN);
  const caption =
    lines.length > drawn.length
      ? `What survives: the first ${drawn.length} of ${count(lines.length)} cache lines`
      : 'What survives, by cache line';
  return html`<div class="lines">${table(
    caption,
    [{ name: 'Line', kind: 'place' }, { name: 'Its 8-byte atoms' }, { name: 'In words' }],
    drawn.map((line) => [
      `${clip(line.file, NAME_CHARACTERS)} + ${hex(line.fileOffset)}`,
      atomsSvg(line),
      describeAtoms(line),
    ]),
  )}</div>
${atomsLegend()}`;
}
