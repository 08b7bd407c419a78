import { MarkerHistory } from '../explore/markers.ts';
import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import { evolveMemory } from '../hardware/persistent-memory/evolve.ts';
import type { MemoryState } from '../hardware/persistent-memory/state.ts';
import { IllegalEvent, InputError } from '../kernel/errors.ts';
import { ImpossibleRecording } from '../recordings/impossible-recording.ts';
import { persistentMemory } from '../recordings/recordings.ts';
import type { RunFile } from './run-file.ts';

/** A place in a run: so many events from its beginning; or, when `fromEnd`, from its end. */
export interface Mark {
  readonly events: number;
  readonly fromEnd: boolean;
}

/** A run up to a mark. */
export interface FoldedRun {
  readonly state: MemoryState;
  /** Events folded. */
  readonly index: number;
  /** Markers open at the end, outermost first. */
  readonly markers: readonly string[];
  readonly last: MemoryEvent | undefined;
}

/** The index that a mark means in this run. Throws `InputError` where the run has no such place. */
export async function indexOfMark(run: RunFile, { events, fromEnd }: Mark): Promise<number> {
  if (!fromEnd) return events;
  let total = 0;
  for await (const batch of run.batches()) total += batch.events.length;
  if (events <= total) return total - events;
  throw new InputError(`${run.name} has ${total} events: -${events} lies before its beginning`);
}

/**
 * Folds a run up to a mark; `onEvent` is told of each event before it is folded. Throws `InputError` where the run has no such
 * place, `ImpossibleRecording` for an event that is illegal.
 */
export async function foldRun(
  run: RunFile,
  mark: Mark,
  onEvent: (event: MemoryEvent, index: number, state: MemoryState) => void = () => undefined,
): Promise<FoldedRun> {
  const isEnd = mark.fromEnd && mark.events === 0;
  const to = isEnd ? undefined : await indexOfMark(run, mark);
  const state = persistentMemory.initial(run.header.configuration);
  const markers = new MarkerHistory();
  let index = 0;
  let last: MemoryEvent | undefined;
  for await (const { events } of run.batches(to)) {
    for (const event of events) {
      onEvent(event, index, state);
      foldOne(run, state, event, index);
      if (event.kind === 'marker.passed') markers.pass(index, event.name);
      last = event;
      index++;
    }
  }
  if (to !== undefined && index < to) {
    throw new InputError(
      `${run.name} has ${index} events: ${to} lies behind its end; give 0 to ${index}, or end`,
    );
  }
  return { state, index, markers: markers.at(index), last };
}

/** Folds one event of a run. Throws `ImpossibleRecording`. */
export function foldOne(run: RunFile, state: MemoryState, event: MemoryEvent, index: number): void {
  try {
    evolveMemory(state, event);
  } catch (error) {
    if (!(error instanceof IllegalEvent)) throw error;
    throw impossibleEvent(run.name, error, index);
  }
}

/** What is said of an event of a recording that is illegal where it stands. */
export const impossibleEvent = (
  recording: string,
  { kind, reason }: IllegalEvent,
  index: number,
): ImpossibleRecording =>
  new ImpossibleRecording(
    `${recording}: event ${index}, ${kind}, is not possible where it stands: ${reason}; replay the recording with --verify`,
  );
