import type { CampaignReport, GroupReport } from '../../explore/campaign-report.ts';
import { describeAtoms, witnessLines } from './atoms.ts';
import { atomsLegend, atomsSvg } from './atoms-svg.ts';
import { commandsOf } from './commands.ts';
import { capital, clip, count, hex, plural } from './format.ts';
import { html, type Markup } from './html.ts';

/** So much markup of groups goes into a page; the others are counted. */
const GROUPS_CHARACTERS = 500_000;
const GROUPS_LISTED = 100;
const STORES_LISTED = 24;
const LINES_DRAWN = 24;
const TEXT_CHARACTERS = 3_000;
const NAME_CHARACTERS = 300;
const SOURCE_CHARACTERS = 70;

/** Each cause of violations: what is wrong, where, and how to see it again. */
export function groupsSection(report: CampaignReport): Markup | undefined {
  const { groups } = report;
  if (groups.length === 0) return undefined;
  const shown: Markup[] = [];
  let characters = 0;
  for (const group of groups) {
    const markup = groupArticle(group, shown.length + 1, report);
    characters += markup.text.length;
    if (shown.length > 0 && characters > GROUPS_CHARACTERS) break;
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
  return html`<div class="scroll"><table><caption class="unseen">Causes by number of images</caption>
<thead><tr><th scope="col" class="n">Cause</th><th scope="col">Defect</th><th scope="col">Needed first</th><th scope="col">Durable too early</th><th scope="col" class="n">Images</th></tr></thead>
<tbody>${listed.map((group, i) => html`<tr><td class="n"><a href="#cause-${i + 1}">${i + 1}</a></td><td>${titleOf(group)}</td><td class="code place">${sourcesOf(group, 'missing')}</td><td class="code place">${sourcesOf(group, 'early')}</td><td class="n">${count(group.images)}</td></tr>`)}</tbody></table></div>`;
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
  return html`<article id="cause-${number}" aria-labelledby="cause-${number}-title">
<h3 id="cause-${number}-title">${report.groups.length > 1 && html`<span class="ordinal">${number}</span> `}${titleOf(group)} <span class="images">${plural(group.images, 'image')}</span></h3>
<p class="explanation">${clip(group.explanation, TEXT_CHARACTERS)}</p>
${storesTable(group)}
<h4>Witness</h4>
<p>A crash after <b>${count(group.witness.index)}</b> events${group.witness.index > 0 && html` (right after event ${count(group.witness.index - 1)})`}. The checker says: <q>${clip(group.witness.reason, TEXT_CHARACTERS)}</q>${promised(group.witness.promise)}</p>
${linesTable(group)}
${commands(group, report)}
<p class="note">Cause: <span class="code">${clip(group.cause, TEXT_CHARACTERS)}</span>${group.witness.imageDigest !== null && html`<br>Image digest: <span class="code">${clip(group.witness.imageDigest, NAME_CHARACTERS)}</span>`}</p>
</article>`;
}

const promised = (promise: unknown): Markup | undefined => {
  const text = promise === null || promise === undefined ? undefined : JSON.stringify(promise);
  return text === undefined
    ? undefined
    : html` <br>Promised until then: <span class="code">${clip(text, NAME_CHARACTERS)}</span>`;
};

function storesTable({ stores = [] }: GroupReport): Markup | undefined {
  if (stores.length === 0) return undefined;
  const listed = stores.slice(0, STORES_LISTED);
  return html`<div class="scroll"><table><caption>${stores.length > listed.length ? `The first ${listed.length} of ${count(stores.length)} stores involved` : 'Stores involved, in the order of the run'}</caption>
<thead><tr><th scope="col">Store</th><th scope="col">At the crash</th><th scope="col">Within</th><th scope="col">Bytes</th><th scope="col" class="n">Event</th></tr></thead>
<tbody>${listed.map(({ role, source, markers, file, fileOffset, event }) => html`<tr><td class="code place">${source === null ? 'no frame' : clip(source, NAME_CHARACTERS)}</td><td>${role === 'early' ? html`<span class="mark-durable"></span>durable too early` : html`<span class="mark-lost"></span>lost, needed first`}</td><td class="code">${clip(markers.join(' › '), NAME_CHARACTERS) || '–'}</td><td class="code place">${clip(file, NAME_CHARACTERS)} + ${hex(fileOffset)}</td><td class="n">${count(event)}</td></tr>`)}</tbody></table></div>`;
}

function linesTable(group: GroupReport): Markup | undefined {
  const lines = witnessLines(group);
  if (lines.length === 0) {
    return html`<p>Nothing survives beyond what was sure to be durable.</p>`;
  }
  const drawn = lines.slice(0, LINES_DRAWN);
  return html`<div class="scroll"><table class="lines"><caption>${lines.length > drawn.length ? `What survives: the first ${drawn.length} of ${count(lines.length)} cache lines` : 'What survives, by cache line'}</caption>
<thead><tr><th scope="col">Line</th><th scope="col">Its 8-byte atoms</th><th scope="col">In words</th></tr></thead>
<tbody>${drawn.map((line) => html`<tr><td class="code place">${clip(line.file, NAME_CHARACTERS)} + ${hex(line.fileOffset)}</td><td>${atomsSvg(line)}</td><td>${describeAtoms(line)}</td></tr>`)}</tbody></table></div>
${atomsLegend()}`;
}

function commands(group: GroupReport, report: CampaignReport): Markup {
  return html`<h4>Reproduce</h4>
<dl class="commands">${commandsOf(group, report).map(({ purpose, text }) => html`<dt>${purpose}</dt><dd><code tabindex="0">${text}</code><button type="button" class="scripted copy" hidden aria-label="Copy the command: ${purpose}">Copy</button></dd>`)}</dl>`;
}
