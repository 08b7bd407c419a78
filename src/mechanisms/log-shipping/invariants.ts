import { isRunning } from '../../hardware/host.ts';
import type { Invariant } from '../mechanism.ts';
import { entryBytes, SEAL_BYTES } from './entry.ts';
import type { LogShippingEvent } from './events.ts';
import { messageEnergy } from './pacing.ts';
import { logShippingReference, prefixOf, type Reference, shippableSeq, survivingSeq } from './reference.ts';
import { contentsOf, type Destination, entryInRegion, type LogShipping, PRIMARY } from './state.ts';

/** The first destination for which something is wrong. */
function each(
  { destinations }: LogShipping,
  wrong: (destination: Destination, at: number) => string | undefined,
): true | string {
  for (const [at, destination] of destinations.entries()) {
    const message = wrong(destination, at);
    if (message !== undefined) return `destination ${at + 1} ${message}`;
  }
  return true;
}

const lostIn = (reference: Reference): boolean => logShippingReference.lost(reference) !== undefined;

/** In the order of the sheet. */
export const logShippingInvariants: readonly Invariant<LogShipping, Reference, LogShippingEvent>[] = [
  {
    name: 'I1',
    meaning: 'what a destination applied is the fold of the first entries, without a gap',
    when: 'always',
    holds: (state, { copies }) =>
      each(state, ({ store, applied }) =>
        contentsOf(store) === copies[applied]
          ? undefined
          : `holds something else than the first ${applied} entries make`,
      ),
  },
  {
    name: 'I2',
    meaning: 'every acknowledged operation has durable log entries, until every destination has them',
    when: 'always',
    holds: (state, { acknowledged, received, damaged, gone, durable }) => {
      if (acknowledged > durable) return `entry ${acknowledged} is acknowledged and not durable`;
      if (gone) return true;
      for (let seq = Math.min(...received.map(prefixOf)) + 1; seq <= acknowledged; seq++) {
        if (!damaged.includes(seq) && entryInRegion(state, seq) === undefined)
          return `entry ${seq} is acknowledged, and neither in the log nor everywhere else`;
      }
      return true;
    },
  },
  {
    name: 'I3',
    meaning: 'space is reclaimed only for entries that every destination has',
    when: 'always',
    holds: ({ log }, { received }) => {
      const everywhere = Math.min(...received.map(prefixOf));
      return (
        log.head - 1 <= everywhere || `entry ${log.head - 1} is reclaimed, entry ${everywhere} is everywhere`
      );
    },
  },
  {
    name: 'I4',
    meaning:
      'while the application runs, the rated battery can ship all that is not acknowledged, and the seals',
    when: 'always',
    holds: (state, reference) => {
      if (reference.stopped) return true;
      const needed = drainEnergy(state, reference);
      const { rated } = reference.setup.value.power;
      return (
        needed <= rated || `a drain would need ${needed} energy units, the battery is rated for ${rated}`
      );
    },
  },
  {
    name: 'I5',
    meaning:
      'a drain ends sealed wherever a seal can be had, and the state that restarts then is that after the last operation that must survive',
    when: 'always',
    holds: ({ destinations }, reference, event) => {
      const { sealed, copies, complete, gone } = reference;
      if (event.kind === 'host.fenced' && !sealed.includes(true) && !gone) {
        const shippable = shippableSeq(reference);
        if (!lostIn(reference) || survivingSeq(reference) < shippable)
          return `the primary was given up, and its log up to entry ${shippable} could still be shipped`;
      }
      if (event.kind !== 'application.restarted' || lostIn(reference)) return true;
      return (
        contentsOf(destinations[event.host - 1].store) === copies[complete] ||
        `destination ${event.host} restarted on something else than the first ${complete} entries`
      );
    },
  },
  {
    name: 'I6',
    meaning: 'at most one instance of the application runs, and none elsewhere before the primary is fenced',
    when: 'always',
    holds: ({ hosts, application, destinations }, { fenced }) => {
      const elsewhere = destinations.filter(({ running }) => running).length;
      if (elsewhere > 0 && !fenced)
        return 'a destination runs the application, and the primary is not fenced';
      const onPrimary = application.running && isRunning(hosts[PRIMARY]) && !fenced ? 1 : 0;
      return onPrimary + elsewhere <= 1 || `${onPrimary + elsewhere} instances run`;
    },
  },
  {
    name: 'I7',
    meaning: 'an application that restarts finds each transaction whole or not at all',
    when: 'always',
    holds: (state, { entries, copies }) =>
      each(state, ({ running, store }) => {
        const contents = contentsOf(store);
        const isWhole = copies.some((copy, at) => copy === contents && (at === 0 || entries[at - 1].txnEnd));
        return !running || isWhole ? undefined : 'runs on a part of a transaction';
      }),
  },
  {
    name: 'I8',
    meaning: 'nothing is appended after the drain has started',
    when: 'always',
    holds: (_, { appendedLate }) => !appendedLate || 'an entry was appended after the drain had started',
  },
  {
    name: 'I9',
    meaning:
      'behind a loss the application restarts on the longest prefix of whole operations that any destination holds, and that is what the report says',
    when: 'always',
    holds: ({ destinations }, reference, event) => {
      if (!lostIn(reference)) return true;
      const surviving = survivingSeq(reference);
      if (event.kind === 'loss.reported' && event.survivingSeq !== surviving)
        return `entry ${event.survivingSeq} was reported as the last, and it is entry ${surviving}`;
      if (event.kind !== 'application.restarted') return true;
      return (
        contentsOf(destinations[event.host - 1].store) === reference.copies[surviving] ||
        `destination ${event.host} restarted on something else than the first ${surviving} entries`
      );
    },
  },
  {
    name: 'I10',
    meaning: 'the battery is spent on the drain alone, and given up only when it cannot go on with it',
    when: 'always',
    holds: (_, { squandered }) => !squandered || 'energy for the drain was there, and was not used for it',
  },
  {
    name: 'G2',
    meaning: 'unless a loss was reported, recovery ends with the application running elsewhere',
    when: 'recovered',
    holds: (_, { running }) => running.includes(true) || 'the application was not restarted',
  },
];

/** What a drain that began now would take from the battery: what the primary does not know to be at a destination. */
function drainEnergy({ shipping, log }: LogShipping, { entries, setup }: Reference): number {
  const { power, policy } = setup.value;
  let energy = 0;
  for (const { acked } of shipping) {
    const first = policy['drain'] === 'whole-region' ? log.head : acked + 1;
    energy += messageEnergy(power, SEAL_BYTES);
    for (const entry of entries.slice(first - 1)) energy += messageEnergy(power, entryBytes(entry));
  }
  return energy;
}
