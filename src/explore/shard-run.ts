import type { MachineConfiguration } from '../hardware/persistent-memory/configuration.ts';
import { type Operation, perform } from '../hardware/persistent-memory/operations.ts';
import { initialMemory } from '../hardware/persistent-memory/state.ts';
import type { StrayFlush } from '../hardware/persistent-memory/stray-flush.ts';
import { Digest } from '../kernel/digest.ts';
import { type Cause, findCause } from './cause.ts';
import { CrashExplorer } from './crash-explorer.ts';
import { CrashImage, type Survivors } from './crash-image.ts';
import type { Explanation } from './explain.ts';
import type { KeySet } from './key-set.ts';
import type { Limits, Shard } from './limits.ts';
import type { Content, LineChoices } from './line-choices.ts';
import { MarkerHistory } from './markers.ts';
import type { NestedCrashes } from './nested-cause.ts';
import { ScratchImage } from './scratch-image.ts';
import type { Tally } from './tally.ts';
import type { CheckContext, Judge, PromiseFold, Verdict, VerdictKind } from './verdict.ts';

/** What a power-loss campaign is about; equal inputs give equal classes, wherever they run. */
export interface CampaignInput {
  /** The run, in operations; asked for more than once. */
  readonly operations: () => Iterable<Operation>;
  /** Flushes of the run that miss persistent memory; left out: none. They explain what was not flushed. */
  readonly strayFlushes?: readonly StrayFlush[];
  /** Whether the judge knows the markers of this run by their number, so that a witness leaves none of them out. */
  readonly keepsMarkers?: boolean;
  readonly configuration: Partial<MachineConfiguration>;
  readonly limits: Limits;
  readonly seed: bigint;
}

/** The result of one class that is not consistent. */
export interface ClassResult {
  /** 32 hexadecimal digits: image and promise. */
  readonly key: string;
  readonly kind: Exclude<VerdictKind, 'consistent'>;
  readonly reason: string | undefined;
  /** Events folded before the first crash that leaves it. */
  readonly index: number;
  /** Its place in the order of all images that are visited, in whichever shard: the same however a campaign is cut up. */
  readonly ordinal: number;
  /** What survives beyond the persistence domain: of a violation the least that still shows it. */
  readonly survivors: Survivors;
  /** Lines by number of which something is missing; of many, the newest. */
  readonly lacking: readonly number[];
  readonly promise: unknown;
  /** Of a violation: equal where the same stores of the program survive and are missing; empty for all others. */
  readonly signature: string;
  /**
   * The cause, of the first violation of each signature; undefined for the others, and when its neighbours could not be
   * judged.
   */
  readonly cause: Cause | undefined;
  /** Of a violation that shows only after a further crash, within recovery: what is wrong there, as its cause says. */
  readonly nested?: Explanation;
}

export interface ShardOptions {
  readonly shard: Shard;
  /** Without one, the classes are only counted. */
  readonly judge?: Judge;
  readonly promise?: PromiseFold;
  /** Classes that were judged before and are left out now. */
  readonly known?: KeySet;
  /** Violations whose neighbours must not be judged, because the checker died of one. */
  readonly unprobed?: ReadonlySet<string>;
  /** Of a judge that crashes recoveries as well. */
  readonly nestedCrashes?: NestedCrashes;
  /** Told before each image is judged, or a neighbour of this one, which is violating. */
  readonly onJudging?: (image: CrashImage, isNeighbour: boolean) => void;
  readonly onConsistent?: (key: Int32Array) => void;
  readonly onResult?: (result: ClassResult) => void;
  /** Whether the judge can write to the image it is shown; default true. One that cannot is believed at once. */
  readonly judgeWrites?: boolean;
  /** Asked after each image: whether the verdicts so far should be confirmed and told, although the batch is not full. */
  readonly isConfirmationDue?: () => boolean;
  /** Asked before and after each image and now and then between; true ends the run early, without the image at hand. */
  readonly shouldStop?: () => boolean;
}

export interface ShardSummary {
  readonly operations: number;
  readonly events: number;
  readonly tally: Tally;
  /** Classes of this shard. */
  readonly distinct: number;
  readonly stopped: boolean;
}

/** Verdicts of consistent images are believed once it is known that the checker wrote to none of so many. */
const BATCH_IMAGES = 4_096;

/** Lines, and pieces of a line, that tell kinds of violations apart: the newest ones. */
const SIGNIFICANT = 64;

