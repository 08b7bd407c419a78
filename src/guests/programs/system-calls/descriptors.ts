import { SystemError } from '../errno.ts';
import { resizeFile, syncFile } from '../file-contents.ts';
import { newFile, newInode } from '../file-tree.ts';
import { DESCRIPTORS_MAX, type Kernel, Paused } from '../kernel.ts';
import { entryType, isFile, isTerminal, type Node, type OpenFile, type Pipe } from '../nodes.ts';
import type { Arguments, SystemCalls } from './call.ts';
import { holdsRooms } from './paths.ts';
import { sizeOf } from './status.ts';
import { O_ACCMODE, O_APPEND, O_NONBLOCK, O_RDWR, PIPE_BYTES } from './transfer.ts';

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
  OFD_GETLK: 36,
  OFD_SETLK: 37,
  OFD_SETLKW: 38,
  DUPFD_CLOEXEC: 1030,
  SETPIPE_SZ: 1031,
  GETPIPE_SZ: 1032,
} as const;
const FD_CLOEXEC = 1;
const CLOSE_RANGE_CLOEXEC = 4;
const MFD_CLOEXEC = 1;
const MFD_ALLOW_SEALING = 2;
const F_UNLCK = 2;
const TCGETS = 0x5401;
const TIOCGWINSZ = 0x5413;
/** struct termios of a terminal that gives lines and echoes them: four words of flags, then control characters. */
const TERMINAL_SETTINGS = new Uint8Array(36);
new Uint32Array(TERMINAL_SETTINGS.buffer).set([0x500, 0x5, 0xbf, 0x8a3b]);
/** Rows and columns; the size in pixels is unknown. */
const WINDOW_SIZE = new Uint8Array(new Uint16Array([24, 80, 0, 0]).buffer);
const FIONREAD = 0x541b;
const FIONBIO = 0x5421;
const FIONCLEX = 0x5450;
const FIOCLEX = 0x5451;

export const descriptorCalls: SystemCalls = {
  close: (kernel, given) => {
    kernel.closeDescriptor(given.int(0));
    return 0;
  },
  close_range: (kernel, given) => {
    const [first, last, flags] = [given.flags(0), given.flags(1), given.flags(2)];
    if (first > last || (flags & ~CLOSE_RANGE_CLOEXEC) !== 0) throw new SystemError('EINVAL');
    for (const [descriptor, found] of [...kernel.state.descriptors]) {
      if (descriptor < first || descriptor > last) continue;
      if ((flags & CLOSE_RANGE_CLOEXEC) !== 0) found.closesOnExec = true;
      else kernel.closeDescriptor(descriptor);
    }
    return 0;
  },
  memfd_create: (kernel, given) => {
    kernel.user.text(given.address(0));
    if ((given.flags(1) & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING)) !== 0) throw new SystemError('EINVAL');
    const node = newFile(kernel.state.tree, 0o777, kernel.nowNs);
    const open = { node, flags: O_RDWR, offset: 0, names: undefined, references: 0 };
    return kernel.addDescriptor(open, (given.flags(1) & MFD_CLOEXEC) !== 0);
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
  ioctl: control,
  lseek: (kernel, given) => seek(kernel.open(given.int(0)), Number(given.long(1)), given.int(2)),
  pipe: (kernel, given) => makePipe(kernel, given.address(0), 0),
  pipe2: (kernel, given) => makePipe(kernel, given.address(0), given.flags(1)),
  getdents64: readDirectory,
  fsync: sync,
  fdatasync: sync,
  sync: syncAll,
  syncfs: (kernel, given) => {
    kernel.open(given.int(0));
    return syncAll(kernel);
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
  fadvise64: expectOpen,
  readahead: expectOpen,
  sync_file_range: expectOpen, // what it writes out need not be durable
  flock: expectOpen, // nobody else could hold the lock
};

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
    case F.SETPIPE_SZ:
    case F.GETPIPE_SZ:
      if (open.node.kind !== 'pipe') throw new SystemError('EBADF');
      return PIPE_BYTES;
    case F.GETLK:
    case F.OFD_GETLK:
      kernel.user.write(given.address(2), new Uint8Array([F_UNLCK, 0]));
      return 0;
    case F.SETLK:
    case F.SETLKW:
    case F.OFD_SETLK:
    case F.OFD_SETLKW:
      return 0; // nobody else could hold a lock
    default:
      throw new SystemError('EINVAL');
  }
}

function control(kernel: Kernel, given: Arguments): number {
  const open = kernel.open(given.int(0));
  const { node } = open;
  switch (given.flags(1)) {
    case FIOCLEX:
    case FIONCLEX: {
      const found = kernel.state.descriptors.get(given.int(0));
      if (found !== undefined) found.closesOnExec = given.flags(1) === FIOCLEX;
      return 0;
    }
    case FIONBIO:
      open.flags =
        (open.flags & ~O_NONBLOCK) | (kernel.user.number(given.address(2), 4) === 0n ? 0 : O_NONBLOCK);
      return 0;
    case FIONREAD: {
      if (node.kind !== 'pipe' && !isFile(node)) throw new SystemError('ENOTTY');
      const sizeBytes = node.kind === 'pipe' ? node.bytes.length : node.sizeBytes - open.offset;
      kernel.user.write(given.address(2), new Uint8Array(new Int32Array([sizeBytes]).buffer));
      return 0;
    }
    case TCGETS:
    case TIOCGWINSZ:
      if (!isTerminal(node)) throw new SystemError('ENOTTY');
      kernel.user.write(given.address(2), given.flags(1) === TCGETS ? TERMINAL_SETTINGS : WINDOW_SIZE);
      return 0;
    default:
      throw new SystemError('ENOTTY');
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

function syncAll(kernel: Kernel): number {
  for (const file of kernel.state.roomFiles) if (file !== undefined) syncFile(kernel, file);
  return 0;
}

function expectOpen(kernel: Kernel, given: Arguments): number {
  kernel.open(given.int(0));
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
