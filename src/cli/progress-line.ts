import type { Writable } from 'node:stream';
import type { CampaignProgress } from '../node/campaign-spec.ts';
import type { TaskProgress } from '../node/mechanism-campaign.ts';

const LINE_INTERVAL_MS = 10_000;

/** Shows progress on stderr: one line that is redrawn on a terminal, a line every 10 seconds elsewhere. */
export class ProgressLine {
  private toldAtMs = 0;
  private isDrawn = false;

  constructor(private readonly stream: Writable & Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>>) {}

  show(text: string, elapsedMs: number): void {
    if (this.stream.isTTY) {
      this.isDrawn = true;
      this.stream.write(`\r\x1b[K${text.slice(0, Math.max(20, (this.stream.columns ?? 80) - 1))}`);
    } else if (elapsedMs - this.toldAtMs >= LINE_INTERVAL_MS) {
      this.toldAtMs = elapsedMs;
      this.stream.write(`${text}\n`);
    }
  }

  clear(): void {
    if (this.isDrawn) this.stream.write('\r\x1b[K');
    this.isDrawn = false;
  }
}

/** How far a campaign over images is. */
export function imagesText({ checked, violating, fraction, elapsedMs }: CampaignProgress): string {
  const seconds = elapsedMs / 1000;
  const rate = Math.round(checked / Math.max(0.001, seconds));
  const left = fraction > 0.001 ? duration((seconds * (1 - fraction)) / fraction) : 'unknown';
  return (
    `${Math.floor(fraction * 100)}% of the run, ${checked.toLocaleString('en')} images checked, ` +
    `${rate.toLocaleString('en')}/s, ${violating.toLocaleString('en')} violating, ${left} left`
  );
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How far a campaign over mechanisms is. */
export const tasksText = ({ done, total, injections, elapsedMs }: TaskProgress): string =>
  `${done} of ${total} scenarios and mutants, ${injections.toLocaleString('en')} faults injected, ${Math.round(elapsedMs / 1000)} s`;
