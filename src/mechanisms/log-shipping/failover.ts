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
  if (application.running && !isZombie(state) && !has(state, 'M6')) return { kind: 'application.stopped' };
  const failed = hosts.findIndex((host, at) => at !== PRIMARY && !isRunning(host));
  if (failed >= 0) return { kind: 'host.restarted', host: failed };
  return (hosts[PRIMARY].fenced ? undefined : finishShipping(state)) ?? takeOver(state);
}

function mustFailOver(state: LogShipping): boolean {
  const { application, hosts, batteries, destinations, loss } = state;
  if (destinations.some(({ running }) => running)) return false;
  if (loss !== null && !mayRestart(state)) return false;
  const { condition, suspected } = hosts[PRIMARY];
  return (
    !application.running || condition !== 'running' || suspected || batteries[PRIMARY].source !== 'mains'
  );
}

/** Which policy says what is done without a seal: that depends on what kept the drain from its end. */
const policyOf = ({ exhausted }: LogShipping): 'withoutSeal' | 'withoutPrimary' =>
  exhausted ? 'withoutSeal' : 'withoutPrimary';

/** Whether the application is restarted behind a loss: with a battery that did not last, only where the policy says so. */
const mayRestart = (state: LogShipping): boolean =>
  state.exhausted ? chose(state, 'withoutSeal', 'restart') : !chose(state, 'withoutPrimary', 'report');

/** The application should have stopped, did not hear of it, and goes on. */
function isZombie(state: LogShipping): boolean {
  const { condition, suspected } = state.hosts[PRIMARY];
  return (
    chose(state, 'suspected', 'goes-on') && state.application.running && suspected && condition === 'running'
  );
}

/**
 * What such an application does until it is fenced: it appends the operation that it is at, and when the drain actor has
 * closed the region it still stores and acknowledges that.
 */
function nextOfZombie(state: LogShipping): LogShippingEvent | undefined {
  if (!isZombie(state) || !canShip(state)) return undefined;
  const { application, setup, log, draining } = state;
  const operation = setup.value.operations[application.operation];
  const isLogged = operation === undefined || application.logged === operation.length;
  if (!draining && isLogged && log.pending === null) return undefined;
  const next = nextOfApplication(state);
  return draining && next?.kind !== 'store.persisted' && next?.kind !== 'operation.acknowledged'
    ? undefined
    : next;
}

/** Ships what has to be shipped, if the drain actor can, and takes in what is under way. */
function finishShipping(state: LogShipping): LogShippingEvent | undefined {
  const zombie = nextOfZombie(state);
  if (zombie !== undefined) return zombie;
  if (!canShip(state)) return arrive(state) ?? (isSealed(state) ? undefined : afterOutage(state));
  if (!state.draining) return { kind: 'drain.started' };
  if (has(state, 'M6')) {
    const appended = nextOfApplication(state);
    if (appended !== undefined) return appended;
  }
  if (has(state, 'M5') && state.shipping.some(({ sealSent }) => sealSent)) return undefined;
  return drain(state);
}

const isSealed = ({ destinations }: LogShipping): boolean => destinations.some(({ seal }) => seal !== null);

/**
 * Ships to who can be sealed. A damaged entry ends what can be shipped to a destination that lacks it: what comes before is
 * shipped when nothing more can be done for a seal.
 */
function drain(state: LogShipping): LogShippingEvent | undefined {
  const open = state.destinations.flatMap((_, destination) =>
    isOpen(state, destination) ? [destination] : [],
  );
  const [whole, cutShort] = [true, false].map((isWhole) =>
    open.filter((destination) => (firstGap(state, destination) === undefined) === isWhole),
  );
  const shipped = nextMessage(state, whole) ?? arrive(state);
  if (shipped !== undefined || isSealed(state)) return shipped;
  return (
    rewind(state, whole) ?? nextMessage(state, cutShort) ?? rewind(state, cutShort) ?? outlast(state, open)
  );
}

