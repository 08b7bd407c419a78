import type { Operation } from '../../hardware/persistent-memory/operations.ts';
import { KeySet } from '../key-set.ts';
import { type Limits, wholeShard } from '../limits.ts';
import { runShard } from '../shard-run.ts';
import { type CheckContext, consistent, type Judge, judgeOf, type Verdict } from '../verdict.ts';
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
}

/** Images of one recovery that are visited; what leaves more is undecided. */
const NESTED_LIMITS: Limits = {
  imagesPerPoint: 256,
  imagesPerIncompletePoint: 16,
  images: 4096,
  checkerMs: 10_000,
};

/** Judges crash images by what the recovery program makes of them. It does not write to them. */
export class RecoveryJudge {
  /** Images left by crashes within recoveries that were judged. */
  nestedImages = 0;
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

  readonly judge: Judge = (image, context) => this.judgeCrash(image, context, this.options.nested);

  private judgeCrash(
    image: Uint8Array,
    context: CheckContext,
    furtherCrashes: number,
    references = this.options.references,
  ): Verdict {
    const operations: Operation[] = [];
    const { files, promise } = context;
    const recovered = this.recovery.run(
      files,
      furtherCrashes > 0 ? (operation) => operations.push(operation) : undefined,
    );
    const { budgetInstructions, output } = this.options;
    const ended = recoveryVerdict(recovered, budgetInstructions, output, references?.(promise));
    if (ended.kind !== 'consistent') return ended;
    const checked = this.moduleVerdict?.(recovered, context, image) ?? consistent;
    if (checked.kind !== 'consistent' || furtherCrashes === 0) return checked;
    return this.judgeRecovery(operations, context, furtherCrashes - 1);
  }

  /**
   * Crashes the recovery at each of its events, as the run itself was. Where outputs are compared, the recovery is the run
   * without a crash, with what it promises itself.
   */
  private judgeRecovery(
    operations: readonly Operation[],
    context: CheckContext,
    furtherCrashes: number,
  ): Verdict {
    const { platform, promise } = context;
    const isCompared = this.options.references !== undefined;
    const references = isCompared
      ? referenceOutputs(operations, (files) => this.recovery.run(files).output)
      : undefined;
    const known = isCompared ? new KeySet() : this.knownOf(promise, furtherCrashes);
    let found: Verdict | undefined;
    const { tally } = runShard(
      { operations: () => operations, configuration: { platform }, limits: NESTED_LIMITS, seed: 0n },
      {
        shard: wholeShard,
        judgeWrites: false,
        known,
        ...(isCompared && { promise: promisedLines }),
        judge: (image, { files, promise: lines }) => {
          if (found !== undefined) return consistent;
          this.nestedImages++;
          const seen = { files, promise: isCompared ? lines : promise, platform };
          const verdict = this.judgeCrash(image, seen, furtherCrashes, references);
          if (verdict.kind !== 'consistent') found = verdict;
          return consistent;
        },
        onConsistent: (key) => {
          if (found === undefined) known.add(key[0], key[1], key[2], key[3]);
        },
        shouldStop: () => found !== undefined,
      },
    );
    if (found !== undefined)
      return {
        ...found,
        reason: `after a second crash, within recovery: ${found.reason ?? 'no reason given'}`,
      };
    if (tally.complete) return consistent;
    return { kind: 'hang', reason: 'a crash within its recovery can leave more images than can be tried' };
  }

  private knownOf(promise: unknown, furtherCrashes: number): KeySet {
    const name = `${furtherCrashes} ${JSON.stringify(promise)}`;
    const known = this.known.get(name) ?? new KeySet();
    this.known.set(name, known);
    return known;
  }
}
