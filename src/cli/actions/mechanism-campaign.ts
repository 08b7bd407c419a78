import { InputError } from '../../kernel/errors.ts';
import { allMechanisms } from '../../mechanisms/all.ts';
import {
  type CampaignedMechanism,
  type MechanismCampaign,
  type MechanismCampaignSpec,
  runMechanismCampaign,
} from '../../node/mechanism-campaign.ts';
import { type CampaignOptions, expectOutputsWritable } from '../campaign-options.ts';
import { interruptible } from '../interruptible.ts';
import { mechanismText } from '../mechanism-text.ts';
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
  print(io.stdout, options.json === true, jsonOf(campaign, status), () => mechanismText(campaign, spec));
  return status;
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

function jsonOf({ mechanisms, isInterrupted, elapsedMs }: MechanismCampaign, status: number) {
  return {
    command: 'campaign',
    status,
    mechanisms: mechanisms.map(jsonOfMechanism),
    interrupted: isInterrupted,
    elapsedMs: Math.round(elapsedMs),
  };
}

function jsonOfMechanism(given: CampaignedMechanism) {
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
    witnesses: given.witnesses.map(({ scenario, events: run, ...witness }) => ({
      ...witness,
      scenario: scenario.name,
      events: run.length,
    })),
  };
}
