import { deliverable } from '../../hardware/link.ts';
import { nextOfAgent, silentDestination } from './agent.ts';
import { isWaiting, nextOfApplication } from './application.ts';
import { nextOfDestination } from './destination.ts';
import type { LogShippingEvent } from './events.ts';
import { type LogShipping, PRIMARY } from './state.ts';

/** What happens next while nothing has failed: everybody in turn, then what takes longest. */
export function decide(state: LogShipping): LogShippingEvent | undefined {
  if (!state.application.running || state.hosts[PRIMARY].fenced) return undefined;
  const { links, destinations, turn } = state;
  const actors = 2 + links.length + destinations.length;
  const change = nextChange(state);
  if (change !== undefined) return change;
  for (let i = 0; i < actors; i++) {
    const event = nextOfActor(state, (turn + i) % actors);
    if (event !== undefined) return event;
  }
  return nextOfPatience(state);
}

function nextOfActor(state: LogShipping, actor: number): LogShippingEvent | undefined {
  if (actor === 0) return nextOfApplication(state);
  if (actor === 1) return nextOfAgent(state);
  const link = actor - 2;
  if (link < state.links.length) return nextOfLink(state, link);
  return nextOfDestination(state, link - state.links.length);
}

/** Who goes next after this event: what it was the turn of has had it. */
export function turnAfter(state: LogShipping, event: LogShippingEvent): number {
  const { links, destinations, turn, application } = state;
  if (!application.running) return 0;
  const actors = 2 + links.length + destinations.length;
  const actor = actorOf(state, event);
  return actor === undefined ? turn : (actor + 1) % actors;
}

function actorOf({ links }: LogShipping, event: LogShippingEvent): number | undefined {
  switch (event.kind) {
    case 'log.appended':
    case 'log.persisted':
    case 'store.persisted':
    case 'operation.acknowledged':
    case 'application.throttled':
    case 'application.delayed':
      return 0;
    case 'log.reclaimed':
      return 1;
    case 'message.sent': {
      const { from } = links[event.link];
      return from === PRIMARY ? 1 : 1 + links.length + from;
    }
    case 'message.delivered':
      return 2 + event.link;
    case 'remote.persisted':
    case 'remote.discarded':
    case 'remote.applied':
      return 1 + links.length + event.host;
    default:
      return undefined;
  }
}

/** A link lags by some messages as long as the application is busy. */
function nextOfLink(state: LogShipping, link: number): LogShippingEvent | undefined {
  return state.links[link].messages.length > lagOf(state, link) ? nextDelivery(state, link) : undefined;
}

/** The first message that is not delayed; delayed ones when there is no other. */
export function nextDelivery({ links }: LogShipping, link: number): LogShippingEvent | undefined {
  const positions = deliverable(links[link]);
  return positions.length === 0
    ? undefined
    : { kind: 'message.delivered', link, position: positions[positions.length - 1] };
}

/** Links come in the order in which the world lists the paths; the way back has no lag. */
function lagOf({ setup }: LogShipping, link: number): number {
  return setup.value.lags.flatMap((paths) => [...paths, 0])[link];
}

/** The next change of the network, when it is time for it. */
function nextChange(state: LogShipping): LogShippingEvent | undefined {
  const { links, application, networkChanges, setup } = state;
  const change = setup.value.network[networkChanges];
  if (change === undefined) return undefined;
  const { kind, link, afterOperations } = change;
  if (application.operation < afterOperations && !isWaiting(state)) return undefined;
  if (links[link].up !== (kind === 'link.cut')) return undefined;
  return kind === 'link.cut' ? { kind, link, arriving: 0 } : { kind, link };
}

/** Nobody has anything to do: what was slow arrives, what was broken is repaired, and time-outs expire. */
function nextOfPatience(state: LogShipping): LogShippingEvent | undefined {
  const { hosts, links, log, shipping } = state;
  for (const link of links.keys()) {
    const delivery = nextDelivery(state, link);
    if (delivery !== undefined) return delivery;
  }
  const cut = links.findIndex(({ up }) => !up);
  if (cut >= 0) return { kind: 'link.restored', link: cut };
  const failed = hosts.findIndex(({ condition }) => condition !== 'running');
  if (failed >= 0) return { kind: 'host.restarted', host: failed };
  if (log.taken > 0) return { kind: 'region.freed' };
  const silent = silentDestination(state, (at) => shipping[at].acked < shipping[at].sent);
  return silent === undefined ? undefined : { kind: 'shipping.rewound', host: silent + 1 };
}
