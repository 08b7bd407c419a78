import { faultsOf } from '../../explore/compare/survival.ts';
import type { FaultWitness } from '../../explore/fault-campaign/fault-witness.ts';
import { faultCatalogue } from '../../hardware/fault-catalogue.ts';
import type { ReportedMechanism } from './fault-campaign-report.ts';
import { capital, count, duration } from './format.ts';
import { html, type Markup } from './html.ts';
import { table } from './table.ts';

/** Where a witness stands in the page; undefined where it was left out. */
export type WitnessIds = ReadonlyMap<FaultWitness, string>;

/** What surrounds a mechanism in the page. */
export interface ArticleContext {
  readonly id: string;
  readonly faultsMax: number;
  readonly witnessIds: WitnessIds;
}

/** All about one mechanism, with its witnesses, as they are drawn, at the end. */
export const mechanismArticle = (
  one: ReportedMechanism,
  { id, faultsMax, witnessIds }: ArticleContext,
  witnesses: Markup,
): Markup =>
  html`<article id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title"><span class="ordinal">${one.name}</span> ${capital(one.mechanism.title)}</h3>
<p class="note">${one.mechanism.source}. Explored in ${duration(one.elapsedMs)} of worker time.</p>
${scenariosTable(one, faultsMax)}
${faultsTable(one)}
${mutantsTable(one, witnessIds)}
${witnesses}
</article>
`;

function scenariosTable({ scenarios, mechanism }: ReportedMechanism, faultsMax: number): Markup | undefined {
  if (scenarios.length === 0) return undefined;
  return html`<h4>Scenarios</h4>
${table(
  faultsMax < 2
    ? 'Every fault at every event'
    : 'Every fault at every event, and again at every event of recovery',
  [
    { name: 'Scenario', kind: 'term' },
    { name: 'What it is for', kind: 'prose' },
    { name: 'Events', kind: 'number' },
    { name: 'Faults', kind: 'number' },
    { name: 'States', kind: 'number' },
    { name: 'Lost, and reported', kind: 'number' },
    { name: 'Violating', kind: 'number' },
  ],
  scenarios.map(({ scenario, events, injections, states, unrecoverable, violating }) => [
    scenario,
    mechanism.scenarios.find(({ name }) => name === scenario)?.meaning,
    count(events),
    count(injections),
    count(states),
    count(unrecoverable),
    violating > 0 ? html`<span class="bad">${count(violating)}</span>` : '0',
  ]),
)}`;
}

/** Of each fault that the mechanism says something of, what, and how often it was tried. */
function faultsTable({ scenarios, mechanism }: ReportedMechanism): Markup | undefined {
  if (scenarios.length === 0) return undefined;
  const numbers = faultsOf([mechanism]);
  return html`<h4>Faults</h4>
${table(
  'Faults by number, in all scenarios together',
  [
    { name: 'Fault', kind: 'term' },
    { name: 'What is claimed', kind: 'prose' },
    { name: 'Injected', kind: 'number' },
  ],
  numbers.map((number) => {
    const cases = mechanism.faults.filter((one) => one.number === number);
    const injected = scenarios.reduce(
      (sum, { injectionsByFault }) => sum + (injectionsByFault[number] ?? 0),
      0,
    );
    return [
      `${number} ${faultCatalogue[number].name}`,
      cases.map((one) => ('never' in one ? `never: ${one.never}` : one.claim)).join('; '),
      cases.some((one) => 'occurrences' in one) ? count(injected) : '–',
    ];
  }),
)}`;
}

function mutantsTable(
  { mutants, mechanism, witnesses }: ReportedMechanism,
  ids: WitnessIds,
): Markup | undefined {
  if (mutants.total === 0) return undefined;
  const hunted = mechanism.mutants.filter(
    ({ name }) => name in mutants.caughtBy || mutants.missed.includes(name),
  );
  return html`<h4>Mutants</h4>
${table(
  'Defects that were switched on, and the invariant that caught each',
  [
    { name: 'Mutant' },
    { name: 'Defect', kind: 'prose' },
    { name: 'Caught by', kind: 'prose' },
    { name: 'Faults needed', kind: 'number' },
    { name: 'Events', kind: 'number' },
  ],
  hunted.map(({ name, meaning }) => {
    const witness = witnesses.find(({ mutant }) => mutant === name);
    const id = witness && ids.get(witness);
    return [
      id === undefined ? name : html`<a href="#${id}">${name}</a>`,
      meaning,
      caughtBy(name, mutants, mechanism),
      witness === undefined ? '–' : count(witness.faults.length),
      witness === undefined ? '–' : count(witness.events.length),
    ];
  }),
)}`;
}

function caughtBy(
  mutant: string,
  { caughtBy: invariants, onlyBy }: ReportedMechanism['mutants'],
  { invariants: declared }: ReportedMechanism['mechanism'],
): Markup {
  const invariant = invariants[mutant];
  if (invariant === undefined)
    return html`<span class="bad">missed</span>${onlyBy.includes(mutant) && ': only an oracle of every mechanism saw it'}`;
  const meaning = declared.find(({ name }) => name === invariant)?.meaning;
  return html`<b>${invariant}</b>${meaning !== undefined && `: ${meaning}`}`;
}
