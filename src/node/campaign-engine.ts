import { existsSync } from 'node:fs';
import type { CampaignReport } from '../explore/campaign-report.ts';
import { type Shard, subShard } from '../explore/limits.ts';
import type { RunTimeline } from '../explore/timeline.ts';
import { machineConfiguration } from '../hardware/persistent-memory/configuration.ts';
import { InputError } from '../kernel/errors.ts';
import { type CampaignIdentity, difference, identityOf } from './campaign-identity.ts';
import type { CampaignRun, CampaignSpec } from './campaign-spec.ts';
import { campaignReport, sumOfWalks } from './campaign-summary.ts';
import { explainViolations, WITNESSES_MAX } from './explain-violations.ts';
import { logConfiguration } from './log-source.ts';
import { processCheckers } from './make-process-checkers.ts';
import type { ProcessChecker } from './process-checker.ts';
import { ProgressWatch } from './progress-watch.ts';
import { ResultLedger } from './result-ledger.ts';
import { type ReadResults, readResults } from './results-reader.ts';
import { ResultsWriter } from './results-writer.ts';
import { walkShard } from './walk-shard.ts';
import { writeWitnesses } from './witness-file.ts';
import type { Walk, WorkerMessage } from './worker-protocol.ts';

export interface CampaignResult {
  readonly report: CampaignReport;
  /** The run as it is drawn; undefined unless it was wanted and the campaign ran to its end. */
  readonly timeline: RunTimeline | undefined;
}

/**
 * Crashes the power at every event of a run, has each distinct image that can be left judged in worker threads, and
 * explains the violations. Throws `InputError` for a mistake of the user's, before anything is judged where it can.
 */
export async function runCampaign(given: CampaignSpec, run: CampaignRun): Promise<CampaignResult> {
  const campaign = await Campaign.prepare(given, run);
  try {
    return await campaign.run();
  } finally {
    campaign.close();
  }
}

class Campaign {
  private readonly startedAt = performance.now();
  private readonly ledger = new ResultLedger();
  private readonly progress: ProgressWatch;
  private readonly former: ReadResults | undefined;
  private readonly makeProcess: (() => ProcessChecker) | undefined;
  private writer: ResultsWriter | undefined;

  private constructor(
    private readonly spec: CampaignSpec,
    private readonly identity: CampaignIdentity,
    private readonly options: CampaignRun,
  ) {
    this.makeProcess = processCheckers(spec.checker, spec.limits.checkerMs);
    this.former = this.readFormer();
    this.progress = new ProgressWatch(this.ledger.findings, options.onProgress);
  }

  static async prepare(given: CampaignSpec, options: CampaignRun): Promise<Campaign> {
    const recorded = given.program === undefined ? await logConfiguration(given.log, given.base) : {};
    const configuration = machineConfiguration({ ...recorded, ...given.configuration });
    const spec = { ...given, configuration };
    return new Campaign(spec, identityOf(spec, configuration), options);
  }

  async run(): Promise<CampaignResult> {
    const { signal, onNote } = this.options;
    const { walk, isWhole } = await this.walk();
    if (isWhole && this.former?.end === undefined) this.writer?.end(walk);
    for (const note of walk.notes) onNote?.(note);
    const { spec, identity, ledger, makeProcess } = this;
    const explained = await explainViolations({
      spec,
      findings: ledger.findings,
      makeProcess,
      signal,
      wantsTimeline: this.options.wantsTimeline,
    });
    if (explained.groups.length > WITNESSES_MAX) {
      onNote?.(
        `of ${explained.groups.length} groups of violations, the ${WITNESSES_MAX} largest have a witness`,
      );
    }
    const recordings = await writeWitnesses(this.options.witnessDirectory, explained.groups, identity);
    const report = campaignReport({
      command: 'campaign',
      identity,
      shard: spec.shard,
      walk,
      isWhole,
      wasInterrupted: signal?.aborted === true,
      findings: ledger.findings,
      explained,
      recordings,
      elapsedMs: performance.now() - this.startedAt,
    });
    return { report, timeline: explained.timeline };
  }

  close(): void {
    this.progress.close();
    this.writer?.close();
  }

  /** Judges what has no result yet. */
  private async walk(): Promise<{ walk: Walk; isWhole: boolean }> {
    if (this.former?.end !== undefined) return { walk: this.former.end, isWhole: true };
    const { shard, checker } = this.spec;
    const jobs = checker === undefined ? 1 : this.options.jobs; // without one, walking is all there is to do
    const parts = Array.from({ length: jobs }, (_, i) => subShard(shard, i, jobs));
    const failure = new AbortController();
    const signals = [failure.signal, ...(this.options.signal ? [this.options.signal] : [])];
    const signal = AbortSignal.any(signals);
    const walks = await Promise.all(
      parts.map((part) =>
        this.walkPart(part, signal).catch((error: unknown) => {
          failure.abort();
          throw error;
        }),
      ),
    );
    const known = walks.filter((walk) => walk !== undefined);
    const isWhole = known.length === parts.length && known.every(({ stopped }) => !stopped);
    return { walk: sumOfWalks(known), isWhole };
  }

  private async walkPart(part: Shard, signal: AbortSignal): Promise<Walk | undefined> {
    const done = this.former?.walks.find(({ of }) => of.index === part.index && of.count === part.count);
    if (done !== undefined) return done.walk;
    const { spec, ledger, makeProcess } = this;
    return walkShard({
      spec,
      shard: part,
      ledger,
      makeProcess,
      signal,
      onMessage: (message) => this.keep(message, part),
      onUnprobed: (key) => this.writer?.unprobed(key),
      onStart: this.progress.follow(),
    });
  }

  private keep(message: WorkerMessage, part: Shard): void {
    // Only now is it sure that the checker can be used at all.
    if (message.type === 'ready') this.openWriter();
    this.writer?.keep(message, part);
  }

  private openWriter(): void {
    const { resultsFile } = this.options;
    if (resultsFile === undefined || this.writer !== undefined) return;
    const header = { identity: this.identity, shard: this.spec.shard };
    this.writer = new ResultsWriter(resultsFile, header, this.former?.wholeBytes ?? 0);
  }

  private readFormer(): ReadResults | undefined {
    const { resultsFile } = this.options;
    if (resultsFile === undefined || !existsSync(resultsFile)) return undefined;
    return readResults(resultsFile, this.ledger, ({ identity, shard }) => {
      const { index, count } = this.spec.shard;
      const differs =
        difference(identity, this.identity) ??
        (shard.index === index && shard.count === count ? undefined : 'the shard differs');
      if (differs === undefined) return;
      throw new InputError(
        `${resultsFile} holds results of another campaign: ${differs}; choose another --results file`,
      );
    });
  }
}
