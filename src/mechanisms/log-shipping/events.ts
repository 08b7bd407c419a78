import { batteryEvents } from '../../hardware/battery.ts';
import { hostEvents } from '../../hardware/host.ts';
import { linkEvents } from '../../hardware/link.ts';
import { type EventOf, type EventOfKind, eventTable, field } from '../../kernel/event-table.ts';
import { lossEvents } from '../loss.ts';

const seq = field.count('sequence number of the entry, the first is 1');
const host = field.count('the destination, as a host; host 0 is the primary');
const address = field.count('byte address in the store');

// Nobody takes a fence back here, and nothing charges a battery: the world ends with the restart elsewhere.
const { 'host.unfenced': _unfenced, ...fallibleHosts } = hostEvents;
const { 'battery.charged': _charged, ...drainableBatteries } = batteryEvents;

/** What application, agent, drain actor and destinations do, on hosts, links and a battery. Source: sheet S2. */
export const logShippingEvents = eventTable({
  ...fallibleHosts,
  ...linkEvents,
  ...drainableBatteries,
  'host.crashed': {
    since: 1,
    meaning:
      'A host stopped at once and its memory is lost. Fault F2: no mechanism does it; a host fails by itself only without power.',
    fields: { host: field.count('the host') },
  },
  'loss.reported': {
    ...lossEvents['loss.reported'],
    fields: {
      ...lossEvents['loss.reported'].fields,
      survivingSeq: field.count('sequence number of the last entry that is not lost'),
    },
  },
  'log.appended': {
    since: 1,
    meaning: 'The application wrote an entry towards the log region; it is not durable yet.',
    fields: {
      seq,
      address,
      data: field.bytes('what is written', 1024),
      txnEnd: field.flag('a transaction ends with it'),
    },
  },
  'log.persisted': {
    since: 1,
    meaning:
      'The entry is in the log region and counted as durable. The local decision point, where it ends a transaction.',
    fields: { seq },
  },
  'log.torn': {
    since: 1,
    meaning: 'Only the first bytes of an entry that was not durable yet reached the log region. Fault F9.',
    fields: { seq, writtenBytes: field.count('how many bytes') },
  },
  'log.corrupted': {
    since: 1,
    meaning: 'A bit of an entry in the log region flipped. Fault F11.',
    fields: { seq, bit: field.count('which bit of the entry') },
  },
  'log.reclaimed': {
    since: 1,
    meaning: 'The agent gave the space of all entries up to this one free.',
    fields: { seq },
  },
  'region.filled': {
    since: 1,
    meaning: 'Something else took all free slots of the log region for a while. Fault F18.',
    fields: {},
  },
  'region.freed': {
    since: 1,
    meaning: 'What else had taken slots of the log region gave them back.',
    fields: {},
  },
  'store.persisted': {
    since: 1,
    meaning: 'What an entry describes is durable in the local store.',
    fields: { seq, address, data: field.bytes('what was written', 1024) },
  },
  'operation.acknowledged': {
    since: 1,
    meaning: 'The application told its client that the operation is done: it may not vanish any more.',
    fields: { seq: field.count('sequence number of its last entry') },
  },
  'application.throttled': {
    since: 1,
    meaning: 'The application has to wait before it may append.',
    fields: {
      by: field.choice(
        ['ring', 'battery', 'threshold'],
        'what is exhausted: slots of the ring, what the rated battery can ship, the upper threshold',
      ),
    },
  },
  'application.delayed': {
    since: 1,
    meaning: 'The application waited one step, because the backlog is above the lower threshold.',
    fields: {},
  },
  'shipping.rewound': {
    since: 1,
    meaning: 'No answer came in time: the agent will send again what this destination has not acknowledged.',
    fields: { host },
  },
  'remote.persisted': {
    since: 1,
    meaning: 'A destination checked the entry that arrived first and made it durable in its log.',
    fields: { host, seq },
  },
  'remote.discarded': {
    since: 1,
    meaning: 'A destination dropped what arrived first.',
    fields: {
      host,
      why: field.choice(
        ['damaged', 'known', 'gap'],
        'its CRC is wrong, or it has it already, or something before it is missing',
      ),
    },
  },
  'remote.applied': {
    since: 1,
    meaning: 'A destination wrote what an entry of its log says to its store.',
    fields: { host, seq },
  },
  'application.stopped': {
    since: 1,
    meaning: 'The drain actor stopped the application on the primary.',
    fields: {},
  },
  'drain.started': {
    since: 1,
    meaning: 'The drain actor took over shipping: nothing is appended from here on.',
    fields: {},
  },
  'drain.sealed': {
    since: 1,
    meaning:
      'A destination has all entries that the seal names, and has the seal: the remote decision point.',
    fields: { host, seq: field.count('sequence number of the last entry') },
  },
  'application.restarted': {
    since: 1,
    meaning: 'The application runs on a destination, on what was applied there.',
    fields: { host },
  },
});

export type LogShippingEvent = EventOf<typeof logShippingEvents>;
export type LogShippingEventOf<K extends keyof typeof logShippingEvents> = EventOfKind<
  typeof logShippingEvents,
  K
>;
