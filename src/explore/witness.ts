import {
  type MachineConfiguration,
  machineConfiguration,
} from '../hardware/persistent-memory/configuration.ts';
import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import type { MemoryState } from '../hardware/persistent-memory/state.ts';
import { IllegalEvent } from '../kernel/errors.ts';
import { type Cause, innermostFrame, keyOf } from './cause.ts';
import { CrashImage } from './crash-image.ts';
import { minimize } from './delta-debugging.ts';
import { type Defect, type Explanation, explain } from './explain.ts';
import type { Content, LineChoices } from './line-choices.ts';
import { MarkerHistory } from './markers.ts';
import type { NestedCause } from './nested-cause.ts';
import { ScratchImage } from './scratch-image.ts';
import { withSettledPrefix } from './settled-prefix.ts';
import type { CampaignInput, ClassResult } from './shard-run.ts';
import { spellCrash } from './spelled-crash.ts';
import {
  operationsUntil,
  type PieceName,
  type PlacedOperation,
  PlacedRun,
  placedRun,
} from './surviving-pieces.ts';
import type { Judge, PromiseFold, Verdict } from './verdict.ts';

/** A violation as a run of its own: few events, few surviving pieces, the same cause. */
export interface Witness {
  readonly events: readonly MemoryEvent[];
  readonly verdict: Verdict;
  readonly explanation: Explanation;
  /** The cause with what was learnt from the rest of the run; its key may be that of another group. */
  readonly cause: Cause;
  /** Digest of the files after the crash. */
  readonly imageDigest: string;
  readonly promise: unknown;
}

/** What shrinking one witness may cost: judgements, and operations performed for them. */
const MAX_PROBES = 2_000;
const MAX_PERFORMED = 20_000_000;

/** A run of fewer operations is shrunk as it is. */
const SHORT_RUN = 256;

/** Stores after the crash that are looked at for the one that mends the image. */
const MAX_LOOKAHEAD = 64;

/**
 * Shrinks a violation and spells it out. The result must be one with a cause. Undefined when the checker does not say
 * again what it said before, so that nothing can be shown.
 */
export function makeWitness(
  input: CampaignInput,
  result: ClassResult & { cause: Cause },
  judge: Judge,
  promise: PromiseFold | undefined,
): Witness | undefined {
  if (result.nested !== undefined) return nestedWitness(input, result, result.nested, judge, promise);
  return new Shrinker(input, result, judge, promise).shrink();
}

/** Explains a violation without shrinking it. The result must be one with a cause. */
export function explainResult(
  input: CampaignInput,
  result: ClassResult & { cause: Cause },
  judge: Judge,
  promise: PromiseFold | undefined,
): NestedCause {
  const { cause, explanation } = new Shrinker(input, result, judge, promise);
  return { cause, explanation };
}

/** The run as it was: what its recovery does, in which the cause lies, depends on all of it. */
function nestedWitness(
  input: CampaignInput,
  { cause, index, survivors }: ClassResult & { cause: Cause },
  explanation: Explanation,
  judge: Judge,
  promise: PromiseFold | undefined,
): Witness | undefined {
  const configuration = machineConfiguration(input.configuration);
  const operations = operationsUntil(input.operations(), configuration, index);
  const run = new PlacedRun(operations, configuration, input.limits.imagesPerPoint);
  const names = new Set(run.namesOf(survivors));
  return spelledWitness(operations, names, configuration, { judge, promise, cause, explanation });
}

interface SpelledWitnessOptions extends NestedCause {
  readonly judge: Judge;
  readonly promise: PromiseFold | undefined;
}

function spelledWitness(
  operations: readonly PlacedOperation[],
  survivors: ReadonlySet<PieceName>,
  configuration: MachineConfiguration,
  { judge, promise: fold, cause, explanation }: SpelledWitnessOptions,
): Witness | undefined {
  const spelled = spellCrash(operations, survivors, configuration);
  if (spelled === undefined) return undefined;
  const { events, state } = spelled;
  const scratch = new ScratchImage(state);
  scratch.reshape();
  const promise = promiseAfter(operations, fold);
  const context = { files: scratch.files, promise, platform: configuration.platform };
  const verdict = judge(scratch.image, context);
  if (verdict.kind !== 'violating') return undefined;
  return { events, verdict, cause, explanation, imageDigest: state.domain.digest.hex(), promise };
}

