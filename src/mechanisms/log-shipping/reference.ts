import { Fixed } from '../../kernel/fixed.ts';
import type { ReferenceModel } from '../mechanism.ts';
import type { LogShippingEvent } from './events.ts';
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
  /** The primary stopped, and its log region cannot be read: for now, or for good. */
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
    case 'host.failed':
      if (event.host !== 0) return;
      reference.stopped = true;
      reference.gone = true;
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
 * A fence is final. Without a seal anywhere, what was acknowledged behind the longest prefix is gone then, if there was no
 * way to a seal: the primary was out of reach, or each destination lacked an entry that was damaged at the source.
 */
function lost({ fenced, sealed, gone, received, damaged, complete }: Reference): string | undefined {
  if (!fenced || sealed.includes(true)) return undefined;
  const noWay = received.every((has) => damaged.some((seq) => seq <= complete && !has.includes(seq)));
  return gone || noWay ? 'no destination has a seal, and none can be had' : undefined;
}

/** Every entry up to this one is durable at a destination. */
export function prefixOf(received: readonly number[]): number {
  let prefix = 0;
  while (received.includes(prefix + 1)) prefix++;
  return prefix;
}
