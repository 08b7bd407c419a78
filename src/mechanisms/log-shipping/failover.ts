import { canSupply, isPowered } from '../../hardware/battery.ts';
import { isRunning } from '../../hardware/host.ts';
import { entryMessage, firstOfDrain, isFull, pathFor, silentDestination } from './agent.ts';
import { nextOfApplication } from './application.ts';
import { nextDelivery } from './decide.ts';
import { lastComplete, nextOfDestination, nextToApply } from './destination.ts';
import { encodeSeal } from './entry.ts';
import type { LogShippingEvent } from './events.ts';
import { messageEnergy } from './pacing.ts';
import {
  canShip,
  chose,
  entryInRegion,
  has,
  isReachable,
  type LogShipping,
  lastToShip,
  PRIMARY,
} from './state.ts';

/**
 * What is done next after the primary failed, lost its mains or is taken for failed: stop the application, ship the rest
 * of the log, fence the primary, restart the application where the seal is. Undefined when all that can be done is done.
 */
export function recover(state: LogShipping): LogShippingEvent | undefined {
  if (!mustFailOver(state)) return undefined;
  const { application, hosts } = state;
  if (application.running && !has(state, 'M6')) return { kind: 'application.stopped' };
  if (has(state, 'M5')) return { kind: 'application.restarted', host: 1 };
  const failed = hosts.findIndex((host, at) => at !== PRIMARY && !isRunning(host));
  if (failed >= 0) return { kind: 'host.restarted', host: failed };
  return (hosts[PRIMARY].fenced ? undefined : finishShipping(state)) ?? takeOver(state);
}

function mustFailOver({ application, hosts, batteries, destinations, loss, setup }: LogShipping): boolean {
  if (destinations.some(({ running }) => running)) return false;
  if (loss !== null && setup.value.policy['withoutSeal'] !== 'restart') return false;
  const { condition, suspected } = hosts[PRIMARY];
  return (
    !application.running || condition !== 'running' || suspected || batteries[PRIMARY].source !== 'mains'
  );
}

/** Ships what has to be shipped, if the drain actor can, and takes in what is under way. */
function finishShipping(state: LogShipping): LogShippingEvent | undefined {
  const drains = canShip(state);
  if (drains && !state.draining) return { kind: 'drain.started' };
  if (drains && has(state, 'M6')) {
    const appended = nextOfApplication(state);
    if (appended !== undefined) return appended;
  }
  return (
    (drains ? nextMessage(state) : undefined) ??
    arrive(state) ??
    (isSealed(state) ? undefined : drains ? insist(state) : afterOutage(state))
  );
}

const isSealed = ({ destinations }: LogShipping): boolean => destinations.some(({ seal }) => seal !== null);

/** The next entry, or the seal behind the last one, to any destination that can still be sealed; on battery paid for first. */
function nextMessage(state: LogShipping): LogShippingEvent | undefined {
  for (const destination of unsealed(state)) {
    if (!isReachable(state, destination)) continue;
    const message = nextEntry(state, destination);
    if (message !== undefined) return pay(state, message) ?? message;
  }
  return undefined;
}

/** Destinations without a seal that the log can still bring to it. */
const unsealed = (state: LogShipping): number[] =>
  state.destinations.flatMap(({ seal }, destination) =>
    seal === null && !isBlocked(state, destination) ? [destination] : [],
  );

/** What cannot be read is left out: the destination has it, or it would be blocked. */
function nextEntry(state: LogShipping, destination: number): LogShippingEvent | undefined {
  const { log, shipping } = state;
  const { sent, sealSent } = shipping[destination];
  const last = has(state, 'M4') ? lastToShip(state) : log.complete;
  for (let seq = sent + 1; seq <= last; seq++) {
    if (isFull(state, pathFor(state, destination, seq))) return undefined;
    const message = entryMessage(state, destination, seq);
    if (message !== undefined) return message;
  }
  const link = pathFor(state, destination, last);
  if (sealSent || isFull(state, link)) return undefined;
  return { kind: 'message.sent', link, subject: 'seal', number: last, data: encodeSeal(last) };
}

