import type { MachineConfiguration } from '../hardware/persistent-memory/configuration.ts';
import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import { evolveMemory } from '../hardware/persistent-memory/evolve.ts';
import { lineOf } from '../hardware/persistent-memory/lines.ts';
import { type Operation, perform } from '../hardware/persistent-memory/operations.ts';
import { initialMemory, type MemoryState } from '../hardware/persistent-memory/state.ts';
import { Frontier } from './frontier.ts';
import { type MarkerSpan, MarkerSpans } from './marker-spans.ts';

/** What the events of a run are counted as; each event as one of them. */
export const TIMELINE_LANES = ['stores', 'flushes', 'fences', 'accepted', 'markers', 'others'] as const;
export type TimelineLane = (typeof TIMELINE_LANES)[number];

/** A run as it is drawn: plain data whose size does not grow with the run. */
export interface RunTimeline {
  readonly events: number;
  /** Bucket i counts the events with an index in [i, i + 1) times this. */
  readonly eventsPerBucket: number;
  readonly lanes: Readonly<Record<TimelineLane, readonly number[]>>;
  readonly totals: Readonly<Record<TimelineLane, number>>;
  /**
   * Binary logarithm of the most distinct images that a crash after one event of the bucket can leave; an upper bound
   * where one line has more than a thousand contents.
   */
  readonly imagesLog2: readonly number[];
  readonly spans: readonly MarkerSpan[];
  /** Spans that `spans` leaves out because they nest too deep. */
  readonly spansTooDeep: number;
}

/** Contents of one line that are counted one by one. */
const MAX_CONTENTS = 1_024;

/**
 * Walks a run once and sums it up in at most so many buckets, and at least half as many unless the run is short. A bucket
 * starts as one event; whenever all are full, neighbours are joined.
 */
export function buildTimeline(
  operations: Iterable<Operation>,
  configuration: Partial<MachineConfiguration>,
  buckets = 1_200,
): RunTimeline {
  const state = initialMemory(configuration);
  const frontier = new Frontier(state, MAX_CONTENTS);
  const builder = new TimelineBuilder(Math.max(2, buckets - (buckets % 2)));
  for (const operation of operations) {
    for (const event of perform(state, operation)) {
      evolveMemory(state, event);
      if (follow(frontier, state, event)) builder.level = Math.max(0, frontier.distinct().log2);
      builder.add(event);
    }
  }
  return builder.finish();
}

/** Keeps a frontier up with an event that was just folded. Tells whether anything changed. */
function follow(frontier: Frontier, state: MemoryState, event: MemoryEvent): boolean {
  switch (event.kind) {
    case 'store.visible': {
      const line = lineOf(state, event.address);
      const pieces = state.pending.get(line)?.pieces ?? [];
      const known = frontier.get(line)?.pieces.length ?? 0;
      if (pieces.length === 0 && known === 0) return false; // durable at once
      if (pieces.length === known + 1 && pieces.at(-1)?.event === state.eventCount - 1) {
        frontier.append(line, pieces[known]);
      } else frontier.rebuild(line);
      return true;
    }
    case 'wpq.accepted':
    case 'line.evicted':
    case 'combining.written':
    case 'wpq.drained':
    case 'wpq.torn':
      return settled(frontier, state, lineOf(state, event.address));
    case 'line.flushed': {
      if (event.instruction !== 'clflush') return false;
      const first = lineOf(state, event.address);
      const last = lineOf(state, event.address + Math.max(1, event.sizeBytes) - 1);
      for (const { line } of [...frontier.all()]) if (line >= first && line <= last) frontier.rebuild(line);
      return true;
    }
    case 'power.lost':
      for (const { line } of [...frontier.all()]) frontier.rebuild(line);
      return true;
    default:
      return false;
  }
}

/** Takes a line anew from the machine, unless it has the same pieces as before: where queues are lost, acceptance is nothing. */
function settled(frontier: Frontier, state: MemoryState, line: number): boolean {
  const now = state.pending.get(line)?.pieces ?? [];
  const known = frontier.get(line)?.pieces ?? [];
  if (now.length === known.length && now[0]?.event === known[0]?.event) return false;
  frontier.rebuild(line);
  return true;
}

function laneOf(event: MemoryEvent): TimelineLane {
  switch (event.kind) {
    case 'store.visible':
      return event.more ? 'others' : 'stores';
    case 'line.flushed':
      return 'flushes';
    case 'fence.retired':
      return 'fences';
    case 'wpq.accepted':
      return 'accepted';
    case 'marker.passed':
      return 'markers';
    default:
      return 'others';
  }
}

class TimelineBuilder {
  /** Binary logarithm of the images possible now. */
  level = 0;
  private events = 0;
  private eventsPerBucket = 1;
  private readonly lanes: Record<TimelineLane, Float64Array>;
  private readonly images: Float64Array;
  private readonly spans = new MarkerSpans();

  constructor(private readonly buckets: number) {
    const fresh = (): Float64Array => new Float64Array(buckets);
    this.lanes = {
      stores: fresh(),
      flushes: fresh(),
      fences: fresh(),
      accepted: fresh(),
      markers: fresh(),
      others: fresh(),
    };
    this.images = fresh();
  }

  add(event: MemoryEvent): void {
    if (this.events === this.buckets * this.eventsPerBucket) this.coarsen();
    const bucket = Math.floor(this.events / this.eventsPerBucket);
    this.lanes[laneOf(event)][bucket]++;
    if (this.level > this.images[bucket]) this.images[bucket] = this.level;
    if (event.kind === 'marker.passed') this.spans.pass(this.events, event.name, this.eventsPerBucket);
    this.events++;
  }

  finish(): RunTimeline {
    const { events, eventsPerBucket } = this;
    const used = Math.ceil(events / eventsPerBucket);
    const lanes = {} as Record<TimelineLane, number[]>;
    const totals = {} as Record<TimelineLane, number>;
    for (const lane of TIMELINE_LANES) {
      lanes[lane] = [...this.lanes[lane].subarray(0, used)];
      totals[lane] = lanes[lane].reduce((sum, count) => sum + count, 0);
    }
    const imagesLog2 = [...this.images.subarray(0, used)];
    const spans = this.spans.finish(events, eventsPerBucket);
    return { events, eventsPerBucket, lanes, totals, imagesLog2, spans, spansTooDeep: this.spans.tooDeep };
  }

  private coarsen(): void {
    this.eventsPerBucket *= 2;
    const half = this.buckets / 2;
    for (const lane of Object.values(this.lanes)) {
      for (let i = 0; i < half; i++) lane[i] = lane[2 * i] + lane[2 * i + 1];
      lane.fill(0, half);
    }
    for (let i = 0; i < half; i++) this.images[i] = Math.max(this.images[2 * i], this.images[2 * i + 1]);
    this.images.fill(0, half);
    this.spans.coarsen(this.eventsPerBucket);
  }
}
