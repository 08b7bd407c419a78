import { RAX } from '../../processor/registers.ts';
import { SystemError } from './errno.ts';
import { Ended, type Kernel } from './kernel.ts';
import { SIGALRM } from './signal-numbers.ts';
import { SI_KERNEL } from './signal-state.ts';
import { interrupts, isInterrupted, send } from './signals.ts';
import { TIMER_SIGNALS } from './timer-state.ts';

const ITIMER_REAL = 0;
const SYSCALL_BYTES = 2;

/** The real timer runs while the process sleeps, the others do not. */
export const timerClock = (kernel: Kernel, which: number): bigint =>
  which === ITIMER_REAL ? kernel.sinceStartNs : kernel.executedNs;

/** How many instructions are executed, in all, when the next timer expires: `Infinity` when none is armed. */
export function nextExpiry(kernel: Kernel): number {
  let instructions = Number.POSITIVE_INFINITY;
  for (const [which, { dueNs }] of kernel.state.timers.entries()) {
    if (dueNs === undefined) continue;
    instructions = Math.min(instructions, kernel.instructionsAfter(dueNs - timerClock(kernel, which)));
  }
  return instructions;
}

/** Sends the signals of timers whose time has come. One that expired more than once sends one. */
export function expireTimers(kernel: Kernel): void {
  for (const [which, timer] of kernel.state.timers.entries()) {
    const { dueNs, intervalNs } = timer;
    const now = timerClock(kernel, which);
    if (dueNs === undefined || dueNs > now) continue;
    timer.dueNs = intervalNs === 0n ? undefined : dueNs + intervalNs * ((now - dueNs) / intervalNs + 1n);
    const signal = TIMER_SIGNALS[which];
    send(kernel.state, { signal, code: SI_KERNEL, address: 0n, trap: 0, error: 0, faultAddress: 0n });
  }
}

/** Lets virtual time pass, up to a signal that interrupts. Returns how much is left. */
export function sleep(kernel: Kernel, ns: bigint): bigint {
  const { state, sinceStartNs } = kernel;
  const { dueNs } = state.timers[ITIMER_REAL];
  const isCut = dueNs !== undefined && dueNs < sinceStartNs + ns && interrupts(state, SIGALRM);
  const passed = isCut ? dueNs - sinceStartNs : ns;
  state.sleptNs += passed;
  return ns - passed;
}

/**
 * Waits until a signal interrupts: throws EINTR, or ends the process when there will be none. Where it `isRestarted`, a handler
 * with SA_RESTART is followed by the same system call.
 */
export function waitForSignal(
  kernel: Kernel,
  reason: string,
  { isRestarted = false }: { readonly isRestarted?: boolean } = {},
): never {
  const { state } = kernel;
  const { dueNs } = state.timers[ITIMER_REAL];
  if (!isInterrupted(state)) {
    if (dueNs === undefined || !interrupts(state, SIGALRM)) throw new Ended({ why: 'blocked', reason });
    state.sleptNs += dueNs - kernel.sinceStartNs;
  }
  const { processor } = kernel;
  if (isRestarted)
    state.signals.restart = {
      number: processor.general(RAX),
      instructionPointer: processor.instructionPointer - SYSCALL_BYTES,
    };
  throw new SystemError('EINTR');
}
