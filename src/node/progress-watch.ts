import type { Findings } from '../explore/findings.ts';
import type { CampaignProgress } from './campaign-spec.ts';
import type { WorkerLanes } from './worker-lanes.ts';

const INTERVAL_MS = 200;

/** Looks now and then how far the workers are. */
export class ProgressWatch {
  private readonly startedAt = performance.now();
  private readonly followed: (WorkerLanes | undefined)[] = [];
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly findings: Findings,
    private readonly tell: ((progress: CampaignProgress) => void) | undefined,
  ) {
    if (tell !== undefined) this.timer = setInterval(() => this.look(), INTERVAL_MS);
  }

  /** A part of the work; to be given the lanes of each worker that is set to it. */
  follow(): (lanes: WorkerLanes) => void {
    const place = this.followed.push(undefined) - 1;
    return (lanes) => {
      this.followed[place] = lanes;
    };
  }

  close(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const fractions = this.followed.map((lanes) => lanes?.fraction ?? 0);
    const { checked, violating } = this.findings;
    const fraction =
      fractions.length === 0 ? 0 : fractions.reduce((sum, one) => sum + one, 0) / fractions.length;
    this.tell?.({ checked, violating, fraction, elapsedMs: performance.now() - this.startedAt });
  }
}
