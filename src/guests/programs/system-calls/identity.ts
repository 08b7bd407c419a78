import { SystemError } from '../errno.ts';
import { DESCRIPTORS_MAX, Ended, type Kernel } from '../kernel.ts';
import { STACK_BYTES, USER_ID } from '../loader.ts';
import type { Arguments, SystemCalls } from './call.ts';

/** Of the process, its thread, its group and its session. */
export const PROCESS_ID = 1000;
const PARENT_ID = 1;

const ARCH_SET_GS = 0x1001;
const ARCH_SET_FS = 0x1002;
const ARCH_GET_FS = 0x1003;
const ARCH_GET_GS = 0x1004;
const RLIMIT_STACK = 3;
const RLIMIT_NOFILE = 7;
const RLIMITS = 16;
const RLIM_INFINITY = (1n << 64n) - 1n;
const PR_SET_NAME = 15;
const NAME_BYTES = 65;

const always =
  (result: number): (() => number) =>
  () =>
    result;

const notYet = (what: string) => (): never => {
  throw new Ended({ why: 'unsupported', reason: `${what} are not supported yet` });
};

export const identityCalls: SystemCalls = {
  getpid: always(PROCESS_ID),
  gettid: always(PROCESS_ID),
  getpgrp: always(PROCESS_ID),
  getpgid: always(PROCESS_ID),
  getsid: always(PROCESS_ID),
  getppid: always(PARENT_ID),
  getuid: always(USER_ID),
  geteuid: always(USER_ID),
  getgid: always(USER_ID),
  getegid: always(USER_ID),
  getgroups: always(0),
  set_tid_address: always(PROCESS_ID),
  personality: always(0),
  // Libraries ask for these two and go on without.
  set_robust_list: () => {
    throw new SystemError('ENOSYS');
  },
  rseq: () => {
    throw new SystemError('ENOSYS');
  },
  prctl: (_, given) => {
    if (given.int(0) !== PR_SET_NAME) throw new SystemError('EINVAL');
    return 0;
  },
  arch_prctl: architecture,
  uname: (kernel, given) => {
    const names = ['Linux', 'tearline', '6.1.0', '#1', 'x86_64', '(none)'];
    const bytes = new Uint8Array(NAME_BYTES * names.length);
    for (const [index, name] of names.entries())
      bytes.set(new TextEncoder().encode(name), NAME_BYTES * index);
    kernel.user.write(given.address(0), bytes);
    return 0;
  },
  getrlimit: (kernel, given) => tellLimit(kernel, given.int(0), given.address(1)),
  setrlimit: always(0),
  prlimit64: (kernel, given) => {
    const process = given.int(0);
    if (process !== 0 && process !== PROCESS_ID) throw new SystemError('ESRCH');
    return given.address(3) === 0n ? 0 : tellLimit(kernel, given.int(1), given.address(3));
  },
  getrusage: (kernel, given) => {
    const usage = new BigInt64Array(18); // user time first, as seconds and microseconds
    usage[0] = kernel.executedNs / 1_000_000_000n;
    usage[1] = (kernel.executedNs % 1_000_000_000n) / 1000n;
    kernel.user.write(given.address(1), new Uint8Array(usage.buffer));
    return 0;
  },
  sysinfo: (kernel, given) => {
    const bytes = new Uint8Array(112);
    const view = new DataView(bytes.buffer);
    view.setBigInt64(0, kernel.sinceStartNs / 1_000_000_000n, true);
    view.setBigUint64(32, BigInt(kernel.spec.memoryBytes), true);
    view.setBigUint64(40, BigInt(kernel.spec.memoryBytes), true);
    view.setUint16(80, 1, true);
    view.setUint32(104, 1, true);
    kernel.user.write(given.address(0), bytes);
    return 0;
  },
  getrandom: (kernel, given) => {
    const bytes = kernel.random(given.size(1));
    kernel.user.write(given.address(0), bytes);
    return bytes.length;
  },
  exit: exit,
  exit_group: exit,
  clone: notYet('programs with several threads or processes'),
  clone3: notYet('programs with several threads or processes'),
  fork: notYet('programs with several processes'),
  vfork: notYet('programs with several processes'),
  execve: notYet('programs that start others'),
  execveat: notYet('programs that start others'),
  wait4: noChild,
  waitid: noChild,
  // A group and a session of its own it has.
  setpgid: always(0),
  setsid: () => {
    throw new SystemError('EPERM');
  },
};

function noChild(): never {
  throw new SystemError('ECHILD');
}

function exit(_: Kernel, given: Arguments): never {
  throw new Ended({ why: 'exited', status: given.flags(0) & 0xff });
}

function architecture({ processor, user }: Kernel, given: Arguments): number {
  const base = given.address(1);
  const code = given.int(0);
  switch (code) {
    case ARCH_SET_FS:
    case ARCH_SET_GS:
      if (base >= 1n << 47n) throw new SystemError('EPERM');
      processor.setSegmentBase(code === ARCH_SET_FS ? 'fs' : 'gs', base);
      return 0;
    case ARCH_GET_FS:
    case ARCH_GET_GS: {
      const segment = code === ARCH_GET_FS ? 'fs' : 'gs';
      user.write(base, new Uint8Array(new BigUint64Array([processor.segmentBase(segment)]).buffer));
      return 0;
    }
    default:
      throw new SystemError('EINVAL');
  }
}

function tellLimit({ user }: Kernel, resource: number, address: bigint): number {
  if (resource < 0 || resource >= RLIMITS) throw new SystemError('EINVAL');
  const soft =
    resource === RLIMIT_STACK
      ? BigInt(STACK_BYTES)
      : resource === RLIMIT_NOFILE
        ? BigInt(DESCRIPTORS_MAX)
        : RLIM_INFINITY;
  user.write(address, new Uint8Array(new BigUint64Array([soft, soft]).buffer));
  return 0;
}
