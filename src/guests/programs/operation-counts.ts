import type { Operations } from '../../processor/operations.ts';

/** Counts records of operations. */
export class OperationCounts {
  stores = 0;
  nonTemporalStores = 0;
  flushes = 0;
  fences = 0;
  /** Locked instructions, each of which fences, too. */
  locked = 0;

  add(records: Operations): void {
    for (let place = 0; place < records.count; place++) {
      switch (records.record(place).kind) {
        case 'store':
          this.stores++;
          break;
        case 'non-temporal store':
          this.stores++;
          this.nonTemporalStores++;
          break;
        case 'clwb':
        case 'clflushopt':
        case 'clflush':
          this.flushes++;
          break;
        case 'sfence':
        case 'mfence':
          this.fences++;
          break;
        case 'locked':
          this.locked++;
          break;
        case 'store, upper half':
        case 'non-temporal store, upper half':
          break; // of a store that was counted
      }
    }
  }
}
