import type { Shard } from '../explore/limits.ts';
import type { ClassResult } from '../explore/shard-run.ts';
import type { CampaignIdentity } from './campaign-identity.ts';
import type { Walk } from './worker-protocol.ts';

export const RESULTS_FORMAT = 'tearline-results';
export const RESULTS_FORMAT_VERSION = 1;

/** The lines of a results file, one JSON object each. The first one is the header; the others come in any order. */
export type ResultsLine =
  | {
      readonly format: typeof RESULTS_FORMAT;
      readonly formatVersion: typeof RESULTS_FORMAT_VERSION;
      readonly identity: CampaignIdentity;
      readonly shard: Shard;
    }
  /** Keys of consistent classes, 32 hexadecimal digits each. */
  | { readonly consistent: readonly string[] }
  | { readonly result: ClassResult }
  /** The key of a violation whose neighbours bring the checker down. */
  | { readonly unprobed: string }
  /** A worker has walked its part of the shard to the end of the run. */
  | { readonly walk: Walk; readonly of: Shard }
  /** The shard has been walked to its end. */
  | { readonly end: Walk };
