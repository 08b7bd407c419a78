import type { Cost } from '../mechanism.ts';
import { lastComplete } from './destination.ts';
import { entryBytes } from './entry.ts';
import type { LogShippingEvent } from './events.ts';
import { backlogEntries } from './pacing.ts';
import { entryInRegion, type LogShipping, rawInRegion } from './state.ts';

type Kind = LogShippingEvent['kind'];
const one =
  (...kinds: readonly Kind[]) =>
  ({ kind }: LogShippingEvent): number =>
    kinds.includes(kind) ? 1 : 0;

/** What the sheet asks for. A step is an event. */
export const logShippingCosts: readonly Cost<LogShipping, LogShippingEvent>[] = [
  {
    name: 'logBytes',
    meaning: 'bytes made durable in the log region',
    fold: 'sum',
    of: (event, state) => (event.kind === 'log.persisted' ? rawInRegion(state, event.seq).length / 2 : 0),
  },
  {
    name: 'dataBytes',
    meaning: 'bytes made durable in the local store, to divide the log bytes by',
    fold: 'sum',
    of: (event) => (event.kind === 'store.persisted' ? event.data.length / 2 : 0),
  },
  {
    name: 'addedLatencySteps',
    meaning: 'steps of the application before an acknowledgement that it would not take without a log',
    fold: 'sum',
    of: one('log.appended', 'log.persisted', 'application.throttled', 'application.delayed'),
  },
  {
    name: 'backlogMaxEntries',
    meaning: 'entries that the slowest destination had not acknowledged, at most',
    fold: 'max',
    of: (_, state) => backlogEntries(state),
  },
  {
    name: 'backlogMaxBytes',
    meaning: 'bytes that the slowest destination had not acknowledged, at most',
    fold: 'max',
    of: (_, state) => backlogBytes(state),
  },
  {
    name: 'backlogMedianBytes',
    meaning: 'bytes that the slowest destination had not acknowledged, at most, after half of the events',
    fold: 'p50',
    of: (_, state) => backlogBytes(state),
  },
  {
    name: 'backlogP99Bytes',
    meaning: 'bytes that the slowest destination had not acknowledged, at most, after 99% of the events',
    fold: 'p99',
    of: (_, state) => backlogBytes(state),
  },
  {
    name: 'throttledSteps',
    meaning: 'steps of others while the application had to wait, and steps that it was delayed',
    fold: 'sum',
    of: (event, { application }) => (application.throttled || event.kind === 'application.delayed' ? 1 : 0),
  },
  {
    name: 'drainSteps',
    meaning: 'steps from the start of the drain to the fence',
    fold: 'sum',
    of: (_, { draining, hosts }) => (draining && !hosts[0].fenced ? 1 : 0),
  },
  {
    name: 'drainEnergy',
    meaning: 'energy units that the battery gave',
    fold: 'sum',
    of: (event) => (event.kind === 'battery.drained' ? event.energy : 0),
  },
  {
    name: 'lostOperations',
    meaning: 'acknowledged operations that no destination can restart from; 0 where the drain was sealed',
    fold: 'sum',
    of: (event, state) => (event.kind === 'loss.reported' ? lostOperations(state) : 0),
  },
  {
    name: 'restartSteps',
    meaning: 'steps from the fence to the restart of the application',
    fold: 'sum',
    of: (_, { hosts }) => (hosts[0].fenced ? 1 : 0),
  },
];

function backlogBytes(state: LogShipping): number {
  let bytes = 0;
  for (let seq = state.log.tail - backlogEntries(state); seq < state.log.tail; seq++) {
    const entry = entryInRegion(state, seq);
    if (entry !== undefined) bytes += entryBytes(entry);
  }
  return bytes;
}

function lostOperations(state: LogShipping): number {
  const { application, destinations, setup } = state;
  const longest = Math.max(...destinations.map((destination) => lastComplete(state, destination)));
  return setup.value.operations
    .slice(0, application.operation)
    .filter((operation) => operation[operation.length - 1].seq > longest).length;
}
