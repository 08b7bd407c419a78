import type { Operation } from '../../hardware/persistent-memory/operations.ts';

/** What was in a store log, and what was made of it. */
export interface StoreLogSummary {
  /** Records, `START` and `STOP` among them; Valgrind's talk is not. */
  records: number;
  /** Operations by type. */
  readonly operations: Record<Operation['type'], number>;
  /** Stores and flushes that lie outside every registered file, or flush nothing: they are left out. */
  readonly skipped: { stores: number; flushes: number };
  /** Stores that reach over the edge of what is registered: the part inside is kept. */
  cutStores: number;
  /** Lines of Valgrind's talk: messages, crash dumps, summaries. */
  talkLines: number;
  /** Whether the log ends with `STOP`; if not, it was cut short. */
  stopped: boolean;
  /** The last record of a log that was cut short, left out because nothing tells whether it is whole. */
  dropped?: { readonly record: number; readonly byteOffset: number; readonly text: string };
}

export const emptySummary = (): StoreLogSummary => ({
  records: 0,
  operations: { map: 0, load: 0, store: 0, flush: 0, fence: 0, hint: 0, marker: 0 },
  skipped: { stores: 0, flushes: 0 },
  cutStores: 0,
  talkLines: 0,
  stopped: false,
});

/** One line for each thing that a user should know of an import; none when all of the log was used. */
export function tellSummary(summary: StoreLogSummary): string[] {
  const { skipped, cutStores, stopped, dropped } = summary;
  const lines: string[] = [];
  if (!stopped) {
    const left = dropped && `; its last record, ${dropped.record} at byte ${dropped.byteOffset}, is left out`;
    lines.push(`the log was cut short: it has no STOP${left ?? ''}`);
  }
  if (skipped.stores > 0) lines.push(`${skipped.stores} stores lie in no registered file and are left out`);
  if (skipped.flushes > 0) lines.push(`${skipped.flushes} flushes touch no registered file and are left out`);
  if (cutStores > 0)
    lines.push(`${cutStores} stores reach over the edge of a registered file: the rest is left out`);
  return lines;
}
