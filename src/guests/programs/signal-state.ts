import { SIGNALS_MAX } from './signal-numbers.ts';

export const SIG_DFL = 0n;
export const SIG_IGN = 1n;
/** si_code of a signal of the kernel, of one that a process sent, and of one that it sent to a thread. */
export const SI_KERNEL = 0x80;
export const SI_USER = 0;
export const SI_TKILL = -6;
export const SI_TIMER = -2;
export const SS_ONSTACK = 1;
export const SS_DISABLE = 2;

/** The other stack of a process for signals, as sigaltstack has it. */
export interface SignalStack {
  readonly pointer: bigint;
  readonly flags: number;
  readonly sizeBytes: bigint;
}

/** A signal that is sent. */
export interface SignalInfo {
  readonly signal: number;
  /** si_code. */
  readonly code: number;
  /** si_addr: where a fault happened. */
  readonly address: bigint;
  /** si_pid and si_uid, of a signal that a process sent. */
  readonly sender?: bigint;
  /** The timer of timer_create that sent it. */
  readonly timer?: number;
  /** si_value, of one that was queued with a value. */
  readonly value?: bigint;
  /** Number of the processor's exception, its error code, and cr2. */
  readonly trap: number;
  readonly error: number;
  readonly faultAddress: bigint;
  /** What happened, for people, where the processor raised it. */
  readonly reason?: string;
}

/** What a program asked for by rt_sigaction. */
export interface SignalAction {
  readonly handler: bigint;
  readonly flags: number;
  readonly restorer: bigint;
  readonly mask: bigint;
}

/** What changes while a program runs, as plain data. */
export interface SignalState {
  /** By number. */
  readonly actions: SignalAction[];
  blocked: bigint;
  /** What is blocked again behind the next handler: while rt_sigsuspend waits with another mask. */
  suspendedMask: bigint | undefined;
  pending: readonly SignalInfo[];
  /** The system call that a signal interrupts: behind a handler with SA_RESTART it is made again. */
  restart: { readonly number: bigint; readonly instructionPointer: number } | undefined;
  stack: SignalStack;
}

export const makeSignals = (): SignalState => ({
  actions: Array.from({ length: SIGNALS_MAX + 1 }, () => ({
    handler: SIG_DFL,
    flags: 0,
    restorer: 0n,
    mask: 0n,
  })),
  blocked: 0n,
  suspendedMask: undefined,
  pending: [],
  restart: undefined,
  stack: NO_STACK,
});

const NO_STACK: SignalStack = { pointer: 0n, flags: SS_DISABLE, sizeBytes: 0n };
