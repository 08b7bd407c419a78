import { SIGALRM, SIGPROF, SIGVTALRM } from './signal-numbers.ts';
import { SI_KERNEL } from './signal-state.ts';

/** A timer of setitimer, or of timer_create. */
export interface Timer {
  /** Whether it runs while the process sleeps, or by instructions executed alone. */
  readonly clock: 'elapsed' | 'executed';
  /** What it sends; 0: nothing. */
  readonly signal: number;
  /** si_code. */
  readonly code: number;
  /** Of timer_create: its number, si_value, and whether its times count from 1970. */
  readonly created?: { readonly id: number; readonly value: bigint; readonly isRealtime: boolean };
  /** When it expires next, by its own clock; undefined when it is not armed. */
  dueNs: bigint | undefined;
  /** From each time to the next; 0 when it expires once. */
  intervalNs: bigint;
  /** How often it expired beside the one time that its last signal stands for. */
  overruns: number;
}

/** What changes while a program runs, as plain data. */
export interface TimerState {
  /** ITIMER_REAL, ITIMER_VIRTUAL and ITIMER_PROF. */
  readonly interval: readonly Timer[];
  /** Those of timer_create, by number. */
  readonly created: Map<number, Timer>;
}

export const newTimer = (given: Omit<Timer, 'dueNs' | 'intervalNs' | 'overruns'>): Timer => ({
  ...given,
  dueNs: undefined,
  intervalNs: 0n,
  overruns: 0,
});

export const makeTimers = (): TimerState => ({
  interval: [
    newTimer({ clock: 'elapsed', signal: SIGALRM, code: SI_KERNEL }),
    newTimer({ clock: 'executed', signal: SIGVTALRM, code: SI_KERNEL }),
    newTimer({ clock: 'executed', signal: SIGPROF, code: SI_KERNEL }),
  ],
  created: new Map(),
});
