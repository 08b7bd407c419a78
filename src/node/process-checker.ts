import type { Verdict } from '../explore/verdict.ts';

/** A checker outside of this process. One serves one worker. */
export interface ProcessChecker {
  /** Rejects with `InputError` when it cannot be started at all. */
  judge(imagePath: string): Promise<Verdict>;
  /** Ends what runs, at once. */
  close(): void;
}
