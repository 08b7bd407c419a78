import { type StateDifference, sameObservables, stateDifference } from '../explore/state-difference.ts';
import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import type { MemoryState } from '../hardware/persistent-memory/state.ts';
import { persistentMemory } from '../recordings/recordings.ts';
import { foldOne } from './fold-run.ts';
import type { RunBatch, RunFile } from './run-file.ts';

/** Where two runs part. */
export interface RunDifference {
  /** Index of the first event that differs; null when none does. */
  readonly firstEvent: number | null;
  /** The last events that are the same. */
  readonly before: readonly MemoryEvent[];
  /** The first events that differ, of each run; none where it has ended. */
  readonly events: readonly [one: readonly MemoryEvent[], other: readonly MemoryEvent[]];
  /** After how many events the observables differ first; null when they never do while both runs go on. */
  readonly firstState: number | null;
  readonly state: StateDifference | null;
  /** Machines after the first difference, for the names of places. */
  readonly states: readonly [one: MemoryState, other: MemoryState];
}

const CONTEXT_EVENTS = 3;

/** Reads two runs side by side until both events and states have differed, or one has ended. */
export async function runDifference(one: RunFile, other: RunFile): Promise<RunDifference> {
  const a = new Walk(one);
  const b = new Walk(other);
  const before: MemoryEvent[] = [];
  let firstEvent: number | null = null;
  let events: [MemoryEvent[], MemoryEvent[]] = [[], []];
  let firstState: number | null = sameObservables(a.state, b.state) ? null : 0;
  let state: StateDifference | null = null;
  for (let index = 0; firstEvent === null || firstState === null; index++) {
    await Promise.all([a.look(), b.look()]);
    const [left, right] = [a.next, b.next];
    if (firstEvent === null && textOf(left) !== textOf(right)) {
      firstEvent = index;
      events = [await a.ahead(CONTEXT_EVENTS), await b.ahead(CONTEXT_EVENTS)];
    }
    if (left === undefined || right === undefined) break;
    if (firstEvent === null) {
      before.push(left);
      if (before.length > CONTEXT_EVENTS) before.shift();
    }
    a.fold();
    b.fold();
    if (firstState === null && !sameObservables(a.state, b.state)) {
      firstState = index + 1;
      state = stateDifference(a.state, b.state);
    }
  }
  await Promise.all([a.leave(), b.leave()]);
  return { firstEvent, before, events, firstState, state, states: [a.state, b.state] };
}

const textOf = (event: MemoryEvent | undefined): string =>
  event === undefined ? '' : persistentMemory.codec.encode(event);

/** A walk through a run, event by event, with the state so far. */
class Walk {
  readonly state: MemoryState;
  private readonly batches: AsyncGenerator<RunBatch>;
  private waiting: readonly MemoryEvent[] = [];
  private at = 0;
  private index = 0;

  constructor(private readonly run: RunFile) {
    this.state = persistentMemory.initial(run.header.configuration);
    this.batches = run.batches();
  }

  /** The next event; undefined at the end. */
  get next(): MemoryEvent | undefined {
    return this.waiting[this.at];
  }

  async look(): Promise<void> {
    if (this.at >= this.waiting.length) await this.more();
  }

  /** The next events, fewer at the end. */
  async ahead(count: number): Promise<MemoryEvent[]> {
    while (this.waiting.length - this.at < count && (await this.more()));
    return this.waiting.slice(this.at, this.at + count);
  }

  fold(): void {
    foldOne(this.run, this.state, this.waiting[this.at++], this.index++);
  }

  async leave(): Promise<void> {
    await this.batches.return(undefined);
  }

  private async more(): Promise<boolean> {
    const { value, done } = await this.batches.next();
    if (done) return false;
    this.waiting = [...this.waiting.slice(this.at), ...value.events];
    this.at = 0;
    return true;
  }
}
