import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { KeySet } from '../explore/key-set.ts';
import { type CampaignInput, type ClassResult, runShard } from '../explore/shard-run.ts';
import { buildTimeline } from '../explore/timeline.ts';
import type { Judge } from '../explore/verdict.ts';
import { vulnerableWindows } from '../explore/windows.ts';
import { makeWitness } from '../explore/witness.ts';
import { InputError } from '../kernel/errors.ts';
import type { ProgramRun } from './campaign-spec.ts';
import { FileSet } from './file-set.ts';
import { type LogSource, openLog } from './log-source.ts';
import { ResultBatch } from './result-batch.ts';
import { makeJudge, type WorkerJudge } from './worker-judge.ts';
import { WorkerLanes } from './worker-lanes.ts';
import type { WorkerMessage, WorkerStart, WorkerTask } from './worker-protocol.ts';

/*
 * A worker thread of a campaign. It reads the run by itself and judges its part of the classes, so that no image travels
 * between threads; it never comes back to its event loop meanwhile, so that nothing that a checker leaves behind runs.
 */

const { spec, lanes: sharedLanes, task, process: checkerProcess } = workerData as WorkerStart;
const STDERR = 2;
const lanes = new WorkerLanes(sharedLanes);

function post(message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

class CheckerExit extends Error {}

/** A checker that wants to end the process ends only its own judgement. */
process.exit = (code) => {
  throw new CheckerExit(`it called process.exit(${code ?? ''})`);
};

// What a checker prints is seen at once, and not only when the event loop comes round again.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk: string | Uint8Array): boolean => {
    try {
      writeSync(STDERR, typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    } catch {
      // A reader that is gone or too slow must not change a verdict.
    }
    return true;
  };
}

/** The processor of programs is loaded only for them: it is large. */
async function runProgram(program: ProgramRun): Promise<LogSource> {
  const { ProgramSource } = await import('./program-source.ts');
  return ProgramSource.run(program);
}

async function main(): Promise<void> {
  const judge = await makeJudge(spec.checker, {
    lanes,
    post,
    process: checkerProcess,
    operations: () => input.operations(),
  });
  post({ type: 'ready' });
  const source =
    spec.program === undefined ? await openLog(spec.log, spec.base) : await runProgram(spec.program);
  const input: CampaignInput = {
    operations: () => source.operations(),
    ...(source.strayFlushes && { strayFlushes: source.strayFlushes }),
    keepsMarkers: spec.checker?.kind === 'recovery' && spec.checker.equivalent,
    configuration: spec.configuration,
    limits: spec.limits,
    seed: spec.seed,
  };
  if (task.type === 'walk') walk(input, source, judge, task);
  else explain(input, judge, task);
}

function walk(
  input: CampaignInput,
  source: LogSource,
  judge: WorkerJudge | undefined,
  { shard, known, unprobed }: Extract<WorkerTask, { type: 'walk' }>,
): void {
  const batch = new ResultBatch((keys) => post({ type: 'consistent', keys }, [keys.buffer as ArrayBuffer]));
  const files = new FileSet();
  const knownKeys = new KeySet(known.length / 4);
  for (let at = 0; at < known.length; at += 4)
    knownKeys.add(known[at], known[at + 1], known[at + 2], known[at + 3]);
  const summary = runShard(
    { ...input, operations: () => files.watch(input.operations()) },
    {
      shard,
      ...(judge && { judge: judge.judge, judgeWrites: judge.writes }),
      ...(judge?.promise && { promise: judge.promise }),
      ...(judge?.nestedCrashes && { nestedCrashes: judge.nestedCrashes }),
      known: knownKeys,
      unprobed: new Set(unprobed),
      onJudging: ({ key, index, ordinal }, isNeighbour) => lanes.announce(key, index, ordinal, isNeighbour),
      onConsistent: (key) => batch.add(key),
      onResult: (result) => {
        batch.send();
        post({ type: 'result', result });
      },
      isConfirmationDue: () => batch.isDue(),
      shouldStop: () => {
        lanes.fraction = source.fraction;
        return lanes.mustStop;
      },
    },
  );
  batch.send();
  const { tally, ...numbers } = summary;
  post({
    type: 'walked',
    walk: {
      ...numbers,
      tally: tally.report(),
      files: files.files,
      notes: source.notes,
    },
  });
}

/** What shows without further crashes is shrunk without them. */
const judgeFor = ({ judge, nestedCrashes }: WorkerJudge, { nested }: ClassResult): Judge =>
  nested === undefined && nestedCrashes !== undefined ? nestedCrashes.judgeWithout : judge;

function explain(
  input: CampaignInput,
  judge: WorkerJudge | undefined,
  { violations, openings, wantsTimeline }: Extract<WorkerTask, { type: 'explain' }>,
): void {
  for (const { place, result } of violations) {
    if (lanes.mustStop) break;
    lanes.announce(Int32Array.of(place, 0, 0, 0), result.index, result.ordinal, true);
    const { cause } = result;
    const witness =
      judge === undefined || cause === undefined
        ? undefined
        : makeWitness(input, { ...result, cause }, judgeFor(judge, result), judge.promise);
    post({ type: 'witness', place, witness });
  }
  const windows =
    openings.length === 0 ? [] : vulnerableWindows(input.operations(), input.configuration, openings);
  const timeline = wantsTimeline ? buildTimeline(input.operations(), input.configuration) : undefined;
  post({ type: 'explained', windows, timeline });
}

try {
  await main();
} catch (error) {
  const isInputError = error instanceof InputError;
  const message =
    error instanceof Error ? (isInputError ? error.message : (error.stack ?? error.message)) : String(error);
  post({ type: 'failed', isInputError, message });
}
