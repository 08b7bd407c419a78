import { type BlockStore, UNREADABLE } from '../../../hardware/block-store.ts';
import { type Hosts, newHost } from '../../../hardware/host.ts';
import { type Links, newLink } from '../../../hardware/link.ts';
import { BitMap } from '../../../kernel/bit-map.ts';
import { type Machine, type Setup, storeOf } from '../machine.ts';

export const PRIMARY = 0;
export const BACKUP = 1;
/** Links, by where they lead. */
export const TO_BACKUP = 0;
export const TO_PRIMARY = 1;
/** Messages that a direction of the link holds. */
const LINK_MESSAGES = 3;

/** A post-image. */
export interface Entry {
  block: number;
  data: string;
  /** Whether the block was written; else it was captured again because the backup had lost it. */
  written: boolean;
}

/** A post-image that arrived, with its place in the epoch. */
export interface Received extends Entry {
  number: number;
}

export interface RemoteShadow extends Hosts, Links {
  /** The host that the machine runs on. */
  active: number;
  /** Post-images of this epoch, kept by the primary until they are acknowledged: they may have to be sent again. */
  sendBuffer: Entry[];
  /** How many of them were sent; and one that is to be sent again, or -1. */
  sent: number;
  again: number;
  /** Whether the backup was told how many there are; `due`: it has to be told again. */
  seal: 'unsent' | 'sent' | 'due';
  /** The epoch that the backup has, as far as the primary knows. */
  acknowledged: number;
  /** Primary and backup have not lost each other since the connection was opened. */
  connected: boolean;
  /** There is no room for more post-images than a checkpoint needs. */
  full: boolean;
  /** A checkpoint was skipped because of a cut link. */
  skipped: boolean;
  /** The next block to capture again because the backup lost copies; all are in the buffer when it is their number; else -1. */
  recapture: number;
  /** How far the rollback under way has come: a new connection, blocks brought back, one that has arrived or null. */
  reconnected: boolean;
  restored: BitMap;
  fetched: { block: number; data: string } | null;

  // what follows is the backup's
  shadow: BlockStore;
  /** Post-images of the epoch that is not recorded yet, by number. */
  received: Received[];
  /** How many there must be, as the seal said; -1 while there is none. */
  sealCount: number;
  /** Post-images of recorded epochs that have still to go to the shadow, oldest first. */
  sealed: Entry[];
  /** The primary is to be told of the last record. */
  ackDue: boolean;
  /** Blocks that the primary asked for and that were not sent yet. */
  asked: number[];
}

export type State = Machine<RemoteShadow>;

export const initialRemoteShadow = (_: Setup, contents: readonly string[]): RemoteShadow => ({
  hosts: [newHost('primary'), newHost('backup')],
  links: [newLink(PRIMARY, BACKUP, LINK_MESSAGES), newLink(BACKUP, PRIMARY, LINK_MESSAGES)],
  active: PRIMARY,
  sendBuffer: [],
  sent: 0,
  again: -1,
  seal: 'unsent',
  acknowledged: 0,
  connected: true,
  full: false,
  skipped: false,
  recapture: -1,
  reconnected: false,
  restored: new BitMap(contents.length),
  fetched: null,
  shadow: storeOf(contents),
  received: [],
  sealCount: -1,
  sealed: [],
  ackDue: false,
  asked: [],
});

/** Whether the backup has taken over, and there is nobody to send to. */
export const isAlone = ({ active }: RemoteShadow): boolean => active === BACKUP;

/** Post-images of the epoch under way, as the machine knows them. */
export function openEntries({ own, decided, epoch }: State): readonly Entry[] {
  if (isAlone(own)) return own.received;
  return decided > epoch ? [] : own.sendBuffer; // those of an epoch that is recorded say nothing of the next
}

/** Whether only the backup’s copy of a block can be that of the checkpoint. */
export const isModified = (machine: State, block: number): boolean =>
  machine.memory.get(block) === UNREADABLE ||
  (!machine.own.restored.has(block) &&
    openEntries(machine).some((entry) => entry.written && entry.block === block));

/** All blocks that are modified, in order. Only a computer that has taken over looks at all of its memory. */
export function modifiedBlocks(machine: State): number[] {
  const { own, errors, memory } = machine;
  const open = openEntries(machine).filter(({ written, block }) => written && !own.restored.has(block));
  const suspects = isAlone(own)
    ? Array.from({ length: memory.size }, (_, block) => block)
    : errors.filter(({ area }) => area === 'memory').map(({ block }) => block);
  const unreadable = suspects.filter((block) => memory.get(block) === UNREADABLE);
  return [...new Set([...open.map(({ block }) => block), ...unreadable])].sort((a, b) => a - b);
}

/** What the backup has of a block: the newest post-image that is recorded, or the shadow. */
export const copyAt = ({ shadow, sealed }: RemoteShadow, block: number): string =>
  sealed.findLast((entry) => entry.block === block)?.data ?? shadow.get(block);

export function imageOf(machine: State, block: number): string {
  const copy = copyAt(machine.own, block);
  return copy === UNREADABLE && !isModified(machine, block) ? machine.memory.get(block) : copy;
}

/** Another rollback begins. What the one before brought back stays, since memory can tell what it has. */
export function abandoned({ own }: State): void {
  own.reconnected = false;
  own.fetched = null;
}

/** Rollback is at its end. */
export function rolledBack({ own }: State): void {
  own.reconnected = false;
  own.restored = new BitMap(own.restored.size);
}
