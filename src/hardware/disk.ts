import { BitMap } from '../kernel/bit-map.ts';
import { type EventOf, type EventOfKind, eventTable, field } from '../kernel/event-table.ts';
import { expectLegal, type Reducers } from '../kernel/reducers.ts';
import { BlockStore, patched, UNREADABLE } from './block-store.ts';

const disk = field.count('the disk');
const host = field.count('the host');
const block = field.count('the block');
const position = field.count('place among the writes under way, 0 is the one issued first');
const flush = field.count('place among the flushes under way, 0 is the one issued first');

/**
 * Disks that several hosts are attached to. A write is under way, then in the volatile cache of the disk, then on its
 * media; each step may overtake others. Only registered hosts may write (in SCSI, a persistent reservation of the type
 * write exclusive, registrants only), and to preempt a host is to fence it. Source: mechanism sheets, section 1.6.
 */
export const diskEvents = eventTable({
  'disk.write.issued': {
    since: 1,
    meaning: 'A host sent a write of one block to a disk.',
    fields: { disk, host, block, data: field.bytes('new contents of the whole block', 4096) },
  },
  'disk.write.completed': {
    since: 1,
    meaning:
      'A write reached the cache of the disk, in any order. Its issuer learns of it if it lives and has its path; if it ' +
      'has failed before, this is fault F22.',
    fields: { disk, position },
  },
  'disk.write.failed': {
    since: 1,
    meaning: 'A write was given up, and nothing of it reached the disk: no right to write, or fault F8.',
    fields: { disk, position },
  },
  'disk.block.written': {
    since: 1,
    meaning: 'A block went from the cache to the media, in any order.',
    fields: { disk, block },
  },
  'disk.block.torn': {
    since: 1,
    meaning:
      'A block is on its way from the cache to the media, and only its first bytes are there. Should power be lost now, ' +
      'this is fault F9.',
    fields: { disk, block, writtenBytes: field.count('how many bytes are there, fewer than all') },
  },
  'disk.flush.issued': {
    since: 1,
    meaning: 'A host asked that everything that is in the cache now be on the media.',
    fields: { disk, host },
  },
  'disk.flush.completed': {
    since: 1,
    meaning: 'Everything that was in the cache when the flush was issued is on the media.',
    fields: { disk, flush },
  },
  'disk.flush.failed': {
    since: 1,
    meaning: 'A flush was given up, like a write that failed.',
    fields: { disk, flush },
  },
  'disk.power.cycled': {
    since: 1,
    meaning:
      'A disk lost power and has it again: cache and commands under way are gone. Registrations are kept. Fault F1.',
    fields: { disk },
  },
  'disk.block.lost': {
    since: 1,
    meaning: 'A block of the media cannot be read until it is written again. Fault F8.',
    fields: { disk, block },
  },
  'disk.failed': {
    since: 1,
    meaning: 'A disk does nothing any more but fail what is under way. Fault F8.',
    fields: { disk },
  },
  'path.lost': {
    since: 1,
    meaning: 'A host cannot reach a disk; what it had issued may still arrive there. Fault F8.',
    fields: { disk, host },
  },
  'path.restored': {
    since: 1,
    meaning: 'A host can reach a disk again.',
    fields: { disk, host },
  },
  'disk.registered': {
    since: 1,
    meaning: 'A host was given the right to write to a disk.',
    fields: { disk, host },
  },
  'disk.preempted': {
    since: 1,
    meaning:
      'A registered host took the right to write from another: nothing that the other has under way arrives from here on.',
    fields: {
      disk,
      host: field.count('the host that loses the right'),
      by: field.count('the host that takes it'),
    },
  },
});

export type DiskEvent = EventOf<typeof diskEvents>;
export type DiskEventOf<K extends DiskEvent['kind']> = EventOfKind<typeof diskEvents, K>;

/** A write under way. */
export interface DiskWrite {
  /** The host that issued it. */
  host: number;
  block: number;
  /** In hexadecimal digits. */
  data: string;
}

/** A flush under way. */
export interface DiskFlush {
  /** The host that issued it. */
  host: number;
  /** The blocks that are still to be written. */
  awaited: BitMap;
}

export interface Disk {
  blockBytes: number;
  /** How many writes, and how many flushes, may be under way. */
  queueDepth: number;
  failed: boolean;
  /** What a host that reads finds: the cache over the media. */
  contents: BlockStore;
  /** What a loss of power leaves. */
  media: BlockStore;
  /** The blocks that are in the cache and have yet to be written to the media. */
  dirty: BitMap;
  writes: DiskWrite[];
  flushes: DiskFlush[];
  /** For each host, whether it can reach the disk. */
  paths: boolean[];
  /** For each host, whether it may write. */
  registered: boolean[];
}

