import {
  type CampaignReport,
  type GroupReport,
  namedStores,
  namedSurvivors,
  outcomeOf,
  REPORT_SCHEMA_VERSION,
  unexplained,
} from '../explore/campaign-report.ts';
import type { ExplainedGroup } from '../explore/explained-groups.ts';
import type { Findings } from '../explore/findings.ts';
import type { Shard } from '../explore/limits.ts';
import { STRATEGY } from '../explore/strategy.ts';
import { initialMemory, type MappedFile, type MemoryState } from '../hardware/persistent-memory/state.ts';
import type { CampaignIdentity } from './campaign-identity.ts';
import { checkerText } from './campaign-spec.ts';
import type { Explained } from './explain-violations.ts';
import type { Walk } from './worker-protocol.ts';

export interface SummaryInput {
  readonly command: CampaignReport['command'];
  readonly identity: CampaignIdentity;
  readonly shard: Shard;
  readonly walk: Walk;
  /** Whether every class of the shard was visited. */
  readonly isWhole: boolean;
  readonly wasInterrupted: boolean;
  readonly findings: Findings;
  readonly explained: Explained;
  /** Paths of the recordings that were written. */
  readonly recordings: ReadonlyMap<ExplainedGroup, string>;
  readonly elapsedMs: number;
}

/** Puts together what a campaign found. */
export function campaignReport(input: SummaryInput): CampaignReport {
  const { identity, walk, findings, explained } = input;
  const { tally } = walk;
  const { checker, configuration } = identity;
  const undecided = findings.undecidedImages;
  const complete = tally.complete && input.isWhole && undecided === 0;
  const state = initialMemory(configuration);
  state.files.push(...(walk.files as MappedFile[]));
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    command: input.command,
    log: identity.log.path,
    fault: identity.fault,
    platform: configuration.platform,
    checker: checker === null ? null : checkerText(checker),
    checkerKind: checker?.kind ?? null,
    seed: identity.seed,
    shard: input.shard,
    limits: identity.limits,
    operations: walk.operations,
    events: walk.events,
    crashPoints: tally.crashPoints,
    images: {
      combinations: tally.combinations,
      combinationsLog2: tally.combinationsLog2,
      distinct: walk.distinct,
      checked: findings.checked,
      consistent: findings.consistent,
      violating: findings.violating,
      undecided,
      complete,
    },
    outcome: outcomeOf(findings, complete, input.wasInterrupted, checker !== null),
    groups: explained.groups.map((group) => groupReport(group, input, state)),
    undecided: [...findings.undecided.values()]
      .map(({ kind, images, first }) => ({ kind, images, index: first.index, reason: first.reason ?? '' }))
      .sort((one, other) => (one.kind < other.kind ? -1 : 1)),
    incomplete: tally.incomplete && { ...tally.incomplete, strategy: STRATEGY },
    windows: explained.windows,
    notes: input.walk.notes,
    elapsedMs: Math.round(input.elapsedMs),
  };
}

function groupReport(group: ExplainedGroup, input: SummaryInput, state: MemoryState): GroupReport {
  const { cause, images, smallest, witness } = group;
  return {
    cause,
    defect: witness?.explanation.defect ?? null,
    images,
    explanation: witness?.explanation.text ?? unexplained(group),
    inRecovery: smallest.nested !== undefined,
    stores: namedStores(state, witness?.cause ?? smallest.cause),
    witness: {
      index: smallest.index,
      reason: witness?.verdict.reason ?? smallest.reason ?? '',
      survivors: namedSurvivors(state, state.configuration, smallest),
      promise: smallest.promise ?? null,
      recording: input.recordings.get(group) ?? null,
      events: witness?.events.length ?? null,
      imageDigest: witness?.imageDigest ?? null,
    },
  };
}

/** What the walks over the parts of a shard add up to. Each of them has counted the whole run. */
export function sumOfWalks(walks: readonly Walk[]): Walk {
  const furthest = walks.reduce((one, other) => (other.events > one.events ? other : one), NO_WALK);
  const distinct = walks.reduce((sum, walk) => sum + walk.distinct, 0);
  return { ...furthest, distinct };
}

const NO_WALK: Walk = {
  operations: 0,
  events: 0,
  tally: {
    crashPoints: 0,
    combinations: '0',
    combinationsLog2: 0,
    visits: 0,
    complete: false,
    incomplete: null,
  },
  distinct: 0,
  stopped: true,
  files: [],
  notes: [],
};
