import { SystemError } from '../errno.ts';
import type { Kernel } from '../kernel.ts';
import { SIGALRM, SIGNALS_MAX } from '../signal-numbers.ts';
import { SI_TIMER } from '../signal-state.ts';
import { newTimer, type Timer } from '../timer-state.ts';
import type { Arguments, SystemCalls } from './call.ts';
import { PROCESS_ID } from './identity.ts';
import { clock, EXECUTED_CLOCKS, TIMER_ABSTIME, timeAt } from './time.ts';
import { arm, tell } from './timers.ts';

const TIMERS_MAX = 64;
const CLOCK_REALTIME = 0;
const SIGEV_SIGNAL = 0;
const SIGEV_NONE = 1;
const SIGEV_THREAD_ID = 4;
const TIMESPEC_BYTES = 16n;

/** Timers that are created, each with a clock and a signal of its own. */
export const createdTimerCalls: SystemCalls = {
  timer_create: (kernel, given) => {
    const { created } = kernel.state.timers;
    const clockId = given.int(0);
    clock(kernel, clockId);
    let id = 0;
    while (created.has(id)) id++;
    if (id >= TIMERS_MAX) throw new SystemError('EAGAIN');
    const { signal, value } = notification(kernel, given.address(1), id);
    kernel.user.write(given.address(2), new Uint8Array(new Int32Array([id]).buffer));
    const runsBy = EXECUTED_CLOCKS.has(clockId) ? 'executed' : 'elapsed';
    const isRealtime = clockId === CLOCK_REALTIME;
    created.set(id, newTimer({ clock: runsBy, signal, code: SI_TIMER, created: { id, value, isRealtime } }));
    return 0;
  },
  timer_settime: (kernel, given) => {
    const timer = timerOf(kernel, given);
    const [fresh, old] = [given.address(2), given.address(3)];
    const intervalNs = timeAt(kernel, fresh);
    const time = timeAt(kernel, fresh + TIMESPEC_BYTES);
    const isAbsolute = (given.flags(1) & TIMER_ABSTIME) !== 0 && time !== 0n;
    if (old !== 0n) tell(kernel, timer, old, 1n);
    const leftNs = isAbsolute ? time - nowOf(kernel, timer) : time;
    arm(kernel, timer, isAbsolute && leftNs <= 0n ? 1n : leftNs, intervalNs);
    timer.overruns = 0;
    return 0;
  },
  timer_gettime: (kernel, given) => {
    tell(kernel, timerOf(kernel, given), given.address(1), 1n);
    return 0;
  },
  timer_getoverrun: (kernel, given) => timerOf(kernel, given).overruns,
  timer_delete: (kernel, given) => {
    timerOf(kernel, given);
    kernel.state.timers.created.delete(given.int(0));
    return 0;
  },
};

/** Throws EINVAL. */
function timerOf({ state }: Kernel, given: Arguments): Timer {
  const timer = state.timers.created.get(given.int(0));
  if (timer === undefined) throw new SystemError('EINVAL');
  return timer;
}

const nowOf = (kernel: Kernel, { clock: runsBy, created }: Timer): bigint => {
  if (runsBy === 'executed') return kernel.executedNs;
  return created?.isRealtime === true ? kernel.nowNs : kernel.sinceStartNs;
};

/** struct sigevent: value, signal, how, and which thread; without one SIGALRM with the timer's number. Throws EINVAL. */
function notification(
  { user }: Kernel,
  address: bigint,
  id: number,
): { readonly signal: number; readonly value: bigint } {
  if (address === 0n) return { signal: SIGALRM, value: BigInt(id) };
  const value = user.number(address, 8);
  const signal = Number(user.number(address + 8n, 4));
  const how = Number(user.number(address + 12n, 4));
  if (how === SIGEV_NONE) return { signal: 0, value };
  const isOther = how === SIGEV_THREAD_ID && user.number(address + 16n, 4) !== BigInt(PROCESS_ID);
  if ((how !== SIGEV_SIGNAL && how !== SIGEV_THREAD_ID) || isOther) throw new SystemError('EINVAL');
  if (signal < 1 || signal > SIGNALS_MAX) throw new SystemError('EINVAL');
  return { signal, value };
}