/** The first entry that a destination lacks and the region does not hold undamaged; destinations say so to the drain actor. */
function firstGap(state: LogShipping, destination: number): number | undefined {
  const { destinations, log } = state;
  const { received, log: held } = destinations[destination];
  for (let seq = firstOfDrain(state, destination); seq <= log.complete; seq++) {
    const isThere = seq <= received || held.some((entry) => entry.seq === seq);
    if (!isThere && entryInRegion(state, seq) === undefined) return seq;
  }
  return undefined;
}

/** Whether the log can still bring something to a destination that it needs: entries, or the seal. */
function isOpen(state: LogShipping, destination: number): boolean {
  const { seal, received } = state.destinations[destination];
  const gap = firstGap(state, destination);
  return seal === null && (gap === undefined || received < gap - 1);
}

/** The next entry, or the seal behind the last one, to one of these destinations; on battery paid for first. */
function nextMessage(state: LogShipping, open: readonly number[]): LogShippingEvent | undefined {
  for (const destination of open) {
    if (!isReachable(state, destination)) continue;
    const message = nextEntry(state, destination);
    if (message !== undefined) return pay(state, message) ?? message;
  }
  return undefined;
}

/** What cannot be read and is not a gap is left out: the destination has it. */
function nextEntry(state: LogShipping, destination: number): LogShippingEvent | undefined {
  const { log, shipping } = state;
  const { sent, sealSent } = shipping[destination];
  const gap = firstGap(state, destination);
  const last = has(state, 'M4') ? lastToShip(state) : log.complete;
  for (let seq = sent + 1; seq <= last && seq !== gap; seq++) {
    if (isFull(state, pathFor(state, destination, seq))) return undefined;
    const message = entryMessage(state, destination, seq);
    if (message !== undefined) return message;
  }
  const link = pathFor(state, destination, last);
  if (gap !== undefined || sealSent || isFull(state, link)) return undefined;
  return { kind: 'message.sent', link, subject: 'seal', number: last, data: encodeSeal(last) };
}

/** What the battery still has to give before a message is sent; undefined on mains, and when it has given enough. */
function pay(
  { batteries, paid, setup }: LogShipping,
  message: LogShippingEvent,
): LogShippingEvent | undefined {
  const battery = batteries[PRIMARY];
  if (battery.source !== 'battery' || !('data' in message)) return undefined;
  const energy = messageEnergy(setup.value.power, message.data.length / 2) - paid;
  if (energy <= 0) return undefined;
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

/** Nothing is under way and nobody has the seal: send again to one of these destinations. */
function rewind(state: LogShipping, open: readonly number[]): LogShippingEvent | undefined {
  const { shipping } = state;
  const isOwed = (at: number): boolean =>
    open.includes(at) && (shipping[at].sealSent || shipping[at].sent > shipping[at].acked);
  const silent = has(state, 'M2') ? undefined : silentDestination(state, isOwed);
  return silent === undefined ? undefined : { kind: 'shipping.rewound', host: silent + 1 };
}

/** Waits for a link, which a battery may not last for. */
function outlast(state: LogShipping, open: readonly number[]): LogShippingEvent | undefined {
  const { batteries, links } = state;
  if (open.every((at) => isReachable(state, at))) return undefined;
  const { source, charge } = batteries[PRIMARY];
  if (source === 'battery') return { kind: 'battery.exhausted', host: PRIMARY, energy: charge + 1 };
  return { kind: 'link.restored', link: links.findIndex(({ up }) => !up) };
}

/** The primary is out of power or out of order; where its region survives, the policy may be to wait for its repair. */
function afterOutage(state: LogShipping): LogShippingEvent | undefined {
  const { hosts, batteries } = state;
  const battery = batteries[PRIMARY];
  if (hosts[PRIMARY].condition !== 'failed') return { kind: 'host.failed', host: PRIMARY };
  if (!chose(state, policyOf(state), 'wait') || chose(state, 'region', 'battery-held')) return undefined;
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
  if (loss !== null || has(state, 'M5')) return restart(state, complete.indexOf(longest), longest);
  const what = `operations behind entry ${longest}, if any: no destination has a seal`;
  return { kind: 'loss.reported', what, survivingSeq: longest };
}

const restart = (state: LogShipping, destination: number, last: number): LogShippingEvent =>
  nextToApply(state, destination, last) ?? { kind: 'application.restarted', host: destination + 1 };
