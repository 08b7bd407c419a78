import { SystemError } from '../errno.ts';
import type { Kernel } from '../kernel.ts';
import { USER_ID } from '../loader.ts';
import { type Directory, isFile, type Node, statMode } from '../nodes.ts';
import type { Arguments, SystemCalls } from './call.ts';
import { from } from './paths.ts';

const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
const BLOCK_BYTES = 4096;
const SECTOR_BYTES = 512;
/** Device of the file system, and of those nodes that are none of files. */
const DEVICE = 1n;
const STATX_BASIC = 0x7ff;
const NS = 1_000_000_000n;

export const statusCalls: SystemCalls = {
  stat: (kernel, given) => {
    const node = kernel.node(kernel.state.workingDirectory, kernel.user.text(given.address(0)));
    return tell(kernel, node, given.address(1));
  },
  lstat: (kernel, given) => {
    const node = kernel.node(kernel.state.workingDirectory, kernel.user.text(given.address(0)), false);
    return tell(kernel, node, given.address(1));
  },
  fstat: (kernel, given) => tell(kernel, kernel.open(given.int(0)).node, given.address(1)),
  newfstatat: (kernel, given) => tell(kernel, nodeAt(kernel, given, given.flags(3)), given.address(2)),
  statx: (kernel, given) => {
    kernel.user.write(given.address(4), statx(nodeAt(kernel, given, given.flags(2))));
    return 0;
  },
  access: (kernel, given) => access(kernel, kernel.state.workingDirectory, given, 0),
  faccessat: (kernel, given) => access(kernel, from(kernel, given, 0, 1), given, 1),
  faccessat2: (kernel, given) => access(kernel, from(kernel, given, 0, 1), given, 1),
};

function nodeAt(kernel: Kernel, given: Arguments, flags: number): Node {
  const path = kernel.user.text(given.address(1));
  if (path === '' && (flags & AT_EMPTY_PATH) !== 0) return kernel.open(given.int(0)).node;
  return kernel.node(from(kernel, given, 0, 1), path, (flags & AT_SYMLINK_NOFOLLOW) === 0);
}

function tell(kernel: Kernel, node: Node, address: bigint): number {
  kernel.user.write(address, stat(node));
  return 0;
}

export function sizeOf(node: Node): number {
  if (isFile(node)) return node.sizeBytes;
  if (node.kind === 'directory') return BLOCK_BYTES;
  return node.kind === 'link' ? new TextEncoder().encode(node.target).length : 0;
}

const linksOf = (node: Node): number => {
  if (node.kind === 'pipe' || node.kind === 'stream') return 1;
  if (node.kind !== 'directory') return node.links;
  return 2 + [...node.entries.values()].filter(({ kind }) => kind === 'directory').length;
};

const sectorsOf = (node: Node): number =>
  isFile(node) ? Math.ceil(node.sizeBytes / BLOCK_BYTES) * (BLOCK_BYTES / SECTOR_BYTES) : 0;

/** struct stat of x86-64. */
function stat(node: Node): Uint8Array {
  const bytes = new Uint8Array(144);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, DEVICE, true);
  view.setBigUint64(8, BigInt(node.inode), true);
  view.setBigUint64(16, BigInt(linksOf(node)), true);
  view.setUint32(24, statMode(node), true);
  view.setUint32(28, USER_ID, true);
  view.setUint32(32, USER_ID, true);
  view.setBigUint64(48, BigInt(sizeOf(node)), true);
  view.setBigUint64(56, BigInt(BLOCK_BYTES), true);
  view.setBigUint64(64, BigInt(sectorsOf(node)), true);
  for (const at of [72, 88, 104]) {
    view.setBigUint64(at, node.changedNs / NS, true);
    view.setBigUint64(at + 8, node.changedNs % NS, true);
  }
  return bytes;
}

/** struct statx. */
function statx(node: Node): Uint8Array {
  const bytes = new Uint8Array(256);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, STATX_BASIC, true);
  view.setUint32(4, BLOCK_BYTES, true);
  view.setUint32(16, linksOf(node), true);
  view.setUint32(20, USER_ID, true);
  view.setUint32(24, USER_ID, true);
  view.setUint16(28, statMode(node), true);
  view.setBigUint64(32, BigInt(node.inode), true);
  view.setBigUint64(40, BigInt(sizeOf(node)), true);
  view.setBigUint64(48, BigInt(sectorsOf(node)), true);
  for (const at of [64, 96, 112]) {
    view.setBigInt64(at, node.changedNs / NS, true);
    view.setUint32(at + 8, Number(node.changedNs % NS), true);
  }
  view.setUint32(140, Number(DEVICE), true);
  return bytes;
}

function access(kernel: Kernel, directory: Directory, given: Arguments, index: number): number {
  const wanted = given.flags(index + 1);
  if (wanted > 7) throw new SystemError('EINVAL');
  const { mode } = kernel.node(directory, kernel.user.text(given.address(index)));
  if (((mode >> 6) & wanted) !== wanted) throw new SystemError('EACCES');
  return 0;
}