/** What was promised at the end of some operations. */
function promiseAfter(operations: readonly PlacedOperation[], fold: PromiseFold | undefined): unknown {
  let value: unknown;
  if (fold === undefined) return value;
  for (const { operation } of operations) {
    if (operation.type === 'marker') value = fold(value, operation.name);
  }
  return value;
}

class Shrinker {
  private readonly configuration: MachineConfiguration;
  private operations: readonly PlacedOperation[];
  private readonly placeOfEvent = new Map<number, number>();
  private readonly survivors: ReadonlySet<PieceName>;
  private readonly missing: ReadonlySet<PieceName>;
  private readonly pinned = new Set<number>();
  /** What the checker says of the image as it was found; undefined where it does not say the same twice. */
  private reason: string | undefined;
  readonly explanation: Explanation;
  private defect: Defect; // of the operations as they are now: those left out may have told more
  cause: Cause;

  constructor(
    private readonly input: CampaignInput,
    private readonly result: ClassResult & { cause: Cause },
    readonly judge: Judge,
    readonly promise: PromiseFold | undefined,
  ) {
    this.configuration = machineConfiguration(input.configuration);
    this.cause = result.cause;
    this.operations = this.takeRun();
    const run = new PlacedRun(this.operations, this.configuration, input.limits.imagesPerPoint);
    this.survivors = new Set(run.namesOf(result.survivors));
    this.missing = new Set(result.cause.missing.map(({ event }) => run.nameOf(event)));
    for (const { event } of [...result.cause.early, ...result.cause.missing]) {
      const place = this.placeOfEvent.get(event);
      if (place !== undefined) this.pinned.add(place);
    }
    for (const { place, operation } of this.operations)
      if (operation.type === 'map' || (operation.type === 'marker' && input.keepsMarkers === true))
        this.pinned.add(place);
    this.explanation = this.explain(this.operations);
    this.defect = this.explanation.defect;
    this.forgetSettled();
  }

  shrink(): Witness | undefined {
    const free = this.operations.filter(({ place }) => !this.pinned.has(place));
    if (this.hasSameCause(this.operations, this.survivors, this.result.reason))
      this.reason = this.result.reason;
    const kept = minimize(
      free,
      (subset) => this.hasSameCause(this.withPinned(subset), this.survivors),
      Math.min(MAX_PROBES, Math.ceil(MAX_PERFORMED / this.operations.length)),
    );
    const operations = this.withPinned(kept);
    const survivors = new Set(
      minimize([...this.survivors], (subset) => this.hasSameCause(operations, new Set(subset)), MAX_PROBES),
    );
    return spelledWitness(operations, survivors, this.configuration, this);
  }

  /** Puts what was settled before the stores that matter into the contents of the files, where the cause stays the same. */
  private forgetSettled(): void {
    if (this.operations.length < SHORT_RUN) return;
    const stores = [...this.pinned].filter((place) => this.isStore(place));
    const first = Math.min(...stores, ...[...this.survivors].map((name) => Number.parseInt(name, 10)));
    const shorter = withSettledPrefix(this.operations, this.configuration, first, this.promise !== undefined);
    if (shorter === undefined) return;
    const { operations, defect } = this;
    this.operations = shorter;
    this.defect = this.explain(shorter).defect;
    if (this.hasSameCause(shorter, this.survivors)) return;
    this.operations = operations;
    this.defect = defect;
  }

  private isStore(place: number): boolean {
    return this.operations.some((one) => one.place === place && one.operation.type === 'store');
  }

