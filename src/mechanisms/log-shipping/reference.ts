import { Fixed } from '../../kernel/fixed.ts';
import type { ReferenceModel } from '../mechanism.ts';
import { entryBytes, SEAL_BYTES } from './entry.ts';
import type { LogShippingEvent, LogShippingEventOf } from './events.ts';
import { messageEnergy } from './pacing.ts';
import { type Setup, setupOf } from './setup.ts';

/** The naive model: every entry that was ever appended, and a full copy of the store after each. */
export interface Reference {
  setup: Fixed<Setup>;
  /** Entry n is at n - 1. */
  entries: { data: string; txnEnd: boolean }[];
  /** What the store must hold after the first n entries: at n. */
  copies: string[];
  /** Last durable entry; the last of those that ends a transaction: the operation must survive. */
  durable: number;
  complete: number;
  /** Last entry of the last operation that was acknowledged. */
  acknowledged: number;
  reclaimed: number;
  /** Entries of the log region that a flipped bit made useless. */
  damaged: number[];
  /** Of each destination: the entries that it made durable, and whether it has a seal. */
  received: number[][];
  sealed: boolean[];
  running: boolean[];
  /** The application on the primary was stopped, or stopped with its host. */
  stopped: boolean;
  draining: boolean;
  fenced: boolean;
  /** Energy units in the battery, and what supplies the primary. */
  charge: number;
  source: 'mains' | 'battery' | 'none';
  /** Energy units that the battery gave for a message that is not sent yet. */
  paid: number;
  /** The battery was used up by something else than the drain, or counted as used up before it was. */
  squandered: boolean;
  /** Of each link, in the order of the world: whether it carries messages. */
  up: boolean[];
  /**
   * The primary stopped, and its log region cannot be read: for now, or for good. It counts when a fault did it, or a
   * battery that could not pay for the drain.
   */
  gone: boolean;
  /** Something was appended after the drain had started. */
  appendedLate: boolean;
}

export const logShippingReference: ReferenceModel<Reference, LogShippingEvent> = {
  initial: (setting) => {
    const setup = setupOf(setting);
    return {
      setup: new Fixed(setup),
      entries: [],
      copies: ['00'.repeat(setup.storeBlocks * setup.blockBytes)],
      durable: 0,
      complete: 0,
      acknowledged: 0,
      reclaimed: 0,
      damaged: [],
      received: setup.lags.map(() => []),
      sealed: setup.lags.map(() => false),
      running: setup.lags.map(() => false),
      stopped: false,
      draining: false,
      fenced: false,
      charge: setup.power.actual,
      source: 'mains',
      paid: 0,
      squandered: false,
      up: setup.lags.flatMap((paths) => [...paths.map(() => true), true]),
      gone: false,
      appendedLate: false,
    };
  },
  evolve: follow,
  lost,
};

function follow(reference: Reference, event: LogShippingEvent): void {
  switch (event.kind) {
    case 'log.appended':
      if (reference.draining) reference.appendedLate = true;
      append(reference, event.seq, event.address, event.data, event.txnEnd === true);
      return;
    case 'log.persisted':
      reference.damaged = reference.damaged.filter((seq) => seq !== event.seq);
      if (event.seq <= reference.durable) return;
      reference.durable = event.seq;
      if (reference.entries[event.seq - 1].txnEnd) reference.complete = event.seq;
      return;
    case 'log.corrupted':
      if (!reference.damaged.includes(event.seq)) reference.damaged.push(event.seq);
      return;
    case 'log.reclaimed':
      reference.reclaimed = event.seq;
      return;
    case 'operation.acknowledged':
      reference.acknowledged = event.seq;
      return;
    case 'remote.persisted':
      reference.received[event.host - 1].push(event.seq);
      return;
    case 'drain.sealed':
      reference.sealed[event.host - 1] = true;
      return;
    case 'drain.started':
      reference.draining = true;
      return;
    case 'application.stopped':
      reference.stopped = true;
      return;
    case 'application.restarted':
      reference.running[event.host - 1] = true;
      return;
    case 'host.panicked':
      reference.stopped = true;
      return;
    case 'host.fenced':
      reference.fenced = true;
      return;
    case 'host.crashed':
      if (event.host !== 0) return;
      reference.stopped = true;
      reference.gone = true;
      reference.paid = 0;
      return;
    case 'host.failed':
      reference.stopped = true;
      reference.gone = !reference.squandered;
      reference.paid = 0;
      return;
    case 'power.switched':
      reference.source = 'battery';
      return;
    case 'power.restored':
      reference.source = 'mains';
      return;
    case 'battery.weakened':
      reference.charge = Math.min(reference.charge, event.actual);
      return;
    case 'battery.drained':
      reference.charge -= event.energy;
      reference.paid += event.energy;
      if (reference.paid > Math.max(...messageEnergies(reference))) reference.squandered = true;
      return;
    case 'battery.exhausted':
      if (!isExhausted(reference, event)) reference.squandered = true;
      reference.charge = 0;
      reference.source = 'none';
      return;
    case 'message.sent':
      if (linksTo(reference).flat().includes(event.link)) reference.paid = 0;
      return;
    case 'link.cut':
      reference.up[event.link] = false;
      return;
    case 'link.restored':
      reference.up[event.link] = true;
      return;
    case 'host.restarted':
      if (event.host === 0 && reference.setup.value.policy['region'] === 'nonvolatile')
        reference.gone = false;
      return;
  }
}

