import { parentPort, workerData } from 'node:worker_threads';
import { type CampaignTask, runTask, type TaskResult } from '../explore/fault-campaign/campaign-task.ts';
import type { HuntOptions } from '../explore/fault-campaign/mutant-hunt.ts';
import type { Mechanism } from '../mechanisms/mechanism.ts';
import { findMechanisms } from './mechanism-source.ts';

/** What a worker is started with: what its tasks are about, as the command was given it. */
export interface MechanismWorkerData {
  readonly sources: readonly string[];
  readonly options: HuntOptions;
}

export interface TaskMessage {
  readonly id: number;
  readonly task: CampaignTask;
}

export type TaskAnswer =
  | { readonly id: number; readonly result: TaskResult; readonly elapsedMs: number }
  /** A mistake in the mechanism: its reducer threw, or is not deterministic. */
  | { readonly id: number; readonly failure: string; readonly name: string };

const { sources, options } = workerData as MechanismWorkerData;
const mechanisms = new Map<string, Mechanism>();
for (const source of sources)
  for (const mechanism of await findMechanisms(source)) mechanisms.set(mechanism.name, mechanism);

parentPort?.on('message', ({ id, task }: TaskMessage) => {
  const startedAt = performance.now();
  let answer: TaskAnswer;
  try {
    const result = runTask(mechanisms.get(task.mechanism) as Mechanism, task, options);
    answer = { id, result, elapsedMs: performance.now() - startedAt };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    answer = { id, failure: error.message, name: error.name };
  }
  parentPort?.postMessage(answer);
});
