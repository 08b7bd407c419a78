import type { FaultWitness } from '../explore/fault-campaign/fault-witness.ts';
import type {
  CampaignedMechanism,
  MechanismCampaign,
  MechanismCampaignSpec,
} from '../node/mechanism-campaign.ts';

const COLUMNS = ['mechanism', 'events', 'injections', 'states', 'violations', 'mutants', 'seconds'] as const;

/** Of each witness that was written, the path of its recording. */
export type WitnessPaths = ReadonlyMap<FaultWitness, string>;

/** What a campaign over mechanisms found, for people: a table, then each violation. */
export function mechanismText(
  campaign: MechanismCampaign,
  { mutants }: MechanismCampaignSpec,
  paths: WitnessPaths,
): string[] {
  const { mechanisms, isInterrupted, elapsedMs } = campaign;
  const rows = [COLUMNS, ...mechanisms.map(rowOf)];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  const lines = rows.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  '),
  );
  for (const one of mechanisms) lines.push(...findings(one, mutants === 'all', paths));
  lines.push('', verdict(mechanisms, isInterrupted, elapsedMs));
  return lines;
}

const count = (value: number): string => value.toLocaleString('en');

const plural = (value: number, what: string): string => `${count(value)} ${what}${value === 1 ? '' : 's'}`;

const rowOf = (one: CampaignedMechanism): string[] => [
  one.name,
  count(one.events),
  count(one.injections),
  count(one.states),
  count(one.violations),
  one.mutants.total === 0 ? '-' : `${one.mutants.caught}/${one.mutants.total}`,
  (one.elapsedMs / 1000).toFixed(1),
];

function findings(
  { name, witnesses, mutants, unrecoverable }: CampaignedMechanism,
  brief: boolean,
  paths: WitnessPaths,
): string[] {
  const lines: string[] = [];
  for (const witness of witnesses) {
    const { mutant, scenario, invariant, meaning, message, events, faults } = witness;
    if (brief && mutant !== undefined) continue;
    const place = faults.map(({ number, index }) => `${number} at event ${index}`).join(', then ');
    const path = paths.get(witness);
    lines.push(
      '',
      `${name}${mutant === undefined ? '' : ` with mutant ${mutant}`}, scenario ${scenario.name}: ${invariant} does not hold`,
      `  ${invariant}: ${meaning}`,
      `  ${message}`,
      `  after ${events.length} events${place === '' ? ', without a fault' : `: ${place}`}`,
      ...(path === undefined ? [] : [`  witness: tearline replay ${path}`]),
    );
  }
  for (const mutant of mutants.missed)
    lines.push('', `${name}: mutant ${mutant} is not caught by an invariant`);
  if (unrecoverable > 0)
    lines.push(
      '',
      `${name}: ${plural(unrecoverable, 'fault')} followed by a loss that nothing can prevent, each reported`,
    );
  return lines;
}

function verdict(
  mechanisms: readonly CampaignedMechanism[],
  isInterrupted: boolean,
  elapsedMs: number,
): string {
  const sum = (of: (one: CampaignedMechanism) => number): number =>
    mechanisms.reduce((total, one) => total + of(one), 0);
  const injections = sum(({ injections: one }) => one);
  const violations = sum((one) => one.violations);
  const total = sum(({ mutants }) => mutants.total);
  const caught = sum(({ mutants }) => mutants.caught);
  const took = `${(elapsedMs / 1000).toFixed(1)} s`;
  const ofMutants = total === 0 ? '' : `, ${caught} of ${total} mutants caught`;
  return `${isInterrupted ? 'interrupted: ' : ''}${plural(injections, 'fault')} injected, ${plural(violations, 'violation')}${ofMutants} (${took})`;
}
