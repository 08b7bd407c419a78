import type { Limits, Shard } from '../explore/limits.ts';
import type { MachineConfiguration } from '../hardware/persistent-memory/configuration.ts';
import type { ProgramRequest } from './program-request.ts';

/** Who judges the images. */
export type CheckerSpec =
  /** A module whose default export is a `Checker`; it may also export `promise`, a `PromiseFold`. */
  | { readonly kind: 'module'; readonly path: string }
  /** A command that is run once for each image. */
  | { readonly kind: 'command'; readonly text: string }
  /** A command that is kept running and asked for one image after the other. */
  | { readonly kind: 'server'; readonly text: string }
  /** A program that is run as a guest on each image, to recover it. */
  | RecoverySpec;

/** A recovery program, and what is wanted of it besides that it ends with exit status 0. */
export interface RecoverySpec {
  readonly kind: 'recovery';
  readonly program: ProgramRequest;
  /** Instructions after which it is said not to end. */
  readonly budgetInstructions: number;
  /** How many further crashes are tried, each within the recovery of the one before. */
  readonly nested: number;
  /** Source of a regular expression that its standard output has to match. */
  readonly expectOutput: string | null;
  /** Whether its output has to be that of a run that was not crashed. */
  readonly equivalent: boolean;
  /** Module whose default export is a `RecoveryChecker`. */
  readonly module: string | null;
}

/** A checker as it is told to people. */
export function checkerText(checker: CheckerSpec): string {
  switch (checker.kind) {
    case 'module':
      return checker.path;
    case 'recovery':
      return `recovery by ${checker.program.command.join(' ')}${checker.module === null ? '' : `, ${checker.module}`}`;
    default:
      return checker.text;
  }
}

/** What a campaign is about, as plain data: equal specifications give equal classes. */
export interface CampaignSpec {
  /** Path of a store log or a recording, compressed or not; of a program its command. */
  readonly log: string;
  /** The program whose run this is about; undefined for a log. */
  readonly program?: ProgramRun;
  /** What was in files before the run: name of the file, and path of the image. */
  readonly base: readonly (readonly [file: string, imagePath: string])[];
  /** What is left out is that of the recording, or the default. */
  readonly configuration: Partial<MachineConfiguration>;
  readonly limits: Limits;
  readonly seed: bigint;
  readonly checker: CheckerSpec | undefined;
  readonly shard: Shard;
}

/** A program that is run as a guest, and instructions after which it is given up. */
export interface ProgramRun {
  readonly request: ProgramRequest;
  readonly budgetInstructions: number;
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
