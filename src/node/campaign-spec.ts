import type { Limits, Shard } from '../explore/limits.ts';
import type { MachineConfiguration } from '../hardware/persistent-memory/configuration.ts';

/** Who judges the images. */
export type CheckerSpec =
  /** A module whose default export is a `Checker`; it may also export `promise`, a `PromiseFold`. */
  | { readonly kind: 'module'; readonly path: string }
  /** A command that is run once for each image. */
  | { readonly kind: 'command'; readonly text: string }
  /** A command that is kept running and asked for one image after the other. */
  | { readonly kind: 'server'; readonly text: string };

/** What a campaign is about, as plain data: equal specifications give equal classes. */
export interface CampaignSpec {
  /** Path of a store log or a recording, compressed or not. */
  readonly log: string;
  /** What was in files before the run: name of the file, and path of the image. */
  readonly base: readonly (readonly [file: string, imagePath: string])[];
  /** What is left out is that of the recording, or the default. */
  readonly configuration: Partial<MachineConfiguration>;
  readonly limits: Limits;
  readonly seed: bigint;
  readonly checker: CheckerSpec | undefined;
  readonly shard: Shard;
}

/** How a campaign is run, whatever it is about. */
export interface CampaignRun {
  /** Worker threads. */
  readonly jobs: number;
  /** Where results are kept while it runs, so that it can be resumed and merged. */
  readonly resultsFile: string | undefined;
  /** Where the witnesses are written; created when there is a violation. Undefined: nowhere. */
  readonly witnessDirectory: string | undefined;
  /** Whether the run is summed up for drawing. */
  readonly wantsTimeline: boolean;
  /** Ends the campaign early, with what is known. */
  readonly signal?: AbortSignal;
  /** Told what a user should know: one line each. */
  readonly onNote?: (line: string) => void;
  readonly onProgress?: (progress: CampaignProgress) => void;
}

/** How far a campaign is. */
export interface CampaignProgress {
  /** Classes with a result. */
  readonly checked: number;
  readonly violating: number;
  /** Of the run, from 0 to 1. */
  readonly fraction: number;
  readonly elapsedMs: number;
}
