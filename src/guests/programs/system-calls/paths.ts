import { SystemError } from '../errno.ts';
import { resizeFile } from '../file-contents.ts';
import {
  addDirectory,
  attach,
  checkDepth,
  detach,
  existing,
  isWithin,
  newFile,
  type Place,
  pathIn,
  pathOf,
} from '../file-tree.ts';
import type { Kernel } from '../kernel.ts';
import { type Directory, isFile, type Node } from '../nodes.ts';
import type { Arguments, SystemCalls } from './call.ts';
import { O_ACCMODE } from './transfer.ts';

const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_TRUNC = 0o1000;
const O_DIRECTORY = 0o200000;
const O_NOFOLLOW = 0o400000;
const O_CLOEXEC = 0o2000000;
const O_PATH = 0o10000000;
const O_TMPFILE = 0o20000000;
const AT_FDCWD = -100;
const AT_REMOVEDIR = 0x200;
const RENAME_NOREPLACE = 1;
const PERMISSION_BITS = 0o7777;
const TYPE_BITS = 0o170000;
const REGULAR_FILE = 0o100000;

export const pathCalls: SystemCalls = {
  open: (kernel, given) => open(kernel, kernel.state.workingDirectory, given, 0),
  openat: (kernel, given) => open(kernel, from(kernel, given, 0, 1), given, 1),
  creat: (kernel, given) => {
    const flags = O_CREAT | O_TRUNC | 1;
    return openPath(
      kernel,
      kernel.state.workingDirectory,
      kernel.user.text(given.address(0)),
      flags,
      given.flags(1),
    );
  },
  rename: (kernel, given) => {
    const { workingDirectory } = kernel.state;
    return rename(
      kernel,
      { directory: workingDirectory, index: 0 },
      { directory: workingDirectory, index: 1 },
      given,
      0,
    );
  },
  renameat: (kernel, given) => renameBetween(kernel, given, 0),
  renameat2: (kernel, given) => renameBetween(kernel, given, given.flags(4)),
  unlink: (kernel, given) => unlink(kernel, kernel.state.workingDirectory, given, 0),
  unlinkat: (kernel, given) => {
    const isDirectory = (given.flags(2) & AT_REMOVEDIR) !== 0;
    return (isDirectory ? removeDirectory : unlink)(kernel, from(kernel, given, 0, 1), given, 1);
  },
  mkdir: (kernel, given) => makeDirectory(kernel, kernel.state.workingDirectory, given, 0),
  mkdirat: (kernel, given) => makeDirectory(kernel, from(kernel, given, 0, 1), given, 1),
  rmdir: (kernel, given) => removeDirectory(kernel, kernel.state.workingDirectory, given, 0),
  chdir: (kernel, given) =>
    changeDirectory(kernel, kernel.node(kernel.state.workingDirectory, text(kernel, given, 0))),
  fchdir: (kernel, given) => changeDirectory(kernel, kernel.open(given.int(0)).node),
  getcwd: (kernel, given) => {
    const { tree, workingDirectory } = kernel.state;
    const path = new TextEncoder().encode(`${pathOf(tree, workingDirectory)}\0`);
    if (given.size(1) < path.length) throw new SystemError('ERANGE');
    kernel.user.write(given.address(0), path);
    return path.length;
  },
  truncate: (kernel, given) =>
    truncate(kernel, kernel.node(kernel.state.workingDirectory, text(kernel, given, 0)), given.offset(1)),
  ftruncate: (kernel, given) => {
    const { node, flags } = kernel.open(given.int(0));
    if ((flags & O_ACCMODE) === 0) throw new SystemError('EINVAL');
    return truncate(kernel, node, given.offset(1));
  },
  mknod: (kernel, given) => makeNode(kernel, kernel.state.workingDirectory, given, 0),
  mknodat: (kernel, given) => makeNode(kernel, from(kernel, given, 0, 1), given, 1),
  umask: (kernel, given) => {
    const before = kernel.state.fileModeMask;
    kernel.state.fileModeMask = given.flags(0) & 0o777;
    return before;
  },
};

/** A path among the arguments. */
export const text = ({ user }: Kernel, given: Arguments, index: number): string =>
  user.text(given.address(index));

