import type { WorkerLanes } from './worker-lanes.ts';

export const WATCH_INTERVAL_MS = 25;

/** Time that counts between two looks: while this process is stopped, or busy, no checker is blamed. */
const STEP_MS_MAX = 4 * WATCH_INTERVAL_MS;

/** Measures how long a worker has been judging one image, seen from outside. */
export class JudgingClock {
  private turn = -1;
  private spentMs = 0;
  private lookedAt = performance.now();

  constructor(private readonly lanes: WorkerLanes) {}

  /** To be asked every `WATCH_INTERVAL_MS`. */
  judgingMs(): number {
    const now = performance.now();
    const stepMs = Math.min(now - this.lookedAt, STEP_MS_MAX);
    const { turn, isJudging } = this.lanes;
    this.spentMs = isJudging && turn === this.turn ? this.spentMs + stepMs : 0;
    this.turn = turn;
    this.lookedAt = now;
    return this.spentMs;
  }
}
