import type { MemoryEvent } from './events.ts';
import { type Operation, operationsOf } from './operations.ts';

/** Tells the operations that events came from, batch by batch: a store whose pieces lie in two batches is told once, whole. */
export class WholeOperations {
  private held: MemoryEvent[] = [];
  private readonly unfinished = new Set<number>(); // cores within a store

  /** Takes events in; returns the operations that they complete. */
  push(events: readonly MemoryEvent[]): Operation[] {
    for (const event of events) {
      this.held.push(event);
      if (event.kind !== 'store.visible') continue;
      if (event.more) this.unfinished.add(event.core);
      else this.unfinished.delete(event.core);
    }
    if (this.unfinished.size > 0) return [];
    const operations = [...operationsOf(this.held)];
    this.held = [];
    return operations;
  }

  /** Stores whose last pieces never became visible: the run ends within them. */
  get cutStores(): number {
    return this.unfinished.size;
  }
}
