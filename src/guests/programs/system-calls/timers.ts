import { SystemError } from '../errno.ts';
import type { Kernel } from '../kernel.ts';
import { signalInformation } from '../signal-frame.ts';
import type { SignalInfo } from '../signal-state.ts';
import { takePending, UNBLOCKABLE } from '../signals.ts';
import type { IntervalTimer } from '../timer-state.ts';
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
    if (old !== 0n) tell(kernel, which, old);
    arm(kernel, which, timer, leftNs, intervalNs);
    return 0;
  },
  getitimer: (kernel, given) => {
    timerAt(kernel, given.int(0));
    tell(kernel, given.int(0), given.address(1));
    return 0;
  },
  alarm: (kernel, given) => {
    const timer = timerAt(kernel, 0);
    const before = left(kernel, 0, timer);
    arm(kernel, 0, timer, BigInt(given.flags(0)) * NS, 0n);
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
function timerAt({ state }: Kernel, which: number): IntervalTimer {
  const timer = state.timers[which];
  if (timer === undefined) throw new SystemError('EINVAL');
  return timer;
}

function arm(kernel: Kernel, which: number, timer: IntervalTimer, leftNs: bigint, intervalNs: bigint): void {
  timer.dueNs = leftNs === 0n ? undefined : timerClock(kernel, which) + leftNs;
  timer.intervalNs = intervalNs;
}

/** What is left of the time of an armed timer, at least 1 microsecond; 0 of another. */
function left(kernel: Kernel, which: number, { dueNs }: IntervalTimer): bigint {
  if (dueNs === undefined) return 0n;
  const leftNs = dueNs - timerClock(kernel, which);
  return leftNs < MICROSECOND_NS ? MICROSECOND_NS : leftNs;
}

/** Writes a struct itimerval: interval, and time that is left. */
function tell(kernel: Kernel, which: number, address: bigint): void {
  const timer = timerAt(kernel, which);
  kernel.user.write(address, timespec(timer.intervalNs, MICROSECOND_NS));
  kernel.user.write(address + TIMEVAL_BYTES, timespec(left(kernel, which, timer), MICROSECOND_NS));
}