/** Explores one shard of a campaign and judges its classes. */
export function runShard(input: CampaignInput, options: ShardOptions): ShardSummary {
  const trusting = new ShardRun(input, options);
  return trusting.run() ?? (new ShardRun(input, options, trusting).run() as ShardSummary);
}

/** A class key as 32 hexadecimal digits. */
export function keyHex(lanes: Int32Array): string {
  const digest = new Digest();
  [digest.a, digest.b, digest.c, digest.d] = lanes;
  return digest.hex();
}

class ShardRun {
  private readonly explorer: CrashExplorer;
  private readonly scratch: ScratchImage;
  private whole: ScratchImage | undefined; // for images of which nearly everything survives
  private readonly markers = new MarkerHistory();
  private readonly unconfirmed: Int32Array[] = [];
  private readonly neighbour = new CrashImage();
  private readonly signatures: Set<string>; // of violations whose cause was looked for
  private readonly careful: boolean; // looks after every image whether the checker wrote to it, and undoes that
  private readonly settledBefore: number;
  private settledOrdinal = 0; // all images up to this one have their result
  private checkerWrites = false;
  private stopped = false;

  constructor(
    private readonly input: CampaignInput,
    private readonly options: ShardOptions,
    /** A run that had to give up because the checker writes: this one goes on, carefully, behind what it has settled. */
    trusting?: ShardRun,
  ) {
    this.careful = trusting !== undefined;
    this.settledBefore = trusting?.settledOrdinal ?? 0;
    this.signatures = trusting?.signatures ?? new Set();
    const state = initialMemory(input.configuration);
    this.scratch = new ScratchImage(state);
    const { judge, promise, shard } = options;
    this.explorer = new CrashExplorer(state, {
      limits: input.limits,
      seed: input.seed,
      shard,
      ...(promise && { promise }),
      ...(judge && {
        visit: (image) => this.visit(judge, image),
        onDomainChange: (line) => this.scratch.refresh(line),
        onStore: (line) => this.whole?.refresh(line),
        onFilesChange: () => {
          this.scratch.reshape();
          this.whole?.reshape();
        },
      }),
    });
  }

  /** Undefined when the checker turned out to write: then what was not yet believed has to be judged again, carefully. */
  run(): ShardSummary | undefined {
    const { explorer } = this;
    const { state } = explorer;
    let operations = 0;
    for (const operation of this.input.operations()) {
      if (operation.type === 'marker') this.markers.pass(state.eventCount, operation.name);
      for (const event of perform(state, operation)) explorer.step(event);
      if (operation.type !== 'map' && operation.type !== 'load') operations++;
      if (this.checkerWrites) return undefined;
      if (this.stopped || ((operations & 255) === 0 && this.mustStop())) break;
    }
    if (!this.stopped) explorer.end();
    if (this.checkerWrites) return undefined;
    if (!this.confirm(explorer.tally.visits)) return undefined;
    return {
      operations,
      events: state.eventCount,
      tally: explorer.tally,
      distinct: explorer.distinct,
      stopped: this.stopped,
    };
  }

  private visit(judge: Judge, image: CrashImage): void {
    const { key, ordinal } = image;
    if (this.checkerWrites || this.stopped || ordinal <= this.settledBefore) return;
    if (this.options.known?.has(key[0], key[1], key[2], key[3]) === true || this.mustStop()) return;
    this.options.onJudging?.(image, false);
    const verdict = this.judge(judge, image);
    if (this.mustStop()) return;
    if (verdict.kind === 'consistent') {
      this.unconfirmed.push(key.slice());
      if (this.isConfirmationDue()) this.confirm(ordinal);
      return;
    }
    if (!this.confirm(ordinal - 1)) return;
    const result = this.result(judge, image, verdict);
    if (this.stopped) return;
    this.settledOrdinal = ordinal;
    this.options.onResult?.(result);
  }

  private isConfirmationDue(): boolean {
    const { judgeWrites, isConfirmationDue } = this.options;
    if (this.careful || judgeWrites === false || this.unconfirmed.length >= BATCH_IMAGES) return true;
    return isConfirmationDue?.() === true;
  }

  private mustStop(): boolean {
    this.stopped ||= this.options.shouldStop?.() === true;
    return this.stopped;
  }

  private judge<Answer>(
    judge: (image: Uint8Array, context: CheckContext) => Answer,
    image: CrashImage,
  ): Answer {
    const scratch = this.scratchFor(image);
    scratch.show(image);
    const { platform } = this.explorer.state.configuration;
    return judge(scratch.image, { files: scratch.files, promise: image.promise, platform });
  }