function append(
  { entries, copies }: Reference,
  seq: number,
  address: number,
  data: string,
  txnEnd: boolean,
): void {
  if (seq <= entries.length) return; // the same once more
  const before = copies[copies.length - 1];
  entries.push({ data, txnEnd });
  copies.push(before.slice(0, 2 * address) + data + before.slice(2 * address + data.length));
}

/**
 * Whether a battery really cannot do what the drain needs: it cannot pay for an entry or a seal, or it was waited for a link
 * when there was nothing to send.
 */
function isExhausted(reference: Reference, { energy }: LogShippingEventOf<'battery.exhausted'>): boolean {
  const { received, sealed, charge, paid } = reference;
  const paths = linksTo(reference);
  const mayServe = received.some(
    (has, at) =>
      !sealed[at] &&
      paths[at].some((link) => reference.up[link]) &&
      (canSeal(reference, has) || prefixOf(has) < lastToHave(reference, has)),
  );
  if (!mayServe) return true;
  return energy > charge && messageEnergies(reference).includes(energy + paid);
}

/** Energy units of the seal, and of each entry that has to be shipped or had to be. */
function messageEnergies({ entries, complete, setup }: Reference): number[] {
  const sizes = [SEAL_BYTES, ...entries.slice(0, complete).map(entryBytes)];
  return sizes.map((bytes) => messageEnergy(setup.value.power, bytes));
}

/** Of each destination: the links to it, which come before the way back from it. */
function linksTo({ setup }: Reference): number[][] {
  let link = 0;
  return setup.value.lags.map((paths) => {
    const first = link;
    link += paths.length + 1;
    return paths.map((_, at) => first + at);
  });
}

/** The last entry that a destination can have: a damaged one that it lacks ends what can be shipped. */
function lastToHave({ damaged, complete }: Reference, has: readonly number[]): number {
  const gaps = damaged.filter((seq) => seq <= complete && !has.includes(seq));
  return Math.min(complete, ...gaps.map((seq) => seq - 1));
}

/** Whether nothing keeps a destination from having all that must survive. */
const canSeal = (reference: Reference, has: readonly number[]): boolean =>
  lastToHave(reference, has) === reference.complete;

/** The last whole transaction in the first so many entries. */
function lastWhole({ entries }: Reference, prefix: number): number {
  let last = prefix;
  while (last > 0 && !entries[last - 1].txnEnd) last--;
  return last;
}

/** The last entry of the longest prefix of whole transactions that any destination holds. */
export const survivingSeq = (reference: Reference): number =>
  Math.max(...reference.received.map((has) => lastWhole(reference, prefixOf(has))));

/** The same when all has been shipped that can be; the primary was there to do it. */
export const shippableSeq = (reference: Reference): number =>
  Math.max(...reference.received.map((has) => lastWhole(reference, lastToHave(reference, has))));

/**
 * A fence is final. Without a seal anywhere, what is behind the longest prefix is gone then, if there was no way to a seal:
 * the primary was out of reach, or each destination lacked an entry that was damaged at the source. Nobody can know then
 * whether there was anything behind it, so that this is a loss even where there was not.
 */
function lost(reference: Reference): string | undefined {
  const { fenced, sealed, gone, received } = reference;
  if (!fenced || sealed.includes(true)) return undefined;
  const noWay = !received.some((has) => canSeal(reference, has));
  return gone || noWay ? `what is behind entry ${survivingSeq(reference)}, if anything` : undefined;
}

/** Every entry up to this one is durable at a destination. */
export function prefixOf(received: readonly number[]): number {
  let prefix = 0;
  while (received.includes(prefix + 1)) prefix++;
  return prefix;
}
