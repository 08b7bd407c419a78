import {
  type MachineConfiguration,
  machineConfiguration,
} from '../hardware/persistent-memory/configuration.ts';
import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import { evolveMemory } from '../hardware/persistent-memory/evolve.ts';
import { lineOf } from '../hardware/persistent-memory/lines.ts';
import { type Operation, perform } from '../hardware/persistent-memory/operations.ts';
import { initialMemory, type MemoryState } from '../hardware/persistent-memory/state.ts';
import type { Opening } from './findings.ts';

/** A stretch of a run in which a crash can leave a violating image. Both ends are numbers of events folded. */
export interface VulnerableWindow {
  readonly from: number;
  /** The first index at which it is over, or the end of the run. */
  to: number;
  /** Violating images that first become possible in it. */
  images: number;
}

/**
 * The stretches in which violating images are possible: each lasts from the event that first allows it until something
 * that was missing reaches the persistence domain. Stretches that touch are one.
 */
export function vulnerableWindows(
  operations: Iterable<Operation>,
  given: Partial<MachineConfiguration>,
  openings: readonly Opening[],
): VulnerableWindow[] {
  const configuration = machineConfiguration(given);
  const state = initialMemory(configuration);
  const coming = [...openings].sort((one, other) => one.index - other.index);
  const open = new Map<Opening, VulnerableWindow>();
  const waiting = new Map<number, Set<Opening>>(); // by line
  const windows: VulnerableWindow[] = [];
  let next = 0;
  const close = (opening: Opening, at: number): void => {
    const window = open.get(opening);
    if (window === undefined) return;
    window.to = Math.max(window.to, at);
    open.delete(opening);
  };
  for (const operation of operations) {
    for (const event of perform(state, operation)) {
      const touched = linesTouched(state, event, waiting);
      const before = touched.map((line) => piecesOf(state, line));
      evolveMemory(state, event);
      const now = state.eventCount;
      for (const [i, line] of touched.entries()) {
        if (piecesOf(state, line) >= before[i]) continue;
        for (const opening of waiting.get(line) ?? []) close(opening, now);
        waiting.delete(line);
      }
      for (; next < coming.length && coming[next].index <= now; next++) {
        const opening = coming[next];
        let window = windows[windows.length - 1];
        if (window === undefined || (open.size === 0 && window.to < now)) {
          window = { from: now, to: now, images: 0 };
          windows.push(window);
        }
        window.images++;
        open.set(opening, window);
        for (const line of opening.lacking) {
          const there = waiting.get(line) ?? new Set();
          waiting.set(line, there.add(opening));
        }
      }
    }
  }
  for (const opening of [...open.keys()]) close(opening, state.eventCount);
  return windows;
}

const NO_LINES: readonly number[] = [];

const piecesOf = (state: MemoryState, line: number): number => state.pending.get(line)?.pieces.length ?? 0;

/** The lines waited for of which the event may bring pieces into the persistence domain. */
function linesTouched(
  state: MemoryState,
  event: MemoryEvent,
  waiting: ReadonlyMap<number, unknown>,
): readonly number[] {
  if (waiting.size === 0) return NO_LINES;
  switch (event.kind) {
    case 'store.visible':
    case 'wpq.accepted':
    case 'line.evicted':
    case 'combining.written':
    case 'wpq.drained': {
      const line = lineOf(state, event.address);
      return waiting.has(line) ? [line] : NO_LINES;
    }
    case 'line.flushed':
      return event.instruction === 'clflush' ? [...waiting.keys()] : NO_LINES;
    default:
      return NO_LINES;
  }
}
