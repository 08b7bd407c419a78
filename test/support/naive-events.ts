import type { MemoryEvent } from '../../src/hardware/persistent-memory/events.ts';
import { bytesOf } from './bytes.ts';
import type { NaiveOperation } from './naive-memory.ts';

/** What took effect in a run, in its order, for the brute-force enumerator: the finer operations, cores mixed. */
export function naiveOperations(events: Iterable<MemoryEvent>): NaiveOperation[] {
  const operations: NaiveOperation[] = [];
  for (const event of events) {
    switch (event.kind) {
      case 'store.visible': {
        const { core, address, data, nonTemporal = false, more = false } = event;
        operations.push({ type: 'piece', core, address, bytes: bytesOf(data), nonTemporal, last: !more });
        break;
      }
      case 'line.flushed': {
        const { core, address, sizeBytes, instruction } = event;
        operations.push({ type: instruction === 'clflush' ? 'clflush' : 'flush', core, address, sizeBytes });
        break;
      }
      case 'fence.issued':
        operations.push({ type: 'fence.begin', core: event.core });
        break;
      case 'wpq.accepted':
        operations.push({ type: 'accept', core: event.core, address: event.address });
        break;
      case 'fence.retired':
        operations.push({ type: 'fence.end', core: event.core });
        break;
      case 'hint.written':
        operations.push({ type: 'hint.begin', controller: event.controller });
        break;
      case 'wpq.drained':
        operations.push({ type: 'drain', address: event.address });
        break;
      case 'hint.done':
        operations.push({ type: 'hint.end', controller: event.controller });
        break;
      case 'line.evicted':
        operations.push({ type: 'evict', address: event.address });
        break;
      case 'combining.written':
        operations.push({ type: 'combine', address: event.address });
        break;
      case 'marker.passed':
        operations.push({ type: 'marker', name: event.name });
        break;
      default: // buffers and files: nothing can be durable by them
    }
  }
  return operations;
}
