/** A stretch of a run between `NAME.BEGIN` and `NAME.END`, or several short ones side by side. */
export interface MarkerSpan {
  /** Row to draw it in, 0 for the outermost. */
  readonly depth: number;
  /** Index of the event that opened it. */
  readonly from: number;
  /** Events folded when it closed; the end of the run where it never did. */
  to: number;
  /** How many spans this stands for. */
  count: number;
  /** Their different names, the first few. */
  readonly names: string[];
  /** Whether there are more names than those. */
  hasMoreNames: boolean;
}

const MAX_ROWS = 6;
const MAX_OPEN = 64; // of a log that opens without end
const MAX_NAMES = 4;
const NAME_CHARACTERS = 120;
const SHORT_BUCKETS = 4; // shorter spans are joined where they stand side by side
const GAP_BUCKETS = 2;

/**
 * Collects the marker spans of a run for drawing: as many as can be told apart at a resolution that gets coarser while the
 * run gets longer, so that their number has a bound.
 */
export class MarkerSpans {
  /** Spans that are not drawn because they nest too deep. */
  tooDeep = 0;
  private readonly open: ({ readonly name: string; readonly from: number } | undefined)[] = [];
  private rows: MarkerSpan[][] = Array.from({ length: MAX_ROWS }, () => []);

  /** The marker was passed by the event with this index; a bucket holds so many events. */
  pass(event: number, marker: string, eventsPerBucket: number): void {
    if (marker.endsWith('.BEGIN')) {
      const free = this.open.indexOf(undefined);
      const row = free >= 0 ? free : this.open.length;
      if (row < MAX_OPEN) this.open[row] = { name: marker.slice(0, -'.BEGIN'.length), from: event };
      else this.tooDeep++;
    } else if (marker.endsWith('.END')) {
      const name = marker.slice(0, -'.END'.length);
      let newest = -1;
      this.open.forEach((one, row) => {
        if (one?.name === name && (newest < 0 || one.from > this.open[newest]!.from)) newest = row;
      });
      if (newest >= 0) this.close(newest, event + 1, eventsPerBucket);
    }
  }

  /** Buckets hold more events from now on. */
  coarsen(eventsPerBucket: number): void {
    const { rows } = this;
    this.rows = rows.map(() => []);
    for (const row of rows) for (const span of row) this.add(span, eventsPerBucket);
  }

  /** All spans, the outermost first; those still open end here. */
  finish(events: number, eventsPerBucket: number): MarkerSpan[] {
    for (let row = 0; row < this.open.length; row++) this.close(row, events, eventsPerBucket);
    return this.rows.flat();
  }

  private close(row: number, to: number, eventsPerBucket: number): void {
    const one = this.open[row];
    if (one === undefined) return;
    this.open[row] = undefined;
    if (row >= MAX_ROWS) {
      this.tooDeep++;
      return;
    }
    const names = [one.name.slice(0, NAME_CHARACTERS)];
    this.add({ depth: row, from: one.from, to, count: 1, names, hasMoreNames: false }, eventsPerBucket);
  }

  private add(span: MarkerSpan, eventsPerBucket: number): void {
    const row = this.rows[span.depth];
    const last = row.at(-1);
    const isShort = ({ from, to, count }: MarkerSpan): boolean =>
      count > 1 || to - from < SHORT_BUCKETS * eventsPerBucket;
    if (
      eventsPerBucket === 1 ||
      last === undefined ||
      !isShort(last) ||
      !isShort(span) ||
      span.from - last.to >= GAP_BUCKETS * eventsPerBucket
    ) {
      row.push(span);
      return;
    }
    last.to = span.to;
    last.count += span.count;
    last.hasMoreNames ||= span.hasMoreNames;
    for (const name of span.names) {
      if (last.names.includes(name)) continue;
      if (last.names.length < MAX_NAMES) last.names.push(name);
      else last.hasMoreNames = true;
    }
  }
}
