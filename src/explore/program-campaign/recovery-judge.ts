import type { Operation } from '../../hardware/persistent-memory/operations.ts';
import type { StrayFlush } from '../../hardware/persistent-memory/stray-flush.ts';
import { KeySet } from '../key-set.ts';
import { type Limits, wholeShard } from '../limits.ts';
import type { NestedCause, NestedCrashes } from '../nested-cause.ts';
import { type CampaignInput, type ClassResult, runShard, type ShardOptions } from '../shard-run.ts';
import {
  type CheckContext,
  consistent,
  type Judge,
  judgeOf,
  type PromiseFold,
  type Verdict,
} from '../verdict.ts';
import { explainResult } from '../witness.ts';
import type { Recovered, Recovery } from './recovery.ts';
import {
  type RecoveryContext,
  type ReferencesOf,
  recoverySeen,
  recoveryVerdict,
} from './recovery-verdict.ts';
import { promisedLines, referenceOutputs } from './reference-outputs.ts';

/** A checker of a campaign on a program, which sees what became of the recovery, too. */
export type RecoveryChecker = (image: Uint8Array, context: RecoveryContext) => true | false | string;

export interface RecoveryJudgeOptions {
  readonly budgetInstructions: number;
  /** Pattern for standard output; undefined: whatever. */
  readonly output?: RegExp | undefined;
  /** What standard output has to be; undefined: whatever. */
  readonly references?: ReferencesOf | undefined;
  /** Asked where the recovery itself ended well. */
  readonly check?: RecoveryChecker;
  /** How many further crashes, each within the recovery of the one before, are judged. */
  readonly nested: number;
  /** Asked between the images of crashes within recovery: true gives up, with whatever verdict. */
  readonly shouldStop?: () => boolean;
}

/** What a recovery did. */
interface RecoveryRun {
  readonly operations: readonly Operation[];
  readonly strayFlushes: readonly StrayFlush[];
}

/** The crashes within a recovery, and how what they leave is judged. */
interface RecoveryCrashes {
  readonly input: CampaignInput;
  readonly options: Pick<ShardOptions, 'shard' | 'judgeWrites' | 'known' | 'promise' | 'onConsistent'>;
  readonly promise: PromiseFold | undefined;
  readonly judge: Judge;
  readonly nestedCrashes: NestedCrashes;
}

/** Images of one recovery that are visited; what leaves more is undecided. */
const NESTED_LIMITS: Limits = {
  imagesPerPoint: 4096,
  imagesPerIncompletePoint: 16,
  images: 65_536,
  checkerMs: 10_000,
};

/** Judges crash images by what the recovery program makes of them. It does not write to them. */
export class RecoveryJudge {
  private readonly known = new Map<string, KeySet>(); // images that are consistent, by promise and crashes that may follow
  private readonly moduleVerdict:
    | ((recovered: Recovered, context: CheckContext, image: Uint8Array) => Verdict)
    | undefined;

  constructor(
    private readonly recovery: Recovery,
    private readonly options: RecoveryJudgeOptions,
  ) {
    const { check } = options;
    this.moduleVerdict =
      check &&
      ((recovered, context, image) =>
        judgeOf((bytes, given) => check(bytes, { ...given, recovery: recoverySeen(recovered) }))(
          image,
          context,
        ));
  }

  readonly judge: Judge = (image, context) =>
    this.judgeCrash(image, context, this.options.nested, this.options.references);

  get nestedCrashes(): NestedCrashes {
    const { nested, references } = this.options;
    return this.nestedCrashesOf(nested, references, (context) => context);
  }

  private nestedCrashesOf(
    furtherCrashes: number,
    references: ReferencesOf | undefined,
    given: (context: CheckContext) => CheckContext,
  ): NestedCrashes {
    return {
      explain: (image, context) => this.explainCrash(image, given(context), furtherCrashes, references),
      judgeWithout: (image, context) => this.judgeCrash(image, given(context), 0, references),
    };
  }

  private judgeCrash(
    image: Uint8Array,
    context: CheckContext,
    furtherCrashes: number,
    references: ReferencesOf | undefined,
  ): Verdict {
    const { verdict, run } = this.recover(image, context, furtherCrashes > 0, references);
    if (verdict.kind !== 'consistent' || furtherCrashes === 0) return verdict;
    return this.judgeRecovery(this.crashesOf(run, context, furtherCrashes - 1));
  }

