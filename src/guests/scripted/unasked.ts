import type { MemoryEvent } from '../../hardware/persistent-memory/events.ts';
import { queueIsFull } from '../../hardware/persistent-memory/lines.ts';
import type { MemoryState } from '../../hardware/persistent-memory/state.ts';
import { Draws } from '../../kernel/draw.ts';

/**
 * How often, in cases out of 1,000 events, the machine does something that nobody asked for. All 0 while a run is recorded
 * for exploration, where the explorer decides what could have happened.
 */
export interface SpontaneousChances {
  /** A dirty line is evicted. */
  readonly evictionPerMille: number;
  /** A line of a write pending queue drains to the media. */
  readonly drainPerMille: number;
  /** A write-combining buffer writes an atom out. */
  readonly combiningPerMille: number;
}

export const NOTHING_UNASKED: SpontaneousChances = {
  evictionPerMille: 0,
  drainPerMille: 0,
  combiningPerMille: 0,
};

/** What the machine does now of its own accord, drawn from the seed at the index of the event; mostly nothing. */
export function unaskedAct(
  state: MemoryState,
  seed: bigint,
  chances: SpontaneousChances,
): MemoryEvent | undefined {
  const { evictionPerMille, drainPerMille, combiningPerMille } = chances;
  if (evictionPerMille + drainPerMille + combiningPerMille === 0) return undefined;
  return (
    drawn(state, seed, 'eviction', evictionPerMille, evictions) ??
    drawn(state, seed, 'drain', drainPerMille, queueDrains) ??
    drawn(state, seed, 'combining', combiningPerMille, writeOuts)
  );
}

function drawn(
  state: MemoryState,
  seed: bigint,
  stream: string,
  perMille: number,
  candidates: (state: MemoryState) => MemoryEvent[],
): MemoryEvent | undefined {
  const draws = new Draws(seed, stream, state.eventCount);
  if (!draws.chance(perMille)) return undefined;
  const acts = candidates(state);
  return acts.length === 0 ? undefined : acts[draws.below(acts.length)];
}

/** Lines with ordinary pieces that are not accepted, where their queue has room. */
function evictions(state: MemoryState): MemoryEvent[] {
  const acts: MemoryEvent[] = [];
  for (const [number, { unaccepted }] of state.pending.entries()) {
    if (unaccepted === 0 || queueIsFull(state, number)) continue;
    acts.push({ kind: 'line.evicted', address: number * state.configuration.lineBytes });
  }
  return acts;
}

function queueDrains(state: MemoryState): MemoryEvent[] {
  return [...state.queued.entries()].map(([number]) => ({
    kind: 'wpq.drained',
    address: number * state.configuration.lineBytes,
  }));
}

/** Atoms with non-temporal pieces that are not accepted, where their queue has room. */
function writeOuts(state: MemoryState): MemoryEvent[] {
  const addresses = new Set<number>();
  for (const [number, { pieces, acceptedAt }] of state.pending.entries()) {
    if (queueIsFull(state, number)) continue;
    pieces.forEach(({ nonTemporal, atom }, i) => {
      if (!nonTemporal || (acceptedAt[i] ?? 0) !== 0) return;
      addresses.add(number * state.configuration.lineBytes + atom * 8);
    });
  }
  return [...addresses].map((address) => ({ kind: 'combining.written', address }));
}
