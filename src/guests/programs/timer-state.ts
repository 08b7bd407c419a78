import { SIGALRM, SIGPROF, SIGVTALRM } from './signal-numbers.ts';

/** An interval timer, as setitimer has it. */
export interface IntervalTimer {
  /** When it expires next, by its own clock; undefined when it is not armed. */
  dueNs: bigint | undefined;
  /** From each time to the next; 0 when it expires once. */
  intervalNs: bigint;
}

/** The signal of ITIMER_REAL, ITIMER_VIRTUAL and ITIMER_PROF. */
export const TIMER_SIGNALS = [SIGALRM, SIGVTALRM, SIGPROF];

export const makeTimers = (): readonly IntervalTimer[] =>
  TIMER_SIGNALS.map(() => ({ dueNs: undefined, intervalNs: 0n }));
