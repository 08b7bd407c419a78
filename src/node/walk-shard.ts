import type { Shard } from '../explore/limits.ts';
import { keyHex } from '../explore/shard-run.ts';
import type { CampaignSpec } from './campaign-spec.ts';
import { runTask, type TaskEnd } from './campaign-task.ts';
import type { ProcessChecker } from './process-checker.ts';
import type { ResultLedger } from './result-ledger.ts';
import type { WorkerLanes } from './worker-lanes.ts';
import type { Walk, WorkerMessage } from './worker-protocol.ts';

/** Deaths of a worker, one after the other, that no image explains. */
const UNEXPLAINED_DEATHS_MAX = 3;

export interface WalkOptions {
  readonly spec: CampaignSpec;
  /** The part of the classes that is judged here. */
  readonly shard: Shard;
  readonly ledger: ResultLedger;
  readonly makeProcess: (() => ProcessChecker) | undefined;
  readonly signal: AbortSignal | undefined;
  /** Told of all that becomes known, before it is in the ledger. */
  readonly onMessage: (message: WorkerMessage) => void;
  readonly onUnprobed: (key: string) => void;
  readonly onStart: (lanes: WorkerLanes) => void;
}

/**
 * Judges the classes of a shard in a worker, and in another one when the checker has brought that one down: what it was
 * busy with is a result, too. Undefined when it was stopped before it could say how far it came.
 */
export async function walkShard(options: WalkOptions): Promise<Walk | undefined> {
  const { shard, ledger, onMessage } = options;
  let walk: Walk | undefined;
  let unexplained = 0;
  const take = (message: WorkerMessage): void => {
    onMessage(message);
    if (message.type === 'consistent') ledger.addConsistent(message.keys);
    else if (message.type === 'result') ledger.addResult(message.result);
    else if (message.type === 'walked') walk = message.walk;
  };
  for (;;) {
    const known = ledger.knownOf(shard);
    const unprobed = [...ledger.unprobed];
    const end = await runTask({
      ...options,
      task: { type: 'walk', shard, known, unprobed },
      onMessage: take,
    });
    if (end.type !== 'died') return walk;
    if (end.judged === undefined) {
      if (end.kind === 'crash' && ++unexplained === UNEXPLAINED_DEATHS_MAX) {
        throw new Error(
          `a worker ended ${UNEXPLAINED_DEATHS_MAX} times while no image was judged: ${end.reason}`,
        );
      }
    } else if (end.judged.isNeighbour) {
      const key = keyHex(end.judged.key);
      options.onUnprobed(key);
      ledger.unprobed.add(key);
    } else take({ type: 'result', result: resultOf(end, end.judged) });
  }
}

function resultOf(
  { kind, reason }: Extract<TaskEnd, { type: 'died' }>,
  judged: NonNullable<Extract<TaskEnd, { type: 'died' }>['judged']>,
): Extract<WorkerMessage, { type: 'result' }>['result'] {
  return {
    key: keyHex(judged.key),
    kind,
    reason,
    index: judged.index,
    ordinal: judged.ordinal,
    survivors: [],
    lacking: [],
    promise: undefined,
    signature: '',
    cause: undefined,
  };
}