  /** The first violation that a crash within recovery leaves, and its cause there. */
  private explainCrash(
    image: Uint8Array,
    context: CheckContext,
    furtherCrashes: number,
    references: ReferencesOf | undefined,
  ): NestedCause | undefined {
    if (furtherCrashes === 0) return undefined;
    const { verdict, run } = this.recover(image, context, true, references);
    if (verdict.kind !== 'consistent') return undefined;
    const crashes = this.crashesOf(run, context, furtherCrashes - 1);
    const { input, judge, promise, nestedCrashes } = crashes;
    let found: ClassResult | undefined;
    runShard(input, {
      ...crashes.options,
      judge,
      nestedCrashes,
      onResult: (result) => {
        found ??= result;
      },
      shouldStop: () => found !== undefined || this.shouldStop(),
    });
    if (found?.cause === undefined) return undefined;
    const { cause, nested } = found;
    if (nested !== undefined) return { cause, explanation: nested };
    const explained = explainResult(input, { ...found, cause }, nestedCrashes.judgeWithout, promise);
    const { defect, text } = explained.explanation;
    return {
      cause: explained.cause,
      explanation: { defect, text: `It shows when power is lost again, while recovery runs. ${text}` },
    };
  }

  /** Recovers an image, and judges what becomes of it. */
  private recover(
    image: Uint8Array,
    context: CheckContext,
    isTraced: boolean,
    references: ReferencesOf | undefined,
  ): { verdict: Verdict; run: RecoveryRun } {
    const operations: Operation[] = [];
    const wanted = references?.(context.promise); // before it runs: these are made by the same process
    const recovered = this.recovery.run(
      context.files,
      isTraced ? (operation) => operations.push(operation) : undefined,
    );
    const run = { operations, strayFlushes: recovered.strayFlushes };
    const { budgetInstructions, output } = this.options;
    const ended = recoveryVerdict(recovered, budgetInstructions, output, wanted);
    if (ended.kind !== 'consistent') return { verdict: ended, run };
    return { verdict: this.moduleVerdict?.(recovered, context, image) ?? consistent, run };
  }

  /**
   * The crashes of a recovery at each of its events, as the run itself was crashed. Where outputs are compared, the recovery
   * is the run without a crash, with what it promises itself.
   */
  private crashesOf(
    { operations, strayFlushes }: RecoveryRun,
    { platform, promise: promised }: CheckContext,
    furtherCrashes: number,
  ): RecoveryCrashes {
    const isCompared = this.options.references !== undefined;
    const references = isCompared
      ? referenceOutputs(operations, (files) => this.recovery.run(files).output)
      : undefined;
    const given = ({ files, promise }: CheckContext): CheckContext => ({
      files,
      promise: isCompared ? promise : promised,
      platform,
    });
    const promise = isCompared ? promisedLines : undefined;
    const known = isCompared ? new KeySet() : this.knownOf(promised, furtherCrashes);
    return {
      input: {
        operations: () => operations,
        strayFlushes,
        configuration: { platform },
        limits: NESTED_LIMITS,
        seed: 0n,
      },
      options: {
        shard: wholeShard,
        judgeWrites: false,
        known,
        ...(promise && { promise }),
        onConsistent: (key) => known.add(key[0], key[1], key[2], key[3]),
      },
      promise,
      nestedCrashes: this.nestedCrashesOf(furtherCrashes, references, given),
      judge: (image, context) => this.judgeCrash(image, given(context), furtherCrashes, references),
    };
  }

  private judgeRecovery({ input, options, judge }: RecoveryCrashes): Verdict {
    let found: Verdict | undefined;
    const { tally } = runShard(input, {
      ...options,
      judge: (image, context) => {
        if (found !== undefined) return consistent;
        const verdict = judge(image, context);
        if (verdict.kind !== 'consistent') found = verdict;
        return consistent; // its cause is not looked for
      },
      onConsistent: (key) => {
        if (found === undefined) options.onConsistent?.(key);
      },
      shouldStop: () => found !== undefined || this.shouldStop(),
    });
    if (found !== undefined)
      return {
        ...found,
        reason: `after a second crash, within recovery: ${found.reason ?? 'no reason given'}`,
      };
    if (tally.complete) return consistent;
    return { kind: 'hang', reason: 'a crash within its recovery can leave more images than can be tried' };
  }

  private shouldStop(): boolean {
    return this.options.shouldStop?.() === true;
  }

  private knownOf(promise: unknown, furtherCrashes: number): KeySet {
    const name = `${furtherCrashes} ${JSON.stringify(promise)}`;
    const known = this.known.get(name) ?? new KeySet();
    this.known.set(name, known);
    return known;
  }
}
