import { SystemError } from '../errno.ts';
import { resizeFile, syncFile } from '../file-contents.ts';
import { newInode } from '../file-tree.ts';
import { DESCRIPTORS_MAX, type Kernel, Paused } from '../kernel.ts';
import { entryType, isFile, type Node, type OpenFile, type Pipe } from '../nodes.ts';
import { sleep, waitForSignal } from '../timers.ts';
import type { Arguments, SystemCalls } from './call.ts';
import { holdsRooms } from './paths.ts';
import { sizeOf } from './status.ts';
import { timeAt } from './time.ts';
import { O_ACCMODE, O_APPEND, O_NONBLOCK } from './transfer.ts';

const O_CLOEXEC = 0o2000000;
const F = {
  DUPFD: 0,
  GETFD: 1,
  SETFD: 2,
  GETFL: 3,
  SETFL: 4,
  GETLK: 5,
  SETLK: 6,
  SETLKW: 7,
  DUPFD_CLOEXEC: 1030,
} as const;
const FD_CLOEXEC = 1;
const F_UNLCK = 2;
const FIONREAD = 0x541b;
const POLLIN = 1;
const POLLOUT = 4;
const POLLHUP = 16;
const POLLNVAL = 32;

export const descriptorCalls: SystemCalls = {
  close: (kernel, given) => {
    kernel.closeDescriptor(given.int(0));
    return 0;
  },
  dup: (kernel, given) => kernel.addDescriptor(kernel.open(given.int(0)), false),
  dup2: (kernel, given) => {
    if (given.int(0) !== given.int(1)) return duplicateTo(kernel, given, false);
    kernel.open(given.int(0));
    return given.int(1);
  },
  dup3: (kernel, given) => {
    if (given.int(0) === given.int(1)) throw new SystemError('EINVAL');
    return duplicateTo(kernel, given, (given.flags(2) & O_CLOEXEC) !== 0);
  },
  fcntl,
  ioctl: (kernel, given) => {
    const { node } = kernel.open(given.int(0));
    if (given.flags(1) !== FIONREAD || node.kind !== 'pipe') throw new SystemError('ENOTTY');
    const count = new Uint8Array(new Uint32Array([node.bytes.length]).buffer);
    kernel.user.write(given.address(2), count);
    return 0;
  },
  lseek: (kernel, given) => seek(kernel.open(given.int(0)), Number(given.long(1)), given.int(2)),
  pipe: (kernel, given) => makePipe(kernel, given.address(0), 0),
  pipe2: (kernel, given) => makePipe(kernel, given.address(0), given.flags(1)),
  getdents64: readDirectory,
  fsync: sync,
  fdatasync: sync,
  sync: (kernel) => {
    for (const file of kernel.state.roomFiles) if (file !== undefined) syncFile(kernel, file);
    return 0;
  },
  fallocate: (kernel, given) => {
    const { node, flags } = kernel.open(given.int(0));
    if ((flags & O_ACCMODE) === 0) throw new SystemError('EBADF');
    if (given.int(1) !== 0) throw new SystemError('EOPNOTSUPP');
    if (!isFile(node)) throw new SystemError('ENODEV');
    const [offset, size] = [given.offset(2), given.offset(3)];
    if (offset < 0 || size <= 0) throw new SystemError('EINVAL');
    if (offset + size > node.sizeBytes) resizeFile(kernel, node, offset + size);
    return 0;
  },
  fadvise64: (kernel, given) => {
    kernel.open(given.int(0));
    return 0;
  },
  flock: (kernel, given) => {
    kernel.open(given.int(0)); // nobody else could hold the lock
    return 0;
  },
  poll: (kernel, given) => poll(kernel, given, milliseconds(given.int(2))),
  ppoll: (kernel, given) => {
    const timeout = given.address(2);
    return poll(kernel, given, timeout === 0n ? undefined : timeAt(kernel, timeout));
  },
  select: (kernel, given) => {
    const timeout = given.address(4);
    return select(kernel, given, timeout === 0n ? undefined : timeAt(kernel, timeout, 1000n));
  },
  pselect6: (kernel, given) => {
    const timeout = given.address(4);
    return select(kernel, given, timeout === 0n ? undefined : timeAt(kernel, timeout));
  },
};

const milliseconds = (count: number): bigint | undefined =>
  count < 0 ? undefined : BigInt(count) * 1_000_000n;

