import { type Battery, isPowered, newBattery } from '../../hardware/battery.ts';
import { BlockStore, patched } from '../../hardware/block-store.ts';
import { canIssue, type Host, newHost } from '../../hardware/host.ts';
import { type Link, newLink } from '../../hardware/link.ts';
import { Fixed } from '../../kernel/fixed.ts';
import type { Setting } from '../mechanism.ts';
import { decodeEntry, decodeUnchecked, type Entry } from './entry.ts';
import { type Setup, setupOf } from './setup.ts';

/** The host that the application starts on. */
export const PRIMARY = 0;

/** The application on the primary. */
export interface Application {
  running: boolean;
  /** Operations acknowledged, which is the index of the one that it is at. */
  operation: number;
  /** Of that operation: entries appended, and entries durable in the store. */
  logged: number;
  stored: number;
  throttled: boolean;
  /** Steps that it was delayed before its next append. */
  delays: number;
}

/** An entry as it is stored and shipped. */
export interface StoredEntry {
  seq: number;
  raw: string;
}

/** The log region, a ring of slots, and the counts in its header. Sequence numbers count from 1. */
export interface Log {
  /** What each slot holds, in hexadecimal digits; empty where nothing was written. Entry n is in slot n modulo size. */
  slots: string[];
  /** Oldest entry that is not reclaimed. */
  head: number;
  /** Next entry to be appended. */
  tail: number;
  /** Last durable entry, and last durable entry that ends a transaction. */
  durable: number;
  complete: number;
  /** The entry that is on its way to the region; null when none is. */
  pending: StoredEntry | null;
  /** Slots that something else uses. */
  taken: number;
}

/** How far the agent, or the drain actor after it, is with one destination. */
export interface Shipping {
  sent: number;
  acked: number;
  sealSent: boolean;
}

export interface Arrived {
  subject: string;
  data: string;
}

export interface Destination {
  /** What arrived and is not durable, oldest first. */
  inbox: Arrived[];
  /** Durable entries that are not applied, in the order of arrival. */
  log: StoredEntry[];
  /** Every entry up to this one is durable here, or applied. */
  received: number;
  applied: number;
  store: BlockStore;
  /** The last entry, as a seal says; null without a seal. */
  seal: number | null;
  /** What it owes the sender: nothing, an acknowledgement, a request to send again. */
  answer: 'none' | 'ack' | 'request';
  /** The application runs here. */
  running: boolean;
}

/** A primary that ships its log, a battery, links and destinations. Source: sheet S2. */
export interface LogShipping {
  setup: Fixed<Setup>;
  /** The primary, then the destinations. */
  hosts: Host[];
  links: Link[];
  /** That of the primary. */
  batteries: Battery[];
  application: Application;
  /** The local store of the primary. */
  store: BlockStore;
  log: Log;
  /** By destination, from 0. */
  shipping: Shipping[];
  destinations: Destination[];
  /** Changes of the network that have happened. */
  networkChanges: number;
  draining: boolean;
  /** Energy units that the battery gave for the next message of the primary. */
  paid: number;
  /** The battery did not last, and the primary was not repaired since. */
  exhausted: boolean;
  /** What was lost for good, as reported; null while nothing is. */
  loss: string | null;
  /** Whose turn it is: the application, the agent, then links, then destinations. */
  turn: number;
}

export function initialState(setting: Setting): LogShipping {
  const setup = setupOf(setting);
  const store = (): BlockStore => BlockStore.filled(setup.storeBlocks, '00'.repeat(setup.blockBytes));
  const { rated, actual } = setup.power;
  return {
    setup: new Fixed(setup),
    hosts: [newHost('primary'), ...setup.lags.map(() => newHost('destination'))],
    links: setup.lags.flatMap((paths, destination) => [
      ...paths.map(() => newLink(PRIMARY, destination + 1, setup.windowMessages)),
      newLink(destination + 1, PRIMARY, setup.windowMessages),
    ]),
    batteries: [{ ...newBattery(rated), actual, charge: actual }],
    application: { running: true, operation: 0, logged: 0, stored: 0, throttled: false, delays: 0 },
    store: store(),
    log: {
      slots: Array.from({ length: setup.ringSlots }, () => ''),
      head: 1,
      tail: 1,
      durable: 0,
      complete: 0,
      pending: null,
      taken: 0,
    },
    shipping: setup.lags.map(() => ({ sent: 0, acked: 0, sealSent: false })),
    destinations: setup.lags.map(() => ({
      inbox: [],
      log: [],
      received: 0,
      applied: 0,
      store: store(),
      seal: null,
      answer: 'none',
      running: false,
    })),
    networkChanges: 0,
    draining: false,
    paid: 0,
    exhausted: false,
    loss: null,
    turn: 0,
  };
}

/** Whether this defect is switched on. */
export const has = ({ setup }: LogShipping, mutant: string): boolean => setup.value.mutant === mutant;

/** Whether this choice is taken. */
export const chose = ({ setup }: LogShipping, name: string, choice: string): boolean =>
  setup.value.policy[name] === choice;

/** Whether agent or drain actor on the primary can act: it survives a panic, but no loss of memory or power. */
export const canShip = ({ hosts, batteries }: LogShipping): boolean =>
  canIssue(hosts[PRIMARY]) && isPowered(batteries[PRIMARY]);

/** The entry in the log region; undefined when it is damaged, or is not there any more. */
export function entryInRegion(state: LogShipping, seq: number): Entry | undefined {
  const raw = rawInRegion(state, seq);
  const entry = has(state, 'M4') ? decodeUnchecked(raw) : decodeEntry(raw);
  return entry?.seq === seq ? entry : undefined;
}

export const rawInRegion = ({ log }: LogShipping, seq: number): string => log.slots[seq % log.slots.length];

/** The last entry of the log that the agent ships: M4 takes one for whole that was torn. */
export function lastToShip(state: LogShipping): number {
  const { durable, tail } = state.log;
  return has(state, 'M4') && entryInRegion(state, tail - 1) !== undefined ? tail - 1 : durable;
}

/** Writes what an entry says. */
export function applyTo(store: BlockStore, blockBytes: number, { address, data }: Entry): void {
  const block = Math.floor(address / blockBytes);
  store.set(block, patched(store.get(block), address % blockBytes, data));
}

/** All that a store holds, in hexadecimal digits. */
export function contentsOf(store: BlockStore): string {
  let contents = '';
  for (let block = 0; block < store.size; block++) contents += store.get(block);
  return contents;
}

/** Links to a destination, and back from it. */
export const pathsTo = ({ links }: LogShipping, destination: number): number[] =>
  links.flatMap(({ to }, link) => (to === destination + 1 ? [link] : []));
export const pathBack = ({ links }: LogShipping, destination: number): number =>
  links.findIndex(({ from }) => from === destination + 1);

/** Whether messages to a destination have a way. */
export const isReachable = (state: LogShipping, destination: number): boolean =>
  pathsTo(state, destination).some((link) => state.links[link].up);

/** A durable entry that the agent should send next and cannot read: the application writes it once more. */
export function entryToMend(state: LogShipping): number | undefined {
  const next = state.shipping
    .filter(({ sent }) => sent < state.log.durable)
    .map(({ sent }) => sent + 1)
    .find((seq) => entryInRegion(state, seq) === undefined);
  return next;
}
