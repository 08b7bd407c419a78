import { RAX } from '../../processor/registers.ts';
import { SystemError } from './errno.ts';
import { Ended, type Kernel, SLEPT_NS_MAX } from './kernel.ts';
import type { SignalInfo } from './signal-state.ts';
import { interrupts, isInterrupted, send } from './signals.ts';
import type { Timer } from './timer-state.ts';

const SYSCALL_BYTES = 2;
/** No more are counted: they are told as an int (timer_getoverrun(2)). */
const OVERRUNS_MAX = 0x7fff_ffff;

function* timersOf({ state: { timers } }: Kernel): Generator<Timer> {
  yield* timers.interval;
  yield* timers.created.values();
}

/** Where the clock of a timer is. */
export const timerClock = (kernel: Kernel, { clock }: Timer): bigint =>
  clock === 'elapsed' ? kernel.sinceStartNs : kernel.executedNs;

/** How many instructions are executed, in all, when the next timer expires: `Infinity` when none is armed. */
export function nextExpiry(kernel: Kernel): number {
  let instructions = Number.POSITIVE_INFINITY;
  for (const timer of timersOf(kernel)) {
    if (timer.dueNs === undefined || timer.signal === 0) continue;
    instructions = Math.min(instructions, kernel.instructionsAfter(timer.dueNs - timerClock(kernel, timer)));
  }
  return instructions;
}

/** Sends the signals of timers whose time has come. One that expired more than once sends one. */
export function expireTimers(kernel: Kernel): void {
  for (const timer of timersOf(kernel)) {
    const { dueNs, intervalNs } = timer;
    const now = timerClock(kernel, timer);
    if (dueNs === undefined || dueNs > now) continue;
    const more = intervalNs === 0n ? 0n : (now - dueNs) / intervalNs;
    timer.dueNs = intervalNs === 0n ? undefined : dueNs + intervalNs * (more + 1n);
    if (timer.signal !== 0) sendOf(kernel, timer, Math.min(Number(more), OVERRUNS_MAX));
  }
}

function sendOf({ state }: Kernel, timer: Timer, more: number): void {
  const { signal, code, created } = timer;
  const isOfTimer = (info: SignalInfo): boolean =>
    created !== undefined && info.code === code && info.timer === created.id;
  if (state.signals.pending.some(isOfTimer)) {
    timer.overruns = Math.min(timer.overruns + more + 1, OVERRUNS_MAX);
    return;
  }
  timer.overruns = more;
  const sender = created && (BigInt(more) << 32n) | BigInt(created.id);
  send(state, {
    ...{ signal, code, address: 0n, trap: 0, error: 0, faultAddress: 0n },
    ...(created && sender !== undefined && { sender, value: created.value, timer: created.id }),
  });
}

/**
 * When the next timer sends a signal that interrupts, by the clock that runs while the process sleeps; nothing where that is
 * never.
 */
function nextInterruption(kernel: Kernel): bigint | undefined {
  let earliest: bigint | undefined;
  for (const { clock, dueNs, signal } of timersOf(kernel)) {
    if (clock !== 'elapsed' || dueNs === undefined || dueNs > SLEPT_NS_MAX || signal === 0) continue;
    if (interrupts(kernel.state, signal) && (earliest === undefined || dueNs < earliest)) earliest = dueNs;
  }
  return earliest;
}

function pass(state: Kernel['state'], ns: bigint): void {
  const sleptNs = state.sleptNs + ns;
  state.sleptNs = sleptNs < SLEPT_NS_MAX ? sleptNs : SLEPT_NS_MAX;
}

/** Lets virtual time pass, up to a signal that interrupts. Returns how much is left. */
export function sleep(kernel: Kernel, ns: bigint): bigint {
  const { state, sinceStartNs } = kernel;
  const dueNs = nextInterruption(kernel);
  const isCut = dueNs !== undefined && dueNs < sinceStartNs + ns;
  const passed = isCut ? dueNs - sinceStartNs : ns;
  pass(state, passed);
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
  if (!isInterrupted(state)) {
    const dueNs = nextInterruption(kernel);
    if (dueNs === undefined) throw new Ended({ why: 'blocked', reason });
    pass(state, dueNs - kernel.sinceStartNs);
  }
  const { processor } = kernel;
  if (isRestarted)
    state.signals.restart = {
      number: processor.general(RAX),
      instructionPointer: processor.instructionPointer - SYSCALL_BYTES,
    };
  throw new SystemError('EINTR');
}