  private scratchFor(image: CrashImage): ScratchImage {
    if (image.base.length === 0) return this.scratch;
    if (this.whole === undefined) {
      this.whole = new ScratchImage(this.explorer.state, 'visible');
      this.whole.reshape();
    }
    return this.whole;
  }

  private wasWritten(): boolean {
    if (this.options.judgeWrites === false) return false;
    return this.scratch.wasWritten() || this.whole?.wasWritten() === true;
  }

  private restore(): void {
    this.scratch.restore();
    this.whole?.restore();
  }

  /** Believes the verdicts so far, unless the checker wrote to an image that a later one was patched from. */
  private confirm(ordinal: number): boolean {
    if (this.wasWritten()) {
      if (!this.careful) {
        this.checkerWrites = true;
        return false;
      }
      this.restore();
    }
    for (const key of this.unconfirmed) this.options.onConsistent?.(key);
    this.unconfirmed.length = 0;
    this.settledOrdinal = ordinal;
    return true;
  }

  private result(judge: Judge, image: CrashImage, verdict: Verdict): ClassResult {
    const key = keyHex(image.key);
    const kept = new Map<LineChoices, Content>();
    image.forEachLine((choices, content) => kept.set(choices, content));
    const lacking = this.explorer.frontier.open
      .filter((choices) => kept.get(choices) !== choices.contents[choices.all])
      .slice(-SIGNIFICANT)
      .map(({ line }) => line);
    const { index, ordinal, promise } = image;
    const common = { key, reason: verdict.reason, index, ordinal, lacking, promise, cause: undefined };
    const survivors = image.survivors();
    if (verdict.kind !== 'violating') {
      return { ...common, kind: verdict.kind as ClassResult['kind'], survivors, signature: '' };
    }
    const signature = this.signature(image);
    if (this.signatures.has(signature) || this.options.unprobed?.has(key) === true) {
      return { ...common, kind: 'violating', survivors, signature };
    }
    const { nestedCrashes } = this.options;
    const nested = nestedCrashes && this.judge(nestedCrashes.explain, image);
    if (nested !== undefined) {
      this.signatures.add(signature);
      const { cause, explanation } = nested;
      return { ...common, kind: 'violating', survivors, signature, cause, nested: explanation };
    }
    const found = findCause(
      this.explorer.frontier,
      image,
      (choice) => this.violates(nestedCrashes?.judgeWithout ?? judge, image, choice),
      this.markers,
      this.explorer.state.configuration.lineBytes,
    );
    this.signatures.add(signature);
    const least = [...found.survivors].map(([{ line }, { durable }]) => ({ line, durable: [...durable] }));
    return {
      ...common,
      kind: 'violating',
      survivors: least.sort((one, other) => one.line - other.line),
      signature,
      cause: found.cause,
    };
  }

  private violates(judge: Judge, image: CrashImage, choice: ReadonlyMap<LineChoices, Content>): boolean {
    const { neighbour } = this;
    if (this.mustStop()) return false;
    neighbour.clear([]);
    neighbour.promise = image.promise;
    for (const [line, content] of choice) neighbour.put(line, content);
    this.options.onJudging?.(image, true);
    const verdict = this.judge(judge, neighbour);
    if (this.wasWritten()) this.restore();
    return verdict.kind === 'violating';
  }

  /** Which stores survive and which are missing, by their places in the program: the same for images of the same kind. */
  private signature(image: CrashImage): string {
    const kept = new Map<LineChoices, Content>();
    image.forEachLine((choices, content) => kept.set(choices, content));
    const parts = this.explorer.frontier.open.slice(-SIGNIFICANT).map((choices) => {
      const content = kept.get(choices) ?? choices.contents[0];
      const rank = new Map<number, number>();
      return choices.pieces
        .map((piece) => {
          const place = rank.get(piece.atom) ?? 0;
          rank.set(piece.atom, place + 1);
          return `${place < content.durable[piece.atom] ? '+' : '-'}${piece.source ?? `${piece.atom} ${this.markers.since(piece.event) ?? ''}`}`;
        })
        .slice(-SIGNIFICANT)
        .join();
    });
    const digest = new Digest();
    digest.toggleText('signature', `${this.markers.at(image.index).join('/')} ${parts.sort().join('|')}`);
    return digest.hex();
  }
}
