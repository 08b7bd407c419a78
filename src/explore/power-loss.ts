import {
  type MachineConfiguration,
  machineConfiguration,
  type Platform,
} from '../hardware/persistent-memory/configuration.ts';
import { evolveMemory } from '../hardware/persistent-memory/evolve.ts';
import { type Operation, perform } from '../hardware/persistent-memory/operations.ts';
import { initialMemory } from '../hardware/persistent-memory/state.ts';
import { type Outcome, outcomeOf } from './campaign-report.ts';
import { type ExplainedGroup, explainedGroups } from './explained-groups.ts';
import { Findings } from './findings.ts';
import { type Limits, limitsOf, wholeShard } from './limits.ts';
import { runShard } from './shard-run.ts';
import type { TallyReport } from './tally.ts';
import { type Checker, judgeOf, type PromiseFold } from './verdict.ts';
import { makeWitness } from './witness.ts';

/** The loss of power (F1) at every event of a run. */
export interface PowerLoss {
  readonly fault: 'power-loss';
  readonly configuration: MachineConfiguration;
  readonly limits: Limits;
  readonly seed: bigint;
}

export interface PowerLossOptions extends Partial<MachineConfiguration> {
  readonly platform?: Platform;
  readonly limits?: Partial<Limits>;
  readonly seed?: bigint;
}

/** The fault to survive: `powerLoss({ platform: 'P2' })`. Throws `InputError` for sizes that no machine can have. */
export function powerLoss({ limits, seed = 0n, ...configuration }: PowerLossOptions = {}): PowerLoss {
  return {
    fault: 'power-loss',
    configuration: machineConfiguration(configuration),
    limits: limitsOf(limits),
    seed,
  };
}

/** What a campaign in this process found. */
export interface PowerLossResult {
  readonly outcome: Outcome;
  readonly tally: TallyReport;
  /** Distinct crash images, or pairs of image and promise. */
  readonly distinct: number;
  readonly violating: number;
  readonly undecided: number;
  /** Violations by cause, each with the witness of its smallest image. */
  readonly groups: readonly ExplainedGroup[];
}

/**
 * Crashes a run at every event and judges every distinct image that a crash can leave, in this process and at once: for
 * tests and small runs. A checker that hangs is not stopped; `tearline campaign` stops it.
 */
export function survivePowerLoss(
  operations: readonly Operation[],
  { configuration, limits, seed }: PowerLoss,
  checker: Checker,
  promise?: PromiseFold,
): PowerLossResult {
  const input = {
    operations: () => operations,
    configuration: sized(operations, configuration),
    limits,
    seed,
  };
  const findings = new Findings();
  const judge = judgeOf(checker);
  const summary = runShard(input, {
    shard: wholeShard,
    judge,
    ...(promise && { promise }),
    onConsistent: () => findings.consistent++,
    onResult: (result) => findings.add(result),
  });
  const groups = explainedGroups(
    findings.sortedGroups(),
    ({ smallest }) =>
      smallest.cause && makeWitness(input, { ...smallest, cause: smallest.cause }, judge, promise),
  );
  return {
    outcome: outcomeOf(findings, summary.tally.complete, false, true),
    tally: summary.tally.report(),
    distinct: summary.distinct,
    violating: findings.violating,
    undecided: findings.undecidedImages,
    groups,
  };
}

/** The same machine with as many cores as the run uses. */
function sized(operations: readonly Operation[], configuration: MachineConfiguration): MachineConfiguration {
  const cores = operations.reduce(
    (most, one) => ('core' in one ? Math.max(most, one.core + 1) : most),
    configuration.cores,
  );
  return { ...configuration, cores };
}

/** The events of a run in which nothing happens of its own accord, and the state after them. */
export function performAll(
  operations: Iterable<Operation>,
  configuration: Partial<MachineConfiguration> = {},
): { events: ReturnType<typeof perform>; state: ReturnType<typeof initialMemory> } {
  const state = initialMemory(configuration);
  const events: ReturnType<typeof perform> = [];
  for (const operation of operations) {
    for (const event of perform(state, operation)) {
      evolveMemory(state, event);
      events.push(event);
    }
  }
  return { events, state };
}