export interface Disks {
  disks: Disk[];
}

export interface DiskConfiguration {
  blocks: number;
  /** How many hosts are attached. */
  hosts: number;
  /** Default: 512. */
  blockBytes?: number;
  /** How many writes, and how many flushes, may be under way. Default: 32. */
  queueDepth?: number;
  /** The hosts that may write. Default: all of them. */
  registered?: readonly number[];
}

/** A disk full of zeros that all hosts can reach. */
export function newDisk({
  blocks,
  hosts,
  blockBytes = 512,
  queueDepth = 32,
  registered,
}: DiskConfiguration): Disk {
  const zeros = BlockStore.filled(blocks, '00'.repeat(blockBytes));
  return {
    blockBytes,
    queueDepth,
    failed: false,
    contents: zeros,
    media: zeros.fork(),
    dirty: new BitMap(blocks),
    writes: [],
    flushes: [],
    paths: new Array<boolean>(hosts).fill(true),
    registered: Array.from({ length: hosts }, (_, at) => registered?.includes(at) ?? true),
  };
}

/** Whether a host can read the disk; a block that has an error is `UNREADABLE`. */
export const canRead = ({ failed, paths }: Disk, host: number): boolean => !failed && paths[host];

/** Whether a host can issue writes that have effect. */
export const canWrite = (disk: Disk, host: number): boolean => canRead(disk, host) && disk.registered[host];

/** Places of the writes under way that may still arrive; the others can only fail. */
export const arrivable = ({ failed, writes, registered }: Disk): number[] =>
  failed ? [] : writes.flatMap(({ host }, at) => (registered[host] ? [at] : []));

/** The disk that an event names. */
export function diskOf({ disks }: Disks, event: DiskEvent): Disk {
  const disk = disks[event.disk];
  expectLegal(disk !== undefined, event, `there is no disk ${event.disk}, but ${disks.length}`);
  return disk;
}

/** The write that this event completes; for a mechanism that has more to check before it arrives. */
export function writeToComplete(state: Disks, event: DiskEventOf<'disk.write.completed'>): DiskWrite {
  const disk = workingDisk(state, event);
  const write = entryAt(disk.writes, event.position, event);
  expectLegal(disk.registered[write.host], event, `host ${write.host} may not write`);
  return write;
}

/** Lets the write arrive; what its issuer does when it learns of it is the mechanism's. */
export function completeWrite(state: Disks, event: DiskEventOf<'disk.write.completed'>): DiskWrite {
  const write = writeToComplete(state, event);
  const disk = diskOf(state, event);
  disk.writes.splice(event.position, 1);
  disk.contents.set(write.block, write.data);
  disk.dirty.set(write.block);
  return write;
}

/** Takes away the write that failed; what its issuer does about the error is the mechanism's. */
export function failWrite(state: Disks, event: DiskEventOf<'disk.write.failed'>): DiskWrite {
  const { writes } = diskOf(state, event);
  const write = entryAt(writes, event.position, event);
  writes.splice(event.position, 1);
  return write;
}

/** Ends a flush, done or given up, and says which host had issued it. */
export function endFlush(
  state: Disks,
  event: DiskEventOf<'disk.flush.completed' | 'disk.flush.failed'>,
): number {
  const disk = diskOf(state, event);
  const { host, awaited } = entryAt(disk.flushes, event.flush, event);
  if (event.kind === 'disk.flush.completed') {
    expectLegal(!disk.failed, event, 'the disk has failed');
    expectLegal(awaited.count === 0, event, `${awaited.count} blocks are yet to be written`);
  }
  disk.flushes.splice(event.flush, 1);
  return host;
}

