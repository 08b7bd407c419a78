/**
 * Virtual time: a binary heap of things to come, as a plain record, so that it lives in a machine's state, works in
 * place and under Immer alike, and is forked with it. Equal ticks come out in the order in which they went in.
 */
export interface Schedule<T> {
  /** The present, in ticks; it moves only when something is taken out. */
  now: number;
  /** How many entries have ever been put in: it breaks ties. */
  entered: number;
  heap: { tick: number; order: number; item: T }[];
}

export const emptySchedule = <T>(): Schedule<T> => ({ now: 0, entered: 0, heap: [] });

/** Puts an item in, to come at `tick`, which must not lie in the past. */
export function scheduleAt<T>(schedule: Schedule<T>, tick: number, item: T): void {
  if (!(tick >= schedule.now)) throw new RangeError(`tick ${tick} lies before the present, ${schedule.now}`);
  const { heap } = schedule;
  const entry = { tick, order: schedule.entered++, item };
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!comesBefore(entry, heap[parent])) break;
    heap[at] = heap[parent];
    at = parent;
  }
  heap[at] = entry;
}

/** Takes out the next item and moves the present to its tick; undefined when nothing is to come. */
export function scheduleNext<T>(schedule: Schedule<T>): { tick: number; item: T } | undefined {
  const { heap } = schedule;
  if (heap.length === 0) return undefined;
  const first = heap[0];
  const last = heap.pop() as (typeof heap)[number];
  if (heap.length > 0) {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && comesBefore(heap[child + 1], heap[child])) child++;
      if (!comesBefore(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
  }
  schedule.now = first.tick;
  return { tick: first.tick, item: first.item };
}

interface Position {
  tick: number;
  order: number;
}

const comesBefore = (a: Position, b: Position): boolean =>
  a.tick < b.tick || (a.tick === b.tick && a.order < b.order);
