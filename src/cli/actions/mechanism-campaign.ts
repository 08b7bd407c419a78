import { FAULTS_MAX } from '../../explore/fault-campaign/explorer.ts';
import type { FaultWitness } from '../../explore/fault-campaign/fault-witness.ts';
import { InputError } from '../../kernel/errors.ts';
import { allMechanisms } from '../../mechanisms/all.ts';
import { writeFaultWitness } from '../../node/fault-witness-file.ts';
import {
  type CampaignedMechanism,
  type MechanismCampaign,
  type MechanismCampaignSpec,
  runMechanismCampaign,
} from '../../node/mechanism-campaign.ts';
import type { FaultCampaignReport } from '../../recordings/reports/fault-campaign-report.ts';
import { writeFaultCampaignReport } from '../../recordings/reports/write-fault-campaign-report.ts';
import { type CampaignOptions, expectOutputsWritable, witnessDirectoryOf } from '../campaign-options.ts';
import { interruptible } from '../interruptible.ts';
import { mechanismText, type WitnessPaths } from '../mechanism-text.ts';
import { print } from '../print.ts';
import { ProgressLine, tasksText } from '../progress-line.ts';
import { type Io, STATUS } from '../session.ts';

/** Runs a campaign over mechanisms and tells what it found. Returns the exit status. */
export async function mechanismCampaign(
  io: Io,
  what: string | undefined,
  options: CampaignOptions,
): Promise<number> {
  const spec = specOf(what, options);
  expectOutputsWritable(options);
  const line = new ProgressLine(io.stderr);
  const campaign = await interruptible((signal) =>
    runMechanismCampaign(spec, {
      jobs: options.jobs,
      signal,
      ...(!options.quiet && { onProgress: (progress) => line.show(tasksText(progress), progress.elapsedMs) }),
    }).finally(() => line.clear()),
  );
  const status = statusOf(campaign);
  const paths = await writeWitnesses(campaign, spec, options);
  if (options.report !== undefined)
    await writeFaultCampaignReport(options.report, reportOf(what ?? '--all', spec, campaign, paths));
  print(io.stdout, options.json === true, jsonOf(campaign, status, paths), () =>
    mechanismText(campaign, spec, paths),
  );
  return status;
}

/** A mechanism that does not come with tearline is one that was given by the path of its module. */
const reportOf = (
  subject: string,
  { faultsMax = FAULTS_MAX }: MechanismCampaignSpec,
  { mechanisms, ...campaign }: MechanismCampaign,
  recordings: WitnessPaths,
): FaultCampaignReport => ({
  ...campaign,
  subject,
  faultsMax,
  recordings,
  mechanisms: mechanisms.map((one) => ({
    ...one,
    module: allMechanisms.some(({ name }) => name === one.name) ? undefined : subject,
  })),
});

/**
 * Writes the recordings of what was found. Those of all mutants are many, and wanted only where a place for them, or a
 * report, is named.
 */
async function writeWitnesses(
  { mechanisms }: MechanismCampaign,
  { mutants }: MechanismCampaignSpec,
  options: CampaignOptions,
): Promise<WitnessPaths> {
  const paths = new Map<FaultWitness, string>();
  const directory = witnessDirectoryOf(options);
  if (directory === undefined) return paths;
  const withMutants = mutants !== 'all' || options.witnesses !== undefined || options.report !== undefined;
  for (const { mechanism, witnesses } of mechanisms) {
    for (const witness of witnesses) {
      if (witness.mutant !== undefined && !withMutants) continue;
      paths.set(witness, await writeFaultWitness(directory, witness, mechanism));
    }
  }
  return paths;
}

function specOf(what: string | undefined, options: CampaignOptions): MechanismCampaignSpec {
  const { all, mutant, mutants, scenario, faultsMax } = options;
  if (all === true && what !== undefined)
    throw new InputError(`campaign: --all is every mechanism; leave ${what} out`);
  if (mutant !== undefined && mutants === true)
    throw new InputError('campaign: give --mutant NAME for one of them, or --mutants for all, not both');
  if (mutant !== undefined && what === undefined)
    throw new InputError('campaign: --mutant needs the mechanism that has it, such as S13.4');
  return {
    sources: what === undefined ? allMechanisms.map(({ name }) => name) : [what],
    mutants: mutant !== undefined ? [mutant] : mutants === true ? 'all' : [],
    withScenarios: mutant === undefined,
    ...(scenario !== undefined && { scenario }),
    ...(faultsMax !== undefined && { faultsMax }),
  };
}

/** Of one mutant, that it is found is a violation; of all, that one is not found. */
function statusOf({ mechanisms, isInterrupted }: MechanismCampaign): number {
  const isHunt = mechanisms.every(({ scenarios }) => scenarios.length === 0);
  const found = mechanisms.some(({ violations, mutants }) =>
    isHunt ? mutants.caught > 0 || mutants.onlyBy.length > 0 : violations > 0 || mutants.missed.length > 0,
  );
  if (found) return STATUS.violation;
  return isInterrupted ? STATUS.interrupted : STATUS.clean;
}

function jsonOf(
  { mechanisms, isInterrupted, elapsedMs }: MechanismCampaign,
  status: number,
  paths: WitnessPaths,
) {
  return {
    command: 'campaign',
    status,
    mechanisms: mechanisms.map((one) => jsonOfMechanism(one, paths)),
    interrupted: isInterrupted,
    elapsedMs: Math.round(elapsedMs),
  };
}

function jsonOfMechanism(given: CampaignedMechanism, paths: WitnessPaths) {
  const { name, mechanism, events, injections, states, violations, unrecoverable, mutants } = given;
  return {
    name,
    title: mechanism.title,
    events,
    injections,
    states,
    violations,
    unrecoverable,
    mutants,
    elapsedMs: Math.round(given.elapsedMs),
    scenarios: given.scenarios.map(({ scenario, witnesses: _, mechanism: __, ...numbers }) => ({
      name: scenario,
      ...numbers,
    })),
    witnesses: given.witnesses.map((witness) => ({
      ...witness,
      scenario: witness.scenario.name,
      events: witness.events.length,
      recording: paths.get(witness),
    })),
  };
}