/** What happens to disks. A mechanism puts its own over an end that it reacts to, and calls the function above in it. */
export const diskReducers: Reducers<Disks, typeof diskEvents> = {
  'disk.write.issued': (state, event) => {
    const disk = reachableDisk(state, event);
    const { host, block, data } = event;
    expectBlock(disk, event);
    expectLegal(data.length === 2 * disk.blockBytes, event, `a block has ${disk.blockBytes} bytes`);
    expectLegal(disk.writes.length < disk.queueDepth, event, `${disk.queueDepth} writes are under way`);
    disk.writes.push({ host, block, data });
  },
  'disk.write.completed': (state, event) => {
    completeWrite(state, event);
  },
  'disk.write.failed': (state, event) => {
    failWrite(state, event);
  },
  'disk.block.written': (state, event) => {
    const disk = diskWithDirty(state, event);
    disk.media.set(event.block, disk.contents.get(event.block));
    disk.dirty.clear(event.block);
    for (const { awaited } of disk.flushes) awaited.clear(event.block);
  },
  'disk.block.torn': (state, event) => {
    const disk = diskWithDirty(state, event);
    const { block, writtenBytes } = event;
    const isPart = 0 < writtenBytes && writtenBytes < disk.blockBytes;
    expectLegal(
      isPart,
      event,
      `a block has ${disk.blockBytes} bytes, of which some are there and some are not`,
    );
    const before = disk.media.get(block);
    expectLegal(before !== UNREADABLE, event, 'the block is unreadable until it is written whole');
    disk.media.set(block, patched(before, 0, disk.contents.get(block).slice(0, 2 * writtenBytes)));
  },
  'disk.flush.issued': (state, event) => {
    const disk = reachableDisk(state, event);
    expectLegal(disk.flushes.length < disk.queueDepth, event, `${disk.queueDepth} flushes are under way`);
    disk.flushes.push({ host: event.host, awaited: disk.dirty.fork() });
  },
  'disk.flush.completed': (state, event) => {
    endFlush(state, event);
  },
  'disk.flush.failed': (state, event) => {
    endFlush(state, event);
  },
  'disk.power.cycled': (state, event) => {
    const disk = workingDisk(state, event);
    disk.contents = disk.media.fork();
    disk.dirty.reset();
    disk.writes = [];
    disk.flushes = [];
  },
  'disk.block.lost': (state, event) => {
    const disk = workingDisk(state, event);
    const { block } = event;
    expectBlock(disk, event);
    expectLegal(disk.media.get(block) !== UNREADABLE, event, 'the block is unreadable already');
    disk.media.set(block, UNREADABLE);
    if (!disk.dirty.has(block)) disk.contents.set(block, UNREADABLE);
  },
  'disk.failed': (state, event) => {
    workingDisk(state, event).failed = true;
  },
  'path.lost': (state, event) => {
    const { paths } = diskOf(state, event);
    expectAttached(paths, event.host, event);
    expectLegal(paths[event.host], event, 'the path is lost already');
    paths[event.host] = false;
  },
  'path.restored': (state, event) => {
    const { paths } = diskOf(state, event);
    expectAttached(paths, event.host, event);
    expectLegal(!paths[event.host], event, 'the path is there');
    paths[event.host] = true;
  },
  'disk.registered': (state, event) => {
    const { registered } = reachableDisk(state, event);
    expectLegal(!registered[event.host], event, 'the host may write already');
    registered[event.host] = true;
  },
  'disk.preempted': (state, event) => {
    const disk = workingDisk(state, event);
    const { host, by } = event;
    expectAttached(disk.paths, host, event);
    expectAttached(disk.paths, by, event);
    expectLegal(canWrite(disk, by), event, `host ${by} has no right to write itself, or no path`);
    expectLegal(disk.registered[host], event, `host ${host} has no right to lose`);
    disk.registered[host] = false;
  },
};

function workingDisk(state: Disks, event: DiskEvent): Disk {
  const disk = diskOf(state, event);
  expectLegal(!disk.failed, event, 'the disk has failed');
  return disk;
}

/** A host that may not write can issue all the same: it learns when the write fails. */
function reachableDisk(state: Disks, event: DiskEvent & { host: number }): Disk {
  const disk = workingDisk(state, event);
  expectAttached(disk.paths, event.host, event);
  expectLegal(disk.paths[event.host], event, `host ${event.host} has no path`);
  return disk;
}

function diskWithDirty(state: Disks, event: DiskEvent & { block: number }): Disk {
  const disk = workingDisk(state, event);
  expectBlock(disk, event);
  expectLegal(disk.dirty.has(event.block), event, 'the cache holds nothing new of the block');
  return disk;
}

function expectBlock({ media }: Disk, event: DiskEvent & { block: number }): void {
  expectLegal(event.block < media.size, event, `there is no block ${event.block}, but ${media.size}`);
}

function expectAttached(paths: readonly boolean[], host: number, event: DiskEvent): void {
  expectLegal(host < paths.length, event, `there is no host ${host}, but ${paths.length}`);
}

function entryAt<T>(queue: readonly T[], at: number, event: DiskEvent): T {
  const entry = queue[at];
  expectLegal(entry !== undefined, event, `there is no entry ${at}, but ${queue.length} are under way`);
  return entry;
}
