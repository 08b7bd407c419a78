import { SystemError } from '../errno.ts';
import type { Kernel } from '../kernel.ts';
import { sleep, waitForSignal } from '../timers.ts';
import type { Arguments, SystemCalls } from './call.ts';

const NS = 1_000_000_000n;
const CLOCK_REALTIME = 0;
/** Clocks that count from the start: monotonic, raw, coarse, boot time. */
const ELAPSED = new Set([1, 4, 6, 7]);
/** Those of the processor, of the process and of its thread; the negative numbers name the process that asks. */
export const EXECUTED_CLOCKS: ReadonlySet<number> = new Set([2, 3, -6, -2]);
const CLOCK_REALTIME_COARSE = 5;
export const TIMER_ABSTIME = 1;
const TICK_NS = 10_000_000n;
/** Virtual time between two values of a clock. */
const RESOLUTION_NS = 1n;

export const timeCalls: SystemCalls = {
  clock_gettime: (kernel, given) => {
    kernel.user.write(given.address(1), timespec(clock(kernel, given.int(0))));
    return 0;
  },
  clock_getres: (kernel, given) => {
    clock(kernel, given.int(0));
    if (given.address(1) !== 0n) kernel.user.write(given.address(1), timespec(RESOLUTION_NS));
    return 0;
  },
  gettimeofday: (kernel, given) => {
    if (given.address(0) !== 0n) kernel.user.write(given.address(0), timespec(kernel.nowNs, 1000n));
    if (given.address(1) !== 0n) kernel.user.write(given.address(1), new Uint8Array(8)); // UTC
    return 0;
  },
  time: (kernel, given) => {
    const seconds = kernel.nowNs / NS;
    if (given.address(0) !== 0n) {
      kernel.user.write(given.address(0), new Uint8Array(new BigUint64Array([seconds]).buffer));
    }
    return seconds;
  },
  times: (kernel, given) => {
    const ticks = kernel.sinceStartNs / TICK_NS;
    if (given.address(0) !== 0n) {
      kernel.user.write(
        given.address(0),
        new Uint8Array(new BigUint64Array([kernel.executedNs / TICK_NS, 0n, 0n, 0n]).buffer),
      );
    }
    return ticks;
  },
  nanosleep: (kernel, given) => rest(kernel, timeAt(kernel, given.address(0)), given.address(1)),
  clock_nanosleep: (kernel, given) => {
    const until = timeAt(kernel, given.address(2));
    const now = clock(kernel, given.int(0));
    if ((given.flags(1) & TIMER_ABSTIME) === 0) return rest(kernel, until, given.address(3));
    return rest(kernel, until > now ? until - now : 0n, 0n);
  },
  futex,
};

/** A struct timespec, or timeval with `unitNs` 1000, in nanoseconds. Throws EINVAL. */
export function timeAt({ user }: Kernel, address: bigint, unitNs = 1n): bigint {
  const seconds = BigInt.asIntN(64, user.number(address, 8));
  const rest = BigInt.asIntN(64, user.number(address + 8n, 8)) * unitNs;
  if (seconds < 0n || rest < 0n || rest >= NS) throw new SystemError('EINVAL');
  return seconds * NS + rest;
}

/** A struct timespec, or timeval with `unitNs` 1000. */
export const timespec = (ns: bigint, unitNs = 1n): Uint8Array =>
  new Uint8Array(new BigInt64Array([ns / NS, (ns % NS) / unitNs]).buffer);

export function clock(kernel: Kernel, id: number): bigint {
  if (id === CLOCK_REALTIME || id === CLOCK_REALTIME_COARSE) return kernel.nowNs;
  if (ELAPSED.has(id)) return kernel.sinceStartNs;
  if (EXECUTED_CLOCKS.has(id)) return kernel.executedNs;
  throw new SystemError('EINVAL');
}

/** Sleeps. Throws EINTR when a signal interrupts, and writes how much is left, where that is wanted. */
function rest(kernel: Kernel, ns: bigint, address: bigint): number {
  const left = sleep(kernel, ns);
  if (left === 0n) return 0;
  if (address !== 0n) kernel.user.write(address, timespec(left));
  throw new SystemError('EINTR');
}

const FUTEX_COMMAND = 127;
const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;
const FUTEX_WAIT_BITSET = 9;
const FUTEX_WAKE_BITSET = 10;

/** In a process of one thread there is nobody to wake, and to wait is to wait until the timeout. */
function futex(kernel: Kernel, given: Arguments): number {
  switch (given.flags(1) & FUTEX_COMMAND) {
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
      return 0;
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET: {
      if (kernel.user.number(given.address(0), 4) !== BigInt(given.flags(2))) throw new SystemError('EAGAIN');
      const timeout = given.address(3);
      if (timeout === 0n) {
        waitForSignal(kernel, 'it waits for a lock that nobody can release', { isRestarted: true });
      }
      const time = timeAt(kernel, timeout);
      const isAbsolute = (given.flags(1) & FUTEX_COMMAND) === FUTEX_WAIT_BITSET;
      const left = isAbsolute ? time - kernel.sinceStartNs : time;
      const isCut = sleep(kernel, left > 0n ? left : 0n) > 0n;
      throw new SystemError(isCut ? 'EINTR' : 'ETIMEDOUT');
    }
    default:
      throw new SystemError('ENOSYS');
  }
}
