import { IllegalEvent, InputError } from '../kernel/errors.ts';
import type { AnyEvent } from '../kernel/event-table.ts';
import { type Batch, foldInto } from '../kernel/run.ts';
import type { RecordingHeader } from './header.ts';
import type { RecordingSource } from './input.ts';
import type { RecordingCut, RecordingPart } from './parts.ts';
import { type ReadOptions, readRecording } from './read.ts';
import type { JsonRecord, RecordingType } from './recording-type.ts';

export interface ReplayOptions<State, Event> extends ReadOptions {
  /** Told of each batch when it has been folded into the state. */
  readonly onBatch?: (batch: Batch<Event>, state: State) => void;
}

/**
 * The recording is as it was written, and yet its events lead somewhere else: the machine is not deterministic, or not the
 * one that was recorded.
 */
export interface Divergence {
  /** It happened behind the first of these numbers of events, and up to the second. */
  readonly between: readonly [after: number, upTo: number];
  /** Digest of the state as it was recorded; or, where an event is not even legal, that it was. */
  readonly expected: string;
  readonly actual: string;
}

export interface Replayed<State> {
  readonly header: RecordingHeader;
  /** The state after `index` events. */
  readonly state: State;
  readonly index: number;
  /** Up to how many events the checksums and digests of the recording confirm the state. */
  readonly verified: number;
  /** Set when the recorder did not complete the recording. */
  readonly cut?: RecordingCut;
  /** Set when the replay stopped because it went another way. */
  readonly divergence?: Divergence;
  readonly verdict?: JsonRecord;
}

/**
 * Folds a recording, up to an event or to its end. With `verify` (the default) checksums and digests are compared at each
 * check line; without, only the form of the lines counts.
 *
 * Throws `InputError` for a damaged recording or one that ends before `to`, `StaleRecording` for another version of the
 * model, and without `verify` `IllegalEvent`.
 */
export async function replayRecording<State extends object, Event extends AnyEvent>(
  source: RecordingSource,
  type: RecordingType<State, Event>,
  options: ReplayOptions<State, Event> = {},
): Promise<Replayed<State>> {
  const { to = 0, verify = true, onBatch } = options;
  let replay: ReplayFold<State, Event> | undefined;
  for await (const part of readRecording(source, type, options)) {
    if (part.type === 'header') replay = new ReplayFold(type, part.header, verify, onBatch);
    else replay?.take(part);
    if (replay?.isOver) break;
  }
  const { index, divergence } = replay!; // without a header there is an error
  if (index < to && divergence === undefined) {
    throw new InputError(
      `the recording has ${index} events: ${to} lies behind its end; give 0 to ${index}, or end`,
    );
  }
  return replay!;
}

class ReplayFold<State extends object, Event extends AnyEvent> implements Replayed<State> {
  readonly state: State;
  index = 0;
  verified = 0;
  cut?: RecordingCut;
  divergence?: Divergence;
  verdict?: JsonRecord;
  isOver = false;

  constructor(
    private readonly type: RecordingType<State, Event>,
    readonly header: RecordingHeader,
    private readonly verify: boolean,
    private readonly onBatch: ((batch: Batch<Event>, state: State) => void) | undefined,
  ) {
    this.state = type.initial(header.configuration);
  }

  /**
   * A digest that does not agree may be a changed line: that is known when the checksum of the next check line is found to
   * be right, so a replay that went another way reads on up to there.
   */
  take(part: RecordingPart<Event>): void {
    if (this.divergence !== undefined) this.isOver = part.type !== 'events';
    else if (part.type === 'events') this.fold(part);
    else if (part.type === 'check') this.compare(part.index, part.digest, false);
    else if (part.type === 'end') this.compare(part.index, part.digest, true);
    else if (part.type === 'verdict') this.verdict = part.verdict;
    if (part.type === 'cut') this.cut = part;
  }

  private fold({ firstIndex, events, confirmed }: Extract<RecordingPart<Event>, { type: 'events' }>): void {
    try {
      this.index += foldInto(this.type.model, this.state, events, firstIndex);
    } catch (error) {
      if (!this.verify || !(error instanceof IllegalEvent)) throw error;
      const index = error.index ?? firstIndex;
      if (!confirmed) {
        throw new InputError(
          `${error.message}; the lines behind event ${this.verified} have no checksum and may be damaged: ` +
            `replay --at ${index} uses what is before`,
        );
      }
      this.index = index;
      this.divergence = {
        between: [this.verified, index + 1],
        expected: `${error.kind} as event ${index}`,
        actual: `illegal: ${error.reason}`,
      };
      return;
    }
    this.onBatch?.({ firstIndex, events }, this.state);
  }

  private compare(index: number, expected: string, isLast: boolean): void {
    if (!this.verify) return;
    const actual = this.type.model.digest(this.state).hex();
    if (actual === expected) {
      this.verified = index;
      return;
    }
    if (isLast && differentDigits(expected, actual) <= CHANGED_DIGITS_MAX) {
      throw new InputError(
        `the closing line of the recording was changed: its digest ${expected} is ${actual} but for a few digits; ` +
          `replay --at ${index} uses what is before`,
      );
    }
    this.divergence = { between: [this.verified, index], expected, actual };
  }
}

/** No checksum covers the closing line. But states that differ have digests that hardly share a digit. */
const CHANGED_DIGITS_MAX = 8;

function differentDigits(a: string, b: string): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++;
  return count;
}