function duplicateTo(kernel: Kernel, given: Arguments, closesOnExec: boolean): number {
  const open = kernel.open(given.int(0));
  const descriptor = given.int(1);
  if (descriptor < 0 || descriptor >= DESCRIPTORS_MAX) throw new SystemError('EBADF');
  if (kernel.state.descriptors.has(descriptor)) kernel.closeDescriptor(descriptor);
  open.references++;
  kernel.state.descriptors.set(descriptor, { open, closesOnExec });
  return descriptor;
}

function fcntl(kernel: Kernel, given: Arguments): number {
  const descriptor = given.int(0);
  const open = kernel.open(descriptor);
  const found = kernel.state.descriptors.get(descriptor);
  if (found === undefined) throw new SystemError('EBADF');
  switch (given.int(1)) {
    case F.DUPFD:
    case F.DUPFD_CLOEXEC: {
      const least = given.int(2);
      if (least < 0 || least >= DESCRIPTORS_MAX) throw new SystemError('EINVAL');
      return kernel.addDescriptor(open, given.int(1) === F.DUPFD_CLOEXEC, least);
    }
    case F.GETFD:
      return found.closesOnExec ? FD_CLOEXEC : 0;
    case F.SETFD:
      found.closesOnExec = (given.int(2) & FD_CLOEXEC) !== 0;
      return 0;
    case F.GETFL:
      return open.flags;
    case F.SETFL: {
      const settable = O_APPEND | O_NONBLOCK;
      open.flags = (open.flags & ~settable) | (given.flags(2) & settable);
      return 0;
    }
    case F.GETLK:
      kernel.user.write(given.address(2), new Uint8Array([F_UNLCK, 0]));
      return 0;
    case F.SETLK:
    case F.SETLKW:
      return 0; // nobody else could hold a lock
    default:
      throw new SystemError('EINVAL');
  }
}

function seek(open: OpenFile, offset: number, whence: number): number {
  const { node } = open;
  if (node.kind === 'stream' || node.kind === 'pipe') throw new SystemError('ESPIPE');
  if (node.kind === 'device') return 0;
  const size = sizeOf(node);
  const isSparse = whence === 3 || whence === 4; // SEEK_DATA, SEEK_HOLE
  if (isSparse && (offset < 0 || offset >= size)) throw new SystemError('ENXIO');
  const to = [offset, open.offset + offset, size + offset, offset, size][whence];
  if (to === undefined || to < 0) throw new SystemError('EINVAL');
  open.offset = to;
  if (node.kind === 'directory') open.names = undefined;
  return to;
}

function makePipe(kernel: Kernel, address: bigint, flags: number): number {
  kernel.freeDescriptor(kernel.freeDescriptor() + 1); // room for two
  const pipe: Pipe = {
    kind: 'pipe',
    ...newInode(kernel.state.tree, 0o600, kernel.nowNs),
    bytes: new Uint8Array(0),
    readers: 1,
    writers: 1,
  };
  const common = { node: pipe, offset: 0, names: undefined, references: 0 };
  const kept = flags & O_NONBLOCK;
  kernel.user.write(address, new Uint8Array(8)); // may fault
  const ends = [0, 1].map((access) =>
    kernel.addDescriptor({ ...common, flags: access | kept }, (flags & O_CLOEXEC) !== 0),
  );
  kernel.user.write(address, new Uint8Array(new Int32Array(ends).buffer));
  return 0;
}

function sync(kernel: Kernel, given: Arguments): number {
  const { node } = kernel.open(given.int(0));
  if (node.kind === 'stream' || node.kind === 'pipe' || node.kind === 'device')
    throw new SystemError('EINVAL');
  if (isFile(node)) syncFile(kernel, node);
  return 0;
}

