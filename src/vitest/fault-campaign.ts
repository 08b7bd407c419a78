import type { MechanismSummary } from '../explore/fault-campaign/campaign-summary.ts';
import { runFaultCampaign } from '../explore/fault-campaign/fault-campaign.ts';
import type { FaultWitness } from '../explore/fault-campaign/fault-witness.ts';
import type { HuntOptions } from '../explore/fault-campaign/mutant-hunt.ts';
import type { Mechanism } from '../mechanisms/mechanism.ts';

interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

/** Passes when no fault breaks an invariant; fails also where there is nothing to put a fault into. */
export function surviveFaults(mechanism: Mechanism, options: HuntOptions = {}): Outcome {
  const found = runFaultCampaign(mechanism, { ...options, mutants: [] });
  const { events, injections, violations, scenarios, witnesses } = found;
  const numbers = `${injections} faults at ${events} events of ${scenarios.length} scenarios`;
  if (scenarios.length === 0) return { pass: false, message: () => `${found.name} has no scenario` };
  return {
    pass: violations === 0,
    message: () =>
      violations === 0
        ? `${found.name} survives: ${numbers}`
        : [`${found.name}: ${violations} violations by ${numbers}:`, ...witnesses.map(told)].join('\n'),
  };
}

/** Passes when each mutant breaks an invariant of the mechanism; fails also where it has none. */
export function catchMutants(mechanism: Mechanism, options: HuntOptions = {}): Outcome {
  const found = runFaultCampaign(mechanism, { probesMax: 0, ...options, withScenarios: false });
  const { missed, total, caughtBy } = found.mutants;
  if (total === 0) return { pass: false, message: () => `${found.name} has no mutant` };
  return {
    pass: missed.length === 0,
    message: () =>
      missed.length === 0
        ? `${found.name} catches its mutants: ${pairs(caughtBy)}`
        : [
            `${found.name}: ${missed.length} of ${total} mutants are not caught:`,
            ...escaped(mechanism, found),
          ].join('\n'),
  };
}

const pairs = (caughtBy: Readonly<Record<string, string>>): string =>
  Object.entries(caughtBy)
    .map(([mutant, invariant]) => `${mutant} by ${invariant}`)
    .join(', ');

function told({ scenario, invariant, meaning, message, events, faults }: FaultWitness): string {
  const places = faults.map(({ number, index }) => `${number} at event ${index}`);
  const cause = places.length === 0 ? 'without a fault' : `by ${places.join(', then ')}`;
  return `- ${scenario.name}, event ${events.length - 1}, ${cause}: ${invariant} (${meaning}): ${message}`;
}

const escaped = (mechanism: Mechanism, { mutants, witnesses }: MechanismSummary): string[] =>
  mutants.missed.map((name) => {
    const meaning = mechanism.mutants.find((mutant) => mutant.name === name)?.meaning;
    const noticed = witnesses.find(({ mutant }) => mutant === name);
    const only = noticed === undefined ? '' : `; only ${noticed.invariant} notices: ${noticed.message}`;
    return `- ${name} (${meaning})${only}`;
  });
