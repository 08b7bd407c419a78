import type { MechanismSummary } from '../../explore/fault-campaign/campaign-summary.ts';
import type { FaultWitness } from '../../explore/fault-campaign/fault-witness.ts';
import type { Mechanism } from '../../mechanisms/mechanism.ts';
import { count, plural } from './format.ts';

/** What a campaign said of one mechanism. */
export interface ReportedMechanism extends MechanismSummary {
  readonly mechanism: Mechanism;
  /** Path of the module that exports it; undefined where it comes with tearline. */
  readonly module: string | undefined;
  readonly elapsedMs: number;
}

/** What a campaign over mechanisms found. */
export interface FaultCampaignReport {
  /** What it was asked for, as typed: `S13`, or `--all`. */
  readonly subject: string;
  readonly mechanisms: readonly ReportedMechanism[];
  /** Where the recordings of witnesses were written. */
  readonly recordings: ReadonlyMap<FaultWitness, string>;
  /** Faults one after the other. */
  readonly faultsMax: number;
  readonly isInterrupted: boolean;
  readonly elapsedMs: number;
}

export interface FaultCampaignVerdict {
  readonly outcome: 'violating' | 'interrupted' | 'clean';
  readonly word: string;
  readonly sentence: string;
}

/** How a campaign ended, in a word and a sentence. */
export function faultVerdictOf({ mechanisms, isInterrupted }: FaultCampaignReport): FaultCampaignVerdict {
  const total = (of: (one: ReportedMechanism) => number): number =>
    mechanisms.reduce((sum, one) => sum + of(one), 0);
  const faults = plural(
    total(({ scenarios }) => scenarios.reduce((sum, { injections }) => sum + injections, 0)),
    'injected fault',
  );
  const hunted = total(({ mutants }) => mutants.total);
  const missed = mechanisms.flatMap(({ name, mutants }) =>
    mutants.missed.map((mutant) => `${name} ${mutant}`),
  );
  const explored = mechanisms.filter(({ scenarios }) => scenarios.length > 0);
  const broken = explored.filter(({ violations }) => violations > 0);
  if (broken.length > 0) {
    const violations = plural(
      total((one) => (one.scenarios.length > 0 ? one.violations : 0)),
      'violation',
    );
    return {
      outcome: 'violating',
      word: 'Violating',
      sentence: `${violations} in ${broken.map(({ name }) => name).join(', ')}, among ${faults}.`,
    };
  }
  if (missed.length > 0) {
    const sentence = `No invariant catches ${missed.join(', ')}: ${count(missed.length)} of ${plural(hunted, 'mutant')}.`;
    return { outcome: 'violating', word: 'Missed', sentence };
  }
  if (isInterrupted) {
    return {
      outcome: 'interrupted',
      word: 'Interrupted',
      sentence: `Nothing was found among ${faults} until then.`,
    };
  }
  const caught = hunted === 0 ? '' : ` ${mutantsAre(hunted)} caught by an invariant.`;
  if (explored.length === 0)
    return { outcome: 'violating', word: 'Found', sentence: foundSentence(mechanisms) };
  return {
    outcome: 'clean',
    word: 'Clean',
    sentence: `Every invariant holds after each of ${faults}; what could not be saved was reported.${caught}`,
  };
}

/** Of mutants that were hunted alone. */
const foundSentence = (mechanisms: readonly ReportedMechanism[]): string =>
  mechanisms
    .flatMap(({ name, mutants }) =>
      Object.entries(mutants.caughtBy).map(
        ([mutant, invariant]) => `Mutant ${mutant} of ${name} is caught by ${invariant}.`,
      ),
    )
    .join(' ');

const mutantsAre = (mutants: number): string =>
  mutants === 1 ? 'The mutant is' : `All ${count(mutants)} mutants are`;
