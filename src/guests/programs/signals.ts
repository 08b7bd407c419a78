import { DF, RAX, RDI, RDX, RSI, RSP } from '../../processor/registers.ts';
import { SystemError } from './errno.ts';
import type { Kernel } from './kernel.ts';
import { addressOf, clearFloatState, popFrame, pushFrame } from './signal-frame.ts';
import { isIgnoredByDefault, SIGKILL, SIGRTMIN, SIGSEGV, SIGSTOP, signalName } from './signal-numbers.ts';
import {
  SI_TKILL,
  SIG_DFL,
  SIG_IGN,
  type SignalInfo,
  type SignalStack,
  SS_DISABLE,
  SS_ONSTACK,
} from './signal-state.ts';

const SA_ONSTACK = 0x08000000;
const SA_NODEFER = 0x40000000;
const SA_RESETHAND = 0x80000000;
const SA_RESTORER = 0x04000000;
const SA_RESTART = 0x10000000;
/** RLIMIT_SIGPENDING. */
const PENDING_MAX = 1000;

const bitOf = (signal: number): bigint => 1n << BigInt(signal - 1);

/** Those that can be neither blocked nor caught. */
export const UNBLOCKABLE = bitOf(SIGKILL) | bitOf(SIGSTOP);

/**
 * A signal that the process sends itself: it is delivered when the system call returns, unless it is blocked. Of each signal
 * one can wait for the process, and one for its thread; of real-time signals many. Throws EAGAIN where too many are waiting for
 * one more; that of a timer has its place from the beginning, as in Linux.
 */
export function send({ signals }: Kernel['state'], info: SignalInfo): void {
  const isWaiting = ({ signal, code }: SignalInfo): boolean =>
    signal === info.signal && (code === SI_TKILL) === (info.code === SI_TKILL);
  const isQueued = info.signal >= SIGRTMIN;
  if (!isQueued && signals.pending.some(isWaiting)) return;
  const isLimited = isQueued && info.timer === undefined;
  if (isLimited && signals.pending.length >= PENDING_MAX) throw new SystemError('EAGAIN');
  signals.pending = [...signals.pending, info];
}

/** Takes the signal of a mask that is delivered first: those of the thread, then those with the lowest number. */
export function takePending(signals: Kernel['state']['signals'], mask: bigint): SignalInfo | undefined {
  const [first] = signals.pending
    .filter(({ signal }) => (mask & bitOf(signal)) !== 0n)
    .sort((a, b) => Number(b.code === SI_TKILL) - Number(a.code === SI_TKILL) || a.signal - b.signal);
  if (first !== undefined) signals.pending = signals.pending.filter((info) => info !== first);
  return first;
}

/** Whether a signal, if it were sent now, would end what the process waits for: neither blocked nor ignored. */
export function interrupts({ signals }: Kernel['state'], signal: number): boolean {
  const { handler } = signals.actions[signal];
  const isIgnored = handler === SIG_IGN || (handler === SIG_DFL && isIgnoredByDefault(signal));
  return !isIgnored && (signals.blocked & bitOf(signal)) === 0n;
}

/** Whether such a signal is pending. */
export const isInterrupted = (state: Kernel['state']): boolean =>
  state.signals.pending.some(({ signal }) => interrupts(state, signal));

/** Delivers what is pending and not blocked: the handler of the last one runs first. */
export function deliverPending(kernel: Kernel): void {
  const { signals } = kernel.state;
  while (signals.pending.length > 0 && kernel.state.end === undefined) {
    const due = takePending(signals, ~signals.blocked);
    if (due === undefined) return;
    deliver(kernel, due);
  }
}

/** A signal that an instruction raised. It cannot be put off: where it is blocked or ignored it ends the process. */
export function raise(kernel: Kernel, info: SignalInfo): void {
  const { signals } = kernel.state;
  const isBlocked = (signals.blocked & bitOf(info.signal)) !== 0n;
  if (isBlocked || signals.actions[info.signal].handler === SIG_IGN) kill(kernel, info);
  else deliver(kernel, info);
}

