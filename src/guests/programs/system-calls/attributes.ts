import { SystemError } from '../errno.ts';
import type { Kernel } from '../kernel.ts';
import type { Node } from '../nodes.ts';
import type { Arguments, SystemCalls } from './call.ts';
import { from, text } from './paths.ts';
import { timeAt } from './time.ts';
import { keep } from './users.ts';

const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
const PERMISSION_BITS = 0o7777;
const NS = 1_000_000_000n;
const MICROSECOND_NS = 1000n;
/** In place of nanoseconds. */
const UTIME_NOW = 0x3fffffff;
const UTIME_OMIT = 0x3ffffffe;

/** Mode, owner, times and extended attributes of files. */
export const attributeCalls: SystemCalls = {
  chmod: (kernel, given) => changeMode(named(kernel, given), given.flags(1)),
  fchmod: (kernel, given) => changeMode(kernel.open(given.int(0)).node, given.flags(1)),
  fchmodat: (kernel, given) =>
    changeMode(kernel.node(from(kernel, given, 0, 1), text(kernel, given, 1)), given.flags(2)),
  chown: (kernel, given) => changeOwner(named(kernel, given), given, 1),
  lchown: (kernel, given) => changeOwner(named(kernel, given, false), given, 1),
  fchown: (kernel, given) => changeOwner(kernel.open(given.int(0)).node, given, 1),
  fchownat: (kernel, given) => {
    const isOpen = (given.flags(4) & AT_EMPTY_PATH) !== 0 && text(kernel, given, 1) === '';
    const node = isOpen ? kernel.open(given.int(0)).node : nodeAt(kernel, given, given.flags(4));
    return changeOwner(node, given, 2);
  },
  utimensat: (kernel, given) => {
    const node =
      given.address(1) === 0n ? kernel.open(given.int(0)).node : nodeAt(kernel, given, given.flags(3));
    const times = given.address(2);
    const special = times === 0n ? UTIME_NOW : Number(kernel.user.number(times + 24n, 8));
    if (special === UTIME_OMIT) return 0;
    return changeTime(node, special === UTIME_NOW ? kernel.nowNs : timeAt(kernel, times + 16n));
  },
  utimes: (kernel, given) => changeTime(named(kernel, given), secondTimeval(kernel, given.address(1))),
  futimesat: (kernel, given) => changeTime(nodeAt(kernel, given, 0), secondTimeval(kernel, given.address(2))),
  utime: (kernel, given) => {
    const times = given.address(1);
    const node = named(kernel, given);
    return changeTime(node, times === 0n ? kernel.nowNs : kernel.user.number(times + 8n, 8) * NS);
  },
  // The files of a guest have none.
  getxattr: (kernel, given) => noAttribute(named(kernel, given)),
  lgetxattr: (kernel, given) => noAttribute(named(kernel, given, false)),
  fgetxattr: (kernel, given) => noAttribute(kernel.open(given.int(0)).node),
  setxattr: (kernel, given) => noAttribute(named(kernel, given)),
  lsetxattr: (kernel, given) => noAttribute(named(kernel, given, false)),
  fsetxattr: (kernel, given) => noAttribute(kernel.open(given.int(0)).node),
  removexattr: (kernel, given) => noAttribute(named(kernel, given)),
  lremovexattr: (kernel, given) => noAttribute(named(kernel, given, false)),
  fremovexattr: (kernel, given) => noAttribute(kernel.open(given.int(0)).node),
  listxattr: (kernel, given) => noAttribute(named(kernel, given)),
  llistxattr: (kernel, given) => noAttribute(named(kernel, given, false)),
  flistxattr: (kernel, given) => noAttribute(kernel.open(given.int(0)).node),
};

/** What the first argument leads to, as a path. */
const named = (kernel: Kernel, given: Arguments, followsLast = true): Node =>
  kernel.node(kernel.state.workingDirectory, text(kernel, given, 0), followsLast);

/** The same of a call with a directory before the path. */
const nodeAt = (kernel: Kernel, given: Arguments, flags: number): Node =>
  kernel.node(from(kernel, given, 0, 1), text(kernel, given, 1), (flags & AT_SYMLINK_NOFOLLOW) === 0);

function changeMode(node: Node, mode: number): number {
  node.mode = mode & PERMISSION_BITS;
  return 0;
}

/** To the one user that there is, by user and group from an argument on. Throws EPERM for another. */
function changeOwner(_: Node, given: Arguments, index: number): number {
  keep([given.flags(index), given.flags(index + 1)]);
  return 0;
}

/** There is one time of a file, that of the last change of its contents. */
function changeTime(node: Node, ns: bigint): number {
  node.changedNs = ns;
  return 0;
}

/** The second of two struct timeval, as nanoseconds; now where there are none. */
const secondTimeval = (kernel: Kernel, address: bigint): bigint =>
  address === 0n ? kernel.nowNs : timeAt(kernel, address + 16n, MICROSECOND_NS);

function noAttribute(_: Node): never {
  throw new SystemError('EOPNOTSUPP');
}
