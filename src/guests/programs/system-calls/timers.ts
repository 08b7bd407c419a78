import { SystemError } from '../errno.ts';
import type { Kernel } from '../kernel.ts';
import { signalInformation } from '../signal-frame.ts';
import type { SignalInfo } from '../signal-state.ts';
import { takePending, UNBLOCKABLE } from '../signals.ts';
import type { Timer } from '../timer-state.ts';
import { expireTimers, sleep, timerClock, waitForSignal } from '../timers.ts';
import type { SystemCalls } from './call.ts';
import { timeAt, timespec } from './time.ts';

const NS = 1_000_000_000n;
const MICROSECOND_NS = 1000n;
const TIMEVAL_BYTES = 16n;
const MASK_BYTES = 8;
const NO_SIGNAL = 'it waits for a signal that nobody sends';

/** Interval timers, and waiting for signals. */
export const timerCalls: SystemCalls = {
  setitimer: (kernel, given) => {
    const [which, fresh, old] = [given.int(0), given.address(1), given.address(2)];
    const timer = timerAt(kernel, which);
    // A null pointer disarms it.
    const [intervalNs, leftNs] = [0n, TIMEVAL_BYTES].map((offset) =>
      fresh === 0n ? 0n : timeAt(kernel, fresh + offset, MICROSECOND_NS),
    );
    if (old !== 0n) tell(kernel, timer, old, MICROSECOND_NS);
    arm(kernel, timer, leftNs, intervalNs);
    return 0;
  },
  getitimer: (kernel, given) => {
    tell(kernel, timerAt(kernel, given.int(0)), given.address(1), MICROSECOND_NS);
    return 0;
  },
  alarm: (kernel, given) => {
    const timer = timerAt(kernel, 0);
    const before = left(kernel, timer, MICROSECOND_NS);
    arm(kernel, timer, BigInt(given.flags(0)) * NS, 0n);
    // Rounded to the nearest second, but never to 0.
    return before > 0n && before < NS ? 1 : (before + NS / 2n) / NS;
  },
  rt_sigtimedwait: (kernel, given) => {
    if (given.size(3) !== MASK_BYTES) throw new SystemError('EINVAL');
    const wanted = kernel.user.number(given.address(0), MASK_BYTES) & ~UNBLOCKABLE;
    const timeout = given.address(2);
    const info = take(kernel, wanted, timeout === 0n ? undefined : timeAt(kernel, timeout));
    if (given.address(1) !== 0n) kernel.user.write(given.address(1), signalInformation(info));
    return info.signal;
  },
  pause: (kernel) => waitForSignal(kernel, NO_SIGNAL),
  rt_sigsuspend: (kernel, given) => {
    if (given.size(1) !== MASK_BYTES) throw new SystemError('EINVAL');
    const { signals } = kernel.state;
    const mask = kernel.user.number(given.address(0), MASK_BYTES) & ~UNBLOCKABLE;
    signals.suspendedMask = signals.blocked;
    signals.blocked = mask;
    return waitForSignal(kernel, NO_SIGNAL);
  },
};

/** A signal of a mask, once it is pending. Throws EAGAIN when none is in time, and EINTR when another one interrupts. */
function take(kernel: Kernel, wanted: bigint, timeoutNs: bigint | undefined): SignalInfo {
  const { signals } = kernel.state;
  const found = takePending(signals, wanted);
  if (found !== undefined) return found;
  const { blocked } = signals;
  signals.blocked &= ~wanted; // what is waited for interrupts
  try {
    if (timeoutNs === undefined) waitForSignal(kernel, NO_SIGNAL);
    if (sleep(kernel, timeoutNs) === 0n) throw new SystemError('EAGAIN');
    throw new SystemError('EINTR');
  } catch (error) {
    expireTimers(kernel);
    const sent = error instanceof SystemError ? takePending(signals, wanted) : undefined;
    if (sent === undefined) throw error;
    return sent;
  } finally {
    signals.blocked = blocked;
  }
}

/** Throws EINVAL. */
function timerAt({ state }: Kernel, which: number): Timer {
  const timer = state.timers.interval[which];
  if (timer === undefined) throw new SystemError('EINVAL');
  return timer;
}

/** Has a timer expire after so much time, and again after each interval; never, without time. */
export function arm(kernel: Kernel, timer: Timer, leftNs: bigint, intervalNs: bigint): void {
  timer.dueNs = leftNs === 0n ? undefined : timerClock(kernel, timer) + leftNs;
  timer.intervalNs = intervalNs;
}

/** What is left of the time of an armed timer, at least one unit; 0 of another. */
function left(kernel: Kernel, timer: Timer, unitNs: bigint): bigint {
  if (timer.dueNs === undefined) return 0n;
  const leftNs = timer.dueNs - timerClock(kernel, timer);
  return leftNs < unitNs ? unitNs : leftNs;
}

/** Writes a struct itimerval (units of 1,000 ns) or itimerspec (1): interval, and time that is left. */
export function tell(kernel: Kernel, timer: Timer, address: bigint, unitNs: bigint): void {
  kernel.user.write(address, timespec(timer.intervalNs, unitNs));
  kernel.user.write(address + TIMEVAL_BYTES, timespec(left(kernel, timer, unitNs), unitNs));
}
