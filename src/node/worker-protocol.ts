import type { MessagePort } from 'node:worker_threads';
import type { Opening } from '../explore/findings.ts';
import type { Shard } from '../explore/limits.ts';
import type { ClassResult } from '../explore/shard-run.ts';
import type { TallyReport } from '../explore/tally.ts';
import type { RunTimeline } from '../explore/timeline.ts';
import type { Verdict } from '../explore/verdict.ts';
import type { VulnerableWindow } from '../explore/windows.ts';
import type { Witness } from '../explore/witness.ts';
import type { MappedFile } from '../hardware/persistent-memory/state.ts';
import type { CampaignSpec } from './campaign-spec.ts';

/** What a worker is started with. */
export interface WorkerStart {
  readonly spec: CampaignSpec;
  readonly lanes: SharedArrayBuffer;
  readonly task: WorkerTask;
  /** Of a checker that is a process: where its images lie, and where answers arrive. */
  readonly process: { readonly imageDirectory: string; readonly answers: MessagePort } | undefined;
}

export type WorkerTask =
  | {
      /** Walk the run and judge the classes of a shard. */
      readonly type: 'walk';
      readonly shard: Shard;
      /** Keys of classes that have a result, four lanes each. */
      readonly known: Int32Array;
      readonly unprobed: readonly string[];
    }
  | {
      /** Make a witness of each violation, in this order, and find the windows. */
      readonly type: 'explain';
      readonly violations: readonly { readonly place: number; readonly result: ClassResult }[];
      readonly openings: readonly Opening[];
      readonly wantsTimeline: boolean;
    };

/** What a worker says. */
export type WorkerMessage =
  /** The checker is there. */
  | { readonly type: 'ready' }
  /** Classes that are consistent: four lanes of each key. */
  | { readonly type: 'consistent'; readonly keys: Int32Array }
  | { readonly type: 'result'; readonly result: ClassResult }
  | { readonly type: 'walked'; readonly walk: Walk }
  | { readonly type: 'witness'; readonly place: number; readonly witness: Witness | undefined }
  | {
      readonly type: 'explained';
      readonly windows: readonly VulnerableWindow[];
      readonly timeline: RunTimeline | undefined;
    }
  /** A checker that is a process shall judge the image at this path. */
  | { readonly type: 'ask'; readonly path: string }
  /** It cannot go on: a mistake of the user's, or a defect of this program's. */
  | { readonly type: 'failed'; readonly isInputError: boolean; readonly message: string };

/** What the main thread answers when it was asked. */
export interface WorkerAnswer {
  readonly verdict: Verdict;
}

/** What came of walking a shard. */
export interface Walk {
  readonly operations: number;
  readonly events: number;
  readonly tally: TallyReport;
  /** Classes of the shard. */
  readonly distinct: number;
  readonly stopped: boolean;
  readonly files: readonly MappedFile[];
  /** What a user should know of the log. */
  readonly notes: readonly string[];
}
