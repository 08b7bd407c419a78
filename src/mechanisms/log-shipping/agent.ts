import type { LogShippingEvent } from './events.ts';
import {
  chose,
  entryInRegion,
  has,
  isReachable,
  type LogShipping,
  lastToShip,
  pathsTo,
  rawInRegion,
} from './state.ts';

/** What the agent does next while the application runs: give space free, or send an entry to who is furthest behind. */
export function nextOfAgent(state: LogShipping): LogShippingEvent | undefined {
  const reclaimed = reclaimable(state);
  if (reclaimed >= state.log.head) return { kind: 'log.reclaimed', seq: reclaimed };
  const behind = state.shipping
    .map((_, destination) => destination)
    .sort((a, b) => state.shipping[a].sent - state.shipping[b].sent);
  for (const destination of behind) {
    const seq = state.shipping[destination].sent + 1;
    const message = seq > lastToShip(state) ? undefined : entryMessage(state, destination, seq);
    if (message !== undefined) return message;
  }
  return undefined;
}

/** The last entry that every destination has acknowledged. */
function reclaimable(state: LogShipping): number {
  const { shipping, log } = state;
  if (has(state, 'M1')) return Math.min(log.durable, ...shipping.map(({ sent }) => sent));
  const acked = shipping.map((one) => one.acked);
  return Math.min(log.durable, has(state, 'M3') ? Math.max(...acked) : Math.min(...acked));
}

/** The message that carries an entry to a destination; undefined when the link is full or the entry cannot be read. */
export function entryMessage(
  state: LogShipping,
  destination: number,
  seq: number,
): LogShippingEvent | undefined {
  const link = pathFor(state, destination, seq);
  if (isFull(state, link) || entryInRegion(state, seq) === undefined) return undefined;
  return { kind: 'message.sent', link, subject: 'entry', number: seq, data: rawInRegion(state, seq) };
}

/**
 * Entries take turns on the paths that carry anything; a sender with one path does not look. A drain keeps to one path
 * where a destination discards what comes too early: a battery is not there to send twice.
 */
export function pathFor(state: LogShipping, destination: number, seq: number): number {
  const all = pathsTo(state, destination);
  const working = all.filter((link) => state.links[link].up);
  const paths = working.length > 0 ? working : all;
  return state.draining && chose(state, 'disorder', 'discard') ? paths[0] : paths[seq % paths.length];
}

export const isFull = ({ links }: LogShipping, link: number): boolean =>
  links[link].messages.length >= links[link].capacity;

/**
 * A destination that should have answered by now: something was sent that it has not acknowledged, nothing is under way
 * to it or from it, and a path carries messages.
 */
export function silentDestination(
  state: LogShipping,
  isOwed: (destination: number) => boolean,
): number | undefined {
  const { destinations, links } = state;
  const at = destinations.findIndex(({ inbox }, destination) => {
    const host = destination + 1;
    const isQuiet = links.every(
      ({ from, to, messages }) => messages.length === 0 || (from !== host && to !== host),
    );
    return isOwed(destination) && isQuiet && inbox.length === 0 && isReachable(state, destination);
  });
  return at < 0 ? undefined : at;
}

/** What may be sent again to a destination, in drain order: see the policy `drain`. */
export const firstOfDrain = (state: LogShipping, destination: number): number =>
  chose(state, 'drain', 'whole-region')
    ? state.log.head
    : Math.max(state.log.head, state.shipping[destination].acked + 1);
