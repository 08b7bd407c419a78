import type { MemoryEvent } from '../../hardware/persistent-memory/events.ts';
import { perform } from '../../hardware/persistent-memory/operations.ts';
import type { MemoryState } from '../../hardware/persistent-memory/state.ts';
import { originOf } from './program-observer.ts';
import type { TracedOperation } from './traced-operations.ts';

/** The events by which the machine carries out an operation of a program; those that begin it say where it comes from. */
export const performed = (state: MemoryState, { operation, at }: TracedOperation): MemoryEvent[] =>
  perform(state, operation).map((event) => {
    switch (event.kind) {
      case 'file.mapped':
      case 'store.visible':
      case 'line.flushed':
      case 'fence.issued':
      case 'marker.passed':
        return { ...event, ...originOf(at) };
      default:
        return event;
    }
  });
