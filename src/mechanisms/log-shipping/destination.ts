import { isFull } from './agent.ts';
import { decodeEntry, decodeSeal, decodeUnchecked, type Entry } from './entry.ts';
import type { LogShippingEvent } from './events.ts';
import {
  type Arrived,
  chose,
  type Destination,
  has,
  type LogShipping,
  pathBack,
  type StoredEntry,
} from './state.ts';

/** What a destination that runs does next: take in what arrived, answer, apply. */
export function nextOfDestination(state: LogShipping, destination: number): LogShippingEvent | undefined {
  const one = state.destinations[destination];
  if (state.hosts[destination + 1].condition !== 'running' || one.running) return undefined;
  return takeIn(state, destination) ?? answer(state, destination) ?? applyBehind(state, destination);
}

/** The entry in these bytes; undefined when they are damaged. M4 looks at no CRC. */
export const entryIn = (state: LogShipping, raw: string): Entry | undefined =>
  has(state, 'M4') ? decodeUnchecked(raw) : decodeEntry(raw);

function takeIn(state: LogShipping, destination: number): LogShippingEvent | undefined {
  const { inbox, received, log } = state.destinations[destination];
  const host = destination + 1;
  const discarded = (why: 'damaged' | 'known' | 'gap'): LogShippingEvent => ({
    kind: 'remote.discarded',
    host,
    why,
  });
  if (inbox.length === 0) return undefined;
  if (inbox[0].subject === 'seal') return takeSeal(state, destination, inbox[0]) ?? discarded('damaged');
  const entry = entryIn(state, inbox[0].data);
  if (entry === undefined) return discarded('damaged');
  const { seq } = entry;
  if (seq <= received || log.some((held) => held.seq === seq)) return discarded('known');
  if (seq > received + 1 && chose(state, 'disorder', 'discard') && !has(state, 'M7')) return discarded('gap');
  return { kind: 'remote.persisted', host, seq };
}

/** A seal counts when all that it names is there. */
function takeSeal(
  { destinations }: LogShipping,
  destination: number,
  { data }: Arrived,
): LogShippingEvent | undefined {
  const seq = decodeSeal(data);
  if (seq === undefined) return undefined;
  const host = destination + 1;
  const { received, seal } = destinations[destination];
  if (seal !== null) return { kind: 'remote.discarded', host, why: 'known' };
  return received >= seq
    ? { kind: 'drain.sealed', host, seq }
    : { kind: 'remote.discarded', host, why: 'gap' };
}

function answer(state: LogShipping, destination: number): LogShippingEvent | undefined {
  const { answer: subject, received } = state.destinations[destination];
  const link = pathBack(state, destination);
  if (subject === 'none' || isFull(state, link)) return undefined;
  return { kind: 'message.sent', link, subject, number: received, data: '' };
}

/** Transactions that are complete, unless they are kept for the restart. */
function applyBehind(state: LogShipping, destination: number): LogShippingEvent | undefined {
  const one = state.destinations[destination];
  if (has(state, 'M7')) return applyEntry(destination, one.log[0]);
  if (!chose(state, 'apply', 'continuously')) return undefined;
  return nextToApply(state, destination, lastComplete(state, one));
}

/** The next entry to be applied, none behind `last`; undefined when all are. */
export function nextToApply(
  state: LogShipping,
  destination: number,
  last: number,
): LogShippingEvent | undefined {
  const { log, applied } = state.destinations[destination];
  if (applied >= last) return undefined;
  return applyEntry(
    destination,
    log.find(({ seq }) => seq === applied + 1),
  );
}

const applyEntry = (destination: number, entry: StoredEntry | undefined): LogShippingEvent | undefined =>
  entry && { kind: 'remote.applied', host: destination + 1, seq: entry.seq };

/** The last entry that ends a transaction of which a destination has everything. */
export function lastComplete(state: LogShipping, { log, received, applied }: Destination): number {
  let last = applied;
  for (const { seq, raw } of log) {
    if (seq > last && seq <= received && entryIn(state, raw)?.txnEnd) last = seq;
  }
  return last;
}
