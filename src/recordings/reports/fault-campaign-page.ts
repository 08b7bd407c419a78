import { COPY_SCRIPT } from './copy-script.ts';
import { type FaultCampaignReport, faultVerdictOf, type ReportedMechanism } from './fault-campaign-report.ts';
import { FAULT_CAMPAIGN_STYLE } from './fault-campaign-style.ts';
import { clip, count, duration, plural } from './format.ts';
import { html, type Markup } from './html.ts';
import { mechanismArticle } from './mechanism-article.ts';
import { number } from './numbers-section.ts';
import { framed } from './page-frame.ts';
import { PAGE_STYLE } from './page-style.ts';
import { table } from './table.ts';
import { outcomeShape } from './verdict-section.ts';
import { witnessDetails } from './witness-details.ts';

/** So much markup of witnesses goes into a page; the others are counted. */
const WITNESSES_BYTES = 900_000;
const NAME_CHARACTERS = 200;

/** A campaign over mechanisms as one page. */
export function faultCampaignPage(report: FaultCampaignReport): string {
  const { word, sentence, outcome } = faultVerdictOf(report);
  const { witnesses, witnessIds, omitted } = drawnWitnesses(report);
  const subject = clip(report.subject, NAME_CHARACTERS);
  return framed({
    title: `${word}: ${subject} – tearline`,
    style: PAGE_STYLE + FAULT_CAMPAIGN_STYLE,
    script: COPY_SCRIPT,
    body: html`<header>
<p class="eyebrow">tearline campaign <span>${subject}</span> ${duration(report.elapsedMs)}</p>
<h1 class="verdict ${outcome}">
${outcomeShape(outcome)}
<span><strong>${word}.</strong> ${sentence}</span></h1>
</header>
${numbersOf(report)}
<section aria-labelledby="mechanisms">
<h2 id="mechanisms">${report.mechanisms.length === 1 ? 'The mechanism' : plural(report.mechanisms.length, 'mechanism')}</h2>
${report.mechanisms.length > 1 && overview(report)}
${omitted > 0 && html`<p class="note">${plural(omitted, 'more witness', 'more witnesses')}: see results.ndjson.</p>`}
${report.mechanisms.map((one, at) =>
  mechanismArticle(
    one,
    { id: idOf(at), faultsMax: report.faultsMax, witnessIds },
    html`${witnesses[at].length > 0 && html`<h4>Witnesses</h4>\n`}${witnesses[at]}`,
  ),
)}
</section>`,
  });
}

const idOf = (mechanism: number): string => `mechanism-${mechanism + 1}`;

function numbersOf({ mechanisms }: FaultCampaignReport): Markup {
  const total = (of: (one: ReportedMechanism) => number): number =>
    mechanisms.reduce((sum, one) => sum + of(one), 0);
  const violations = total((one) => one.violations);
  const mutants = total((one) => one.mutants.total);
  const caught = total((one) => one.mutants.caught);
  return html`<section aria-labelledby="numbers">
<h2 id="numbers">Numbers</h2>
<dl class="numbers">
${number('Mechanisms', count(mechanisms.length))}
${number('Scenarios', count(total(({ scenarios }) => scenarios.length)))}
${number('Events', count(total(({ events }) => events)))}
${number('Faults injected', count(total(({ injections }) => injections)))}
${number('States', count(total(({ states }) => states)))}
${number('Violations', count(violations), violations > 0 && 'bad')}
${number('Mutants caught', mutants === 0 ? 'not hunted' : `${count(caught)} of ${count(mutants)}`, caught < mutants && 'bad')}
</dl>
</section>`;
}

const overview = ({ mechanisms }: FaultCampaignReport): Markup =>
  table(
    'Each with all its scenarios',
    [
      { name: 'Mechanism' },
      { name: 'What it is', kind: 'prose' },
      { name: 'Scenarios', kind: 'number' },
      { name: 'Faults', kind: 'number' },
      { name: 'Lost, and reported', kind: 'number' },
      { name: 'Violations', kind: 'number' },
      { name: 'Mutants', kind: 'number' },
    ],
    mechanisms.map(({ name, mechanism, scenarios, injections, unrecoverable, violations, mutants }, at) => [
      html`<a href="#${idOf(at)}">${name}</a>`,
      mechanism.title,
      count(scenarios.length),
      count(injections),
      count(unrecoverable),
      violations > 0 ? html`<span class="bad">${count(violations)}</span>` : '0',
      mutants.total === 0 ? '–' : `${count(mutants.caught)} of ${count(mutants.total)}`,
    ]),
  );

/** The witnesses of each mechanism, as many as a page bears. */
function drawnWitnesses({ mechanisms, recordings }: FaultCampaignReport) {
  const witnesses: Markup[][] = [];
  const witnessIds = new Map<ReportedMechanism['witnesses'][number], string>();
  const total = mechanisms.reduce((sum, one) => sum + one.witnesses.length, 0);
  let bytes = 0;
  let omitted = 0;
  for (const [at, one] of mechanisms.entries()) {
    const drawn: Markup[] = [];
    for (const witness of one.witnesses) {
      const id = `${idOf(at)}-witness-${drawn.length + 1}`;
      const isOpen = witness.mutant === undefined || total === 1;
      const markup = witnessDetails(witness, one, { id, isOpen, recording: recordings.get(witness) });
      bytes += Buffer.byteLength(markup.text);
      if (bytes > WITNESSES_BYTES) omitted++;
      else {
        drawn.push(markup);
        witnessIds.set(witness, id);
      }
    }
    witnesses.push(drawn);
  }
  return { witnesses, witnessIds, omitted };
}
