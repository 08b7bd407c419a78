import type { PieceReference } from '../../src/explore/cause.ts';
import { explainedGroups } from '../../src/explore/explained-groups.ts';
import { Findings } from '../../src/explore/findings.ts';
import { limitsOf, wholeShard } from '../../src/explore/limits.ts';
import { type CampaignInput, runShard } from '../../src/explore/shard-run.ts';
import { makeWitness } from '../../src/explore/witness.ts';
import type { Platform } from '../../src/hardware/persistent-memory/configuration.ts';
import type { RecoverySpec } from '../../src/node/campaign-spec.ts';
import { programRequest } from '../../src/node/program-request.ts';
import { ProgramSource } from '../../src/node/program-source.ts';
import { makeRecoveryJudge } from '../../src/node/recovery-judge.ts';
import { remembered } from '../../src/node/remembered-judge.ts';
import { inRepository } from './in-process.ts';

/** An example program, with so many operations on a pool that is not there yet. */
const exampleProgram = (name: string, operations: number) =>
  programRequest({
    command: [inRepository(`fixtures/x86/programs/${name}.elf`), 'pool', String(operations)],
    persistentFiles: [{ host: '/nowhere/pool', guest: '/pool', capacityBytes: 65_536 }],
    memoryBytes: 32 << 20,
  });

const BUDGET = 1_000_000;

export interface ProgramCampaign {
  readonly images: number;
  readonly violating: number;
  readonly groups: readonly {
    readonly defect: string;
    readonly cause: string;
    /** Innermost stack frames of the stores that were durable too early, and of those that were missing. */
    readonly early: readonly string[];
    readonly missing: readonly string[];
    readonly explanation: string;
    readonly reason: string;
  }[];
  readonly notes: readonly string[];
}

const sourcesOf = (stores: readonly PieceReference[] = []): string[] =>
  stores.map(({ source }) => `${source}`);

/** Crashes an example program at every event, in this thread. */
export async function campaignOn(
  name: string,
  operations: number,
  given: Partial<RecoverySpec> & { readonly platform?: Platform } = {},
): Promise<ProgramCampaign> {
  const { platform = 'P1', ...recovery } = given;
  const program = exampleProgram(name, operations);
  const source = ProgramSource.run({ request: program, budgetInstructions: BUDGET });
  const guest = await makeRecoveryJudge(
    {
      kind: 'recovery',
      program,
      budgetInstructions: BUDGET,
      nested: 0,
      expectOutput: null,
      equivalent: false,
      module: null,
      ...recovery,
    },
    () => source.operations(),
  );
  const judge = remembered(guest.judge);
  const { promise, nestedCrashes } = guest;
  const input: CampaignInput = {
    operations: () => source.operations(),
    strayFlushes: source.strayFlushes,
    keepsMarkers: given.equivalent === true,
    configuration: { platform },
    limits: limitsOf(),
    seed: 0n,
  };
  const findings = new Findings();
  const summary = runShard(input, {
    shard: wholeShard,
    judge,
    ...(promise && { promise }),
    ...(nestedCrashes && { nestedCrashes }),
    judgeWrites: false,
    onResult: (result) => findings.add(result),
  });
  const explained = explainedGroups(findings.sortedGroups(), ({ smallest }) => {
    const { cause, nested } = smallest;
    const asked = nested === undefined ? (nestedCrashes?.judgeWithout ?? judge) : judge;
    return cause && makeWitness(input, { ...smallest, cause }, asked, promise);
  });
  const groups = explained.map(({ cause, smallest, witness }) => ({
    defect: witness?.explanation.defect ?? 'unexplained',
    cause,
    early: sourcesOf(witness?.cause.early),
    missing: sourcesOf(witness?.cause.missing),
    explanation: witness?.explanation.text ?? '',
    reason: smallest.reason ?? '',
  }));
  return {
    images: summary.distinct,
    violating: findings.violating,
    groups,
    notes: source.notes,
  };
}