/** The directory that a path of an `…at` call is relative to. */
export function from(
  kernel: Kernel,
  given: Arguments,
  descriptorIndex: number,
  pathIndex: number,
): Directory {
  const { workingDirectory } = kernel.state;
  const descriptor = given.int(descriptorIndex);
  const path = text(kernel, given, pathIndex);
  if (path === '') throw new SystemError('ENOENT');
  if (descriptor === AT_FDCWD || path.startsWith('/')) return workingDirectory;
  const { node } = kernel.open(descriptor);
  if (node.kind !== 'directory') throw new SystemError('ENOTDIR');
  return node;
}

const open = (kernel: Kernel, directory: Directory, given: Arguments, index: number): number =>
  openPath(kernel, directory, text(kernel, given, index), given.flags(index + 1), given.flags(index + 2));

function openPath(kernel: Kernel, directory: Directory, path: string, flags: number, mode: number): number {
  kernel.freeDescriptor(); // before anything is made
  if ((flags & O_TMPFILE) !== 0) throw new SystemError('EOPNOTSUPP');
  const mustBeNew = (flags & O_CREAT) !== 0 && (flags & O_EXCL) !== 0;
  const followsLast = !mustBeNew && (flags & O_NOFOLLOW) === 0;
  const place = kernel.place(directory, path, followsLast);
  if ((flags & O_CREAT) !== 0 && place.endsInSlash) throw new SystemError('EISDIR');
  const isCreated = place.node === undefined && (flags & O_CREAT) !== 0;
  const found = isCreated ? create(kernel, place, mode) : existing(place);
  const node = found.kind === 'alias' ? kernel.open(found.descriptor).node : found;
  if (!isCreated && mustBeNew) throw new SystemError('EEXIST');
  if (node.kind === 'link') throw new SystemError('ELOOP');
  const isWriting = (flags & O_ACCMODE) !== 0 && (flags & O_PATH) === 0;
  if (node.kind === 'directory' && (isWriting || (flags & O_CREAT) !== 0)) throw new SystemError('EISDIR');
  if (node.kind !== 'directory' && (flags & O_DIRECTORY) !== 0) throw new SystemError('ENOTDIR');
  if (!isCreated) checkMode(node, flags);
  if (isWriting && (flags & O_TRUNC) !== 0 && isFile(node)) resizeFile(kernel, node, 0);
  if (node.kind === 'pipe') {
    if ((flags & O_ACCMODE) === 0) node.readers++;
    else node.writers++;
  }
  const kept = flags & ~(O_CREAT | O_EXCL | O_TRUNC | O_CLOEXEC);
  const made = { node, flags: kept, offset: 0, names: undefined, references: 0 };
  return kernel.addDescriptor(made, (flags & O_CLOEXEC) !== 0);
}

/** The owner's bits decide: every file is the program's own. */
function checkMode({ mode }: Node, flags: number): void {
  const access = flags & O_ACCMODE;
  const needed = access === 0 ? 0o400 : access === 1 ? 0o200 : 0o600;
  if ((mode & needed) !== needed) throw new SystemError('EACCES');
}

function create(kernel: Kernel, place: Place, mode: number): Node {
  const { name, directory } = place;
  if (name === undefined) throw new SystemError('ENOENT');
  const permissions = mode & ~kernel.state.fileModeMask & PERMISSION_BITS;
  const room = kernel.roomAt(place);
  if (room !== undefined) return kernel.makePersistentFile(place, name, room, permissions);
  const file = newFile(kernel.state.tree, permissions, kernel.nowNs);
  attach(directory, name, file, kernel.nowNs);
  return file;
}

/** A regular file; of pipes and devices with names there are none. */
function makeNode(kernel: Kernel, directory: Directory, given: Arguments, index: number): number {
  const mode = given.flags(index + 1);
  const type = mode & TYPE_BITS;
  const { place } = newName(kernel, directory, given, index);
  if (type !== 0 && type !== REGULAR_FILE) throw new SystemError('EPERM');
  if (place.endsInSlash) throw new SystemError('ENOENT');
  create(kernel, place, mode);
  return 0;
}

/** A place where nothing is yet. */
export function newName(
  kernel: Kernel,
  directory: Directory,
  given: Arguments,
  index: number,
): { place: Place; name: string } {
  const place = kernel.place(directory, text(kernel, given, index), false);
  if (place.node !== undefined || place.name === undefined) throw new SystemError('EEXIST');
  return { place, name: place.name };
}