/** What the battery has to give before a message is sent; undefined on mains. */
function pay(
  { batteries, paid, setup }: LogShipping,
  message: LogShippingEvent,
): LogShippingEvent | undefined {
  const battery = batteries[PRIMARY];
  if (battery.source !== 'battery' || paid || !('data' in message)) return undefined;
  const energy = messageEnergy(setup.value.power, message.data.length / 2);
  return {
    kind: canSupply(battery, energy) ? 'battery.drained' : 'battery.exhausted',
    host: PRIMARY,
    energy,
  };
}

/** What is under way arrives, and destinations take it in. */
function arrive(state: LogShipping): LogShippingEvent | undefined {
  for (const destination of state.destinations.keys()) {
    const event = nextOfDestination(state, destination);
    if (event !== undefined) return event;
  }
  for (const link of state.links.keys()) {
    const delivery = nextDelivery(state, link);
    if (delivery !== undefined) return delivery;
  }
  return undefined;
}

/** Nothing is under way and nobody has the seal: send again, or wait for a link. */
function insist(state: LogShipping): LogShippingEvent | undefined {
  const { batteries, links, shipping } = state;
  const open = unsealed(state);
  const isOwed = (at: number): boolean =>
    open.includes(at) && (shipping[at].sealSent || shipping[at].sent > shipping[at].acked);
  const silent = has(state, 'M2') ? undefined : silentDestination(state, isOwed);
  if (silent !== undefined) return { kind: 'shipping.rewound', host: silent + 1 };
  if (open.every((at) => isReachable(state, at))) return undefined;
  const { source, charge } = batteries[PRIMARY];
  if (source === 'battery') return { kind: 'battery.exhausted', host: PRIMARY, energy: charge + 1 };
  return { kind: 'link.restored', link: links.findIndex(({ up }) => !up) };
}

/** A destination lacks an entry that the region does not hold undamaged; destinations say so to the drain actor. */
function isBlocked(state: LogShipping, destination: number): boolean {
  const { destinations, log } = state;
  for (let seq = firstOfDrain(state, destination); seq <= log.complete; seq++) {
    const { received, log: held } = destinations[destination];
    const isThere = seq <= received || held.some((entry) => entry.seq === seq);
    if (!isThere && entryInRegion(state, seq) === undefined) return true;
  }
  return false;
}

/** The primary is out of power or out of order; where its region survives, the policy may be to wait for its repair. */
function afterOutage(state: LogShipping): LogShippingEvent | undefined {
  const { hosts, batteries } = state;
  const battery = batteries[PRIMARY];
  if (hosts[PRIMARY].condition !== 'failed') return { kind: 'host.failed', host: PRIMARY };
  if (!chose(state, 'withoutSeal', 'wait') || chose(state, 'region', 'battery-held')) return undefined;
  return isPowered(battery) && battery.source === 'mains'
    ? { kind: 'host.restarted', host: PRIMARY }
    : { kind: 'power.restored', host: PRIMARY };
}

/** Fences the primary, then restarts the application where the seal is, or says that there is none. */
function takeOver(state: LogShipping): LogShippingEvent | undefined {
  const { hosts, destinations, loss } = state;
  if (!hosts[PRIMARY].fenced) return { kind: 'host.fenced', host: PRIMARY };
  const sealed = destinations.findIndex(({ seal }) => seal !== null);
  if (sealed >= 0) return restart(state, sealed, destinations[sealed].seal ?? 0);
  const complete = destinations.map((one) => lastComplete(state, one));
  const longest = Math.max(...complete);
  return loss === null
    ? { kind: 'loss.reported', what: `operations behind entry ${longest}, if any: no destination has a seal` }
    : restart(state, complete.indexOf(longest), longest);
}

const restart = (state: LogShipping, destination: number, last: number): LogShippingEvent =>
  nextToApply(state, destination, last) ?? { kind: 'application.restarted', host: destination + 1 };
