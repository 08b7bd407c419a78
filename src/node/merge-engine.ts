import { explainedGroups } from '../explore/explained-groups.ts';
import { wholeShard } from '../explore/limits.ts';
import { InputError } from '../kernel/errors.ts';
import type { CampaignResult } from './campaign-engine.ts';
import { type CampaignIdentity, difference, identityOf } from './campaign-identity.ts';
import type { CampaignRun, CampaignSpec, CheckerSpec } from './campaign-spec.ts';
import { campaignReport, sumOfWalks } from './campaign-summary.ts';
import { type Explained, explainViolations } from './explain-violations.ts';
import { processCheckers } from './make-process-checkers.ts';
import { ResultLedger } from './result-ledger.ts';
import { type ReadResults, readResults } from './results-reader.ts';
import { writeWitnesses } from './witness-file.ts';

/**
 * Puts the results of the shards of one campaign together, as if it had been run as a whole. Shards that are missing or
 * were not walked to their end make it incomplete. Throws `InputError` for files that do not belong together.
 */
export async function mergeCampaign(
  paths: readonly string[],
  run: Omit<CampaignRun, 'jobs' | 'resultsFile'>,
): Promise<CampaignResult> {
  const startedAt = performance.now();
  const ledger = new ResultLedger();
  const shards = readShards(paths, ledger);
  const { identity, shard } = shards[0].results;
  const isWhole = shards.length === shard.count && shards.every(({ results }) => results.end !== undefined);
  const walk = sumOfWalks(
    shards.flatMap(({ results: { end, walks } }) => end ?? walks.map((one) => one.walk)),
  );
  for (const note of [...gaps(shards, shard.count), ...walk.notes]) run.onNote?.(note);

  const explained = await explain(identity, ledger, run);
  const recordings = await writeWitnesses(run.witnessDirectory, explained.groups, identity);
  const report = campaignReport({
    command: 'merge',
    identity,
    shard: wholeShard,
    walk,
    isWhole,
    wasInterrupted: run.signal?.aborted === true,
    findings: ledger.findings,
    explained,
    recordings,
    elapsedMs: performance.now() - startedAt,
  });
  return { report, timeline: explained.timeline };
}

interface ReadShard {
  readonly path: string;
  readonly results: ReadResults;
}

function readShards(paths: readonly string[], ledger: ResultLedger): ReadShard[] {
  const shards: ReadShard[] = [];
  for (const path of paths) {
    const results = readResults(path, ledger, ({ identity, shard }) => {
      const [first] = shards;
      if (first === undefined) return;
      const differs =
        difference(first.results.identity, identity) ??
        (first.results.shard.count === shard.count ? undefined : 'the number of shards differs');
      if (differs !== undefined) {
        throw new InputError(`${path} belongs to another campaign than ${first.path}: ${differs}`);
      }
      const twin = shards.find(({ results: other }) => other.shard.index === shard.index);
      if (twin !== undefined) {
        const part = `${shard.index + 1}/${shard.count}`;
        throw new InputError(`${path} and ${twin.path} both hold shard ${part}: leave one of them out`);
      }
    });
    if (results === undefined)
      throw new InputError(`${path} holds no results: run that shard of the campaign again`);
    shards.push({ path, results });
  }
  return shards;
}

function gaps(shards: readonly ReadShard[], count: number): string[] {
  const notes = shards
    .filter(({ results }) => results.end === undefined)
    .map(({ path }) => `${path} was not finished: run that shard again with --results ${path}`);
  const there = new Set(shards.map(({ results }) => results.shard.index));
  const missing = Array.from({ length: count }, (_, i) => i).filter((index) => !there.has(index));
  if (missing.length > 0) {
    const named = missing.slice(0, 10).map((index) => `${index + 1}/${count}`);
    const more = missing.length > named.length ? ` and ${missing.length - named.length} more` : '';
    notes.push(`shard ${named.join(', ')}${more} is missing`);
  }
  return notes;
}

/** Witnesses need the log and the checker as they were. */
async function explain(
  identity: CampaignIdentity,
  ledger: ResultLedger,
  { signal, wantsTimeline, onNote }: Omit<CampaignRun, 'jobs' | 'resultsFile'>,
): Promise<Explained> {
  const { findings } = ledger;
  const spec = specOf(identity);
  try {
    const differs = difference(identity, identityOf(spec, identity.configuration));
    if (differs !== undefined) throw new InputError(`${differs} from what it was`);
    const makeProcess = processCheckers(spec.checker, spec.limits.checkerMs);
    return await explainViolations({ spec, findings, makeProcess, signal, wantsTimeline });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (findings.violating > 0) onNote?.(`no witnesses could be made: ${error.message}`);
    return {
      groups: explainedGroups(findings.sortedGroups(), () => undefined),
      windows: [],
      timeline: undefined,
    };
  }
}

function specOf({
  log,
  program,
  base,
  checker,
  configuration,
  limits,
  seed,
}: CampaignIdentity): CampaignSpec {
  return {
    log: log.path,
    ...(program && { program }),
    base: base.map(({ file, path }) => [file, path] as const),
    configuration,
    limits,
    seed: BigInt(seed),
    checker: checker === null ? undefined : checkerOf(checker),
    shard: wholeShard,
  };
}

function checkerOf({ sha256: _, ...checker }: NonNullable<CampaignIdentity['checker']>): CheckerSpec {
  return checker;
}