function makeDirectory(kernel: Kernel, directory: Directory, given: Arguments, index: number): number {
  const { place, name } = newName(kernel, directory, given, index);
  checkDepth(place.directory);
  const mode = given.flags(index + 1) & ~kernel.state.fileModeMask & PERMISSION_BITS;
  addDirectory(kernel.state.tree, place.directory, name, mode, kernel.nowNs);
  return 0;
}

function removeDirectory(kernel: Kernel, directory: Directory, given: Arguments, index: number): number {
  const path = text(kernel, given, index);
  const { node, name, directory: parent } = kernel.place(directory, path, false);
  if (node === undefined) throw new SystemError('ENOENT');
  if (node.kind !== 'directory') throw new SystemError('ENOTDIR');
  if (name === undefined) throw new SystemError(/(^|\/)\.\/*$/.test(path) ? 'EINVAL' : 'EBUSY');
  if (node.entries.size > 0) throw new SystemError('ENOTEMPTY');
  detach(parent, name, kernel.nowNs);
  return 0;
}

function unlink(kernel: Kernel, directory: Directory, given: Arguments, index: number): number {
  const place = kernel.place(directory, text(kernel, given, index), false);
  const { name, directory: parent } = place;
  const node = existing(place);
  if (node.kind === 'directory' || name === undefined) throw new SystemError('EISDIR');
  detach(parent, name, kernel.nowNs);
  dropped(kernel, node);
  return 0;
}

/** A name of a node is gone. */
function dropped(kernel: Kernel, node: Node): void {
  if (node.kind === 'persistent' && node.links === 0) kernel.resized(node);
}

interface RenameEnd {
  readonly directory: Directory;
  /** Of the path among the arguments. */
  readonly index: number;
}

const renameBetween = (kernel: Kernel, given: Arguments, flags: number): number =>
  rename(
    kernel,
    { directory: from(kernel, given, 0, 1), index: 1 },
    { directory: from(kernel, given, 2, 3), index: 3 },
    given,
    flags,
  );

function rename(kernel: Kernel, old: RenameEnd, fresh: RenameEnd, given: Arguments, flags: number): number {
  if ((flags & ~RENAME_NOREPLACE) !== 0) throw new SystemError('EINVAL');
  const source = kernel.place(old.directory, text(kernel, given, old.index), false);
  const target = kernel.place(fresh.directory, text(kernel, given, fresh.index), false);
  const { node } = source;
  if (source.name === undefined || target.name === undefined) throw new SystemError('EBUSY');
  if (node === undefined) throw new SystemError('ENOENT');
  if (target.node !== undefined && (flags & RENAME_NOREPLACE) !== 0) throw new SystemError('EEXIST');
  if (node.kind !== 'directory' && (source.endsInSlash || target.endsInSlash))
    throw new SystemError('ENOTDIR');
  if (node === target.node) return 0;
  if (node.kind === 'directory') {
    if (isWithin(target.directory, node)) throw new SystemError('EINVAL');
    checkDepth(target.directory, node);
    if (target.node !== undefined && target.node.kind !== 'directory') throw new SystemError('ENOTDIR');
  } else if (target.node?.kind === 'directory') {
    throw new SystemError(isWithin(source.directory, target.node) ? 'ENOTEMPTY' : 'EISDIR');
  }
  if (target.node?.kind === 'directory' && target.node.entries.size > 0) throw new SystemError('ENOTEMPTY');
  detach(source.directory, source.name, kernel.nowNs);
  if (target.node !== undefined) {
    detach(target.directory, target.name, kernel.nowNs);
    dropped(kernel, target.node);
  }
  attach(target.directory, target.name, node, kernel.nowNs);
  return 0;
}

function changeDirectory(kernel: Kernel, node: Node): number {
  if (node.kind !== 'directory') throw new SystemError('ENOTDIR');
  if ((node.mode & 0o100) === 0) throw new SystemError('EACCES');
  kernel.state.workingDirectory = node;
  return 0;
}

function truncate(kernel: Kernel, node: Node, sizeBytes: number): number {
  if (node.kind === 'directory') throw new SystemError('EISDIR');
  if (!isFile(node) || sizeBytes < 0) throw new SystemError('EINVAL');
  resizeFile(kernel, node, sizeBytes);
  return 0;
}

/** Whether a directory is one in which a file on an NVDIMM can be. */
export const holdsRooms = ({ state, area }: Kernel, directory: Directory): boolean =>
  area.rooms.some(
    ({ path }) => pathIn(state.tree, directory, path.slice(path.lastIndexOf('/') + 1)) === path,
  );