/** Entries as struct linux_dirent64; the names are those there were when reading began. */
function readDirectory(kernel: Kernel, given: Arguments): number {
  const open = kernel.open(given.int(0));
  const { node } = open;
  if (node.kind !== 'directory') throw new SystemError('ENOTDIR');
  if (node.parent === undefined && node !== kernel.state.tree.root) throw new SystemError('ENOENT');
  if (kernel.pausesAtPersistentFile && holdsRooms(kernel, node)) throw new Paused();
  open.names ??= ['.', '..', ...node.entries.keys()];
  const room = given.size(2);
  const entries: Uint8Array[] = [];
  let total = 0;
  let next = open.offset;
  for (; next < open.names.length; next++) {
    const name = open.names[next];
    const entry: Node | undefined =
      name === '.' ? node : name === '..' ? (node.parent ?? node) : node.entries.get(name);
    if (entry === undefined) continue; // removed since
    const bytes = directoryEntry(name, entry, next + 1);
    if (total + bytes.length > room) break;
    entries.push(bytes);
    total += bytes.length;
  }
  if (entries.length === 0 && next < open.names.length) throw new SystemError('EINVAL');
  const all = new Uint8Array(total);
  let at = 0;
  for (const entry of entries) {
    all.set(entry, at);
    at += entry.length;
  }
  kernel.user.write(given.address(1), all);
  open.offset = next;
  return total;
}

function directoryEntry(name: string, node: Node, next: number): Uint8Array {
  const text = new TextEncoder().encode(name);
  const bytes = new Uint8Array(Math.ceil((19 + text.length + 1) / 8) * 8);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(node.inode), true);
  view.setBigUint64(8, BigInt(next), true);
  view.setUint16(16, bytes.length, true);
  view.setUint8(18, entryType(node));
  bytes.set(text, 19);
  return bytes;
}

/** What a descriptor is ready for: reading, writing, hang-up. */
function readiness(node: Node, flags: number): number {
  const access = flags & O_ACCMODE;
  if (node.kind !== 'pipe') {
    return node.kind === 'stream' ? (node.stream === 0 ? POLLIN : POLLOUT) : POLLIN | POLLOUT;
  }
  if (access === 0) return (node.bytes.length > 0 ? POLLIN : 0) | (node.writers === 0 ? POLLHUP : 0);
  return POLLOUT;
}

function poll(kernel: Kernel, given: Arguments, timeoutNs: bigint | undefined): number {
  const count = given.size(1);
  if (count > DESCRIPTORS_MAX) throw new SystemError('EINVAL');
  const bytes = kernel.user.read(given.address(0), 8 * count);
  const view = new DataView(bytes.buffer);
  let ready = 0;
  for (let index = 0; index < count; index++) {
    const descriptor = view.getInt32(8 * index, true);
    const wanted = view.getUint16(8 * index + 4, true) | POLLHUP;
    const found = kernel.state.descriptors.get(descriptor);
    const is = found === undefined ? POLLNVAL : readiness(found.open.node, found.open.flags) & wanted;
    const told = descriptor < 0 ? 0 : is;
    view.setUint16(8 * index + 6, told, true);
    if (told !== 0) ready++;
  }
  if (ready === 0) waitInVain(kernel, timeoutNs);
  kernel.user.write(given.address(0), bytes);
  return ready;
}

function select(kernel: Kernel, given: Arguments, timeoutNs: bigint | undefined): number {
  const count = given.int(0);
  if (count < 0 || count > DESCRIPTORS_MAX) throw new SystemError('EINVAL');
  const size = Math.ceil(count / 64) * 8;
  const sets = [1, 2, 3].map((index) => {
    const address = given.address(index);
    return { address, bytes: address === 0n ? new Uint8Array(size) : kernel.user.read(address, size) };
  });
  let ready = 0;
  for (const [which, { bytes }] of sets.entries()) {
    const event = [POLLIN | POLLHUP, POLLOUT, 0][which];
    for (let descriptor = 0; descriptor < count; descriptor++) {
      const mask = 1 << (descriptor & 7);
      if ((bytes[descriptor >> 3] & mask) === 0) continue;
      const { node, flags } = kernel.open(descriptor);
      if ((readiness(node, flags) & event) !== 0) ready++;
      else bytes[descriptor >> 3] &= ~mask;
    }
  }
  if (ready === 0) waitInVain(kernel, timeoutNs);
  for (const { address, bytes } of sets) if (address !== 0n) kernel.user.write(address, bytes);
  return ready;
}

/** Nothing is ready, and nothing can get ready while a process waits that is alone. */
function waitInVain(kernel: Kernel, timeoutNs: bigint | undefined): void {
  if (timeoutNs === undefined) waitForSignal(kernel, 'it waits for descriptors that never get ready');
  else if (sleep(kernel, timeoutNs) > 0n) throw new SystemError('EINTR');
}