  /** Takes the operations up to the crash; and looks beyond it where what is wrong is wrong with everything durable. */
  private takeRun(): PlacedOperation[] {
    const { index } = this.result;
    const operations: PlacedOperation[] = [];
    const markers = new MarkerHistory();
    let lookedAt = 0;
    for (const { operation, place, firstEvent, state } of placedRun(
      this.input.operations(),
      this.configuration,
      index,
    )) {
      this.placeOfEvent.set(firstEvent, place);
      if (operation.type === 'marker') markers.pass(firstEvent, operation.name);
      if (firstEvent < index) {
        operations.push({ place, operation });
        for (let event = firstEvent + 1; event < state.eventCount; event++)
          this.placeOfEvent.set(event, place);
        continue;
      }
      if (this.cause.relation !== 'always' || lookedAt++ >= MAX_LOOKAHEAD) return operations;
      if (operation.type !== 'store' || this.isWrong(state, operations)) continue;
      const { source, address } = operation;
      const missing = [
        {
          event: firstEvent,
          source: innermostFrame(source),
          markers: markers.at(firstEvent),
          sinceMarker: markers.since(firstEvent),
          address: address - (address % 8),
        },
      ];
      this.cause = { ...this.cause, missing, key: keyOf('order', this.cause.early, missing) };
      return operations;
    }
    return operations;
  }

  /** Whether the image is wrong with everything durable. */
  private isWrong(state: MemoryState, operations: readonly PlacedOperation[]): boolean {
    const scratch = new ScratchImage(state, 'visible');
    scratch.reshape();
    const promise = promiseAfter(operations, this.promise);
    const { platform } = this.configuration;
    return this.judge(scratch.image, { files: scratch.files, promise, platform }).kind === 'violating';
  }

  private withPinned(subset: readonly PlacedOperation[]): PlacedOperation[] {
    const places = new Set(subset.map(({ place }) => place));
    return this.operations.filter(({ place }) => this.pinned.has(place) || places.has(place));
  }

  private explain(operations: readonly PlacedOperation[]): Explanation {
    const placeOf = (event: number): number => this.placeOfEvent.get(event) ?? -1;
    const { configuration } = this;
    return explain(
      this.cause,
      { operations, strayFlushes: this.input.strayFlushes ?? [], configuration },
      placeOf,
    );
  }

  /**
   * Wrong as it is for the same reason, and right with what is missing: or wrong all the same, where nothing is missing.
   * The checker must say `reason` of it, so that a run with less in it tells no other story than the one that was recorded.
   */
  private hasSameCause(
    operations: readonly PlacedOperation[],
    survivors: ReadonlySet<PieceName>,
    reason = this.reason,
  ): boolean {
    if (this.explain(operations).defect !== this.defect) return false;
    try {
      const run = new PlacedRun(operations, this.configuration, this.input.limits.imagesPerPoint);
      const choice = run.choose(survivors);
      if (choice === undefined) return false;
      const promise = promiseAfter(operations, this.promise);
      const scratch = new ScratchImage(run.state);
      scratch.reshape();
      const verdict = this.verdictOn(run, scratch, choice, promise);
      if (verdict.kind !== 'violating' || (reason !== undefined && verdict.reason !== reason)) return false;
      const whole = (lines: Iterable<LineChoices>): Map<LineChoices, Content> =>
        new Map([...choice, ...[...lines].map((line) => [line, line.contents[line.all]] as const)]);
      if (this.cause.relation === 'always') {
        return this.verdictOn(run, scratch, whole(run.frontier.all()), promise).kind === 'violating';
      }
      const lacking = [...run.frontier.all()].filter(({ pieces }) =>
        pieces.some(({ event }) => this.missing.has(run.nameOf(event))),
      );
      if (lacking.length === 0) return false;
      return this.verdictOn(run, scratch, whole(lacking), promise).kind !== 'violating';
    } catch (error) {
      if (error instanceof IllegalEvent) return false;
      throw error;
    }
  }

  private verdictOn(
    run: PlacedRun,
    scratch: ScratchImage,
    choice: ReadonlyMap<LineChoices, Content>,
    promise: unknown,
  ): Verdict {
    const image = new CrashImage();
    for (const [line, content] of choice) image.put(line, content);
    scratch.show(image);
    const { platform } = run.state.configuration;
    const verdict = this.judge(scratch.image, { files: scratch.files, promise, platform });
    scratch.restore();
    return verdict;
  }
}