function deliver(kernel: Kernel, info: SignalInfo): void {
  const { handler } = kernel.state.signals.actions[info.signal];
  if (handler === SIG_IGN) return;
  if (handler !== SIG_DFL) call(kernel, info);
  else if (!isIgnoredByDefault(info.signal)) kill(kernel, info);
}

/** Has the handler run next. */
function call(kernel: Kernel, info: SignalInfo): void {
  const { processor, user, state } = kernel;
  const { signals } = state;
  const action = signals.actions[info.signal];
  const { stack, restart } = signals;
  signals.restart = undefined;
  if (restart !== undefined && (action.flags & SA_RESTART) !== 0) {
    processor.setGeneral(RAX, restart.number);
    processor.instructionPointer = restart.instructionPointer;
  }
  const before = processor.general(RSP);
  const isOn = isOnStack(stack, before);
  const usesOther = (action.flags & SA_ONSTACK) !== 0 && (stack.flags & SS_DISABLE) === 0 && !isOn;
  try {
    if ((action.flags & SA_RESTORER) === 0) throw new SystemError('EFAULT');
    const frame = pushFrame(
      processor,
      user,
      info,
      action.restorer,
      usesOther ? stack.pointer + stack.sizeBytes : undefined,
      {
        mask: signals.suspendedMask ?? signals.blocked,
        stack: { ...stack, flags: stack.flags | (isOn ? SS_ONSTACK : 0) },
      },
    );
    // Else a handler that faults would begin at the top of the other stack again, for ever.
    if ((isOn || usesOther) && !isOnStack(stack, frame.stackPointer)) throw new SystemError('EFAULT');
    processor.setGeneral(RSP, frame.stackPointer);
    processor.setGeneral(RDI, BigInt(info.signal));
    processor.setGeneral(RSI, frame.info);
    processor.setGeneral(RDX, frame.context);
    processor.setGeneral(RAX, 0n);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const reason = `no room on the stack for the handler of ${signalName(info.signal)}`;
    kill(kernel, { ...info, signal: SIGSEGV, reason });
    return;
  }
  signals.suspendedMask = undefined;
  clearFloatState(processor);
  processor.flags &= ~DF;
  processor.instructionPointer = addressOf(processor.memory, action.handler);
  const own = (action.flags & SA_NODEFER) === 0 ? bitOf(info.signal) : 0n;
  signals.blocked = (signals.blocked | action.mask | own) & ~UNBLOCKABLE;
  if ((action.flags & SA_RESETHAND) !== 0) {
    signals.actions[info.signal] = { ...action, handler: SIG_DFL };
  }
  kernel.drain();
  kernel.hooks.told?.({ what: 'signal', number: info.signal, handler: action.handler });
}

/** rt_sigreturn: the program goes on as it was before the handler. */
export function returnFromHandler(kernel: Kernel): void {
  const { processor, user, state } = kernel;
  try {
    // The handler's return took the first word of the frame off the stack.
    const { mask, stack } = popFrame(processor, user, BigInt.asUintN(64, processor.general(RSP) - 8n));
    state.signals.blocked = mask & ~UNBLOCKABLE;
    state.signals.stack = { ...stack, flags: stack.flags & ~SS_ONSTACK };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const reason = 'the frame of a signal handler is gone from the stack';
    kill(kernel, { signal: SIGSEGV, code: 0, address: 0n, trap: 0, error: 0, faultAddress: 0n, reason });
  }
}

export const isOnStack = ({ pointer, flags, sizeBytes }: SignalStack, stackPointer: bigint): boolean =>
  (flags & SS_DISABLE) === 0 && stackPointer > pointer && stackPointer <= pointer + sizeBytes;

function kill({ state }: Kernel, { signal, reason }: SignalInfo): void {
  state.end = { why: 'killed', signal, signalName: signalName(signal), reason };
}
