import { Worker } from 'node:worker_threads';
import type { Verdict } from '../explore/verdict.ts';
import type { MemoryState } from '../hardware/persistent-memory/state.ts';
import { InputError } from '../kernel/errors.ts';
import { fileDigest } from './file-digest.ts';
import type { JudgeAnswer, JudgeTask } from './judge-image-worker.ts';

/** A verdict on one crash image, and who gave it. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The value of the checker's fold over the markers; null when it keeps none. */
  readonly promise: unknown;
  readonly checkerDigest: string;
}

/** The files as the loss of power leaves them here, by name, in the order in which they were mapped. */
export const crashFiles = ({ files, domain }: MemoryState): Record<string, Uint8Array<ArrayBuffer>> =>
  Object.fromEntries(files.map(({ name, address, sizeBytes }) => [name, domain.read(address, sizeBytes)]));

/**
 * Has a checker module judge what the loss of power leaves here, in a thread of its own: one that hangs is stopped after
 * `limitMs`. `markers` are those that were passed. Throws `InputError` for what is no checker module.
 */
export async function judgeImage(
  checker: string,
  state: MemoryState,
  markers: readonly string[],
  limitMs: number,
): Promise<Judgement> {
  const checkerDigest = fileDigest(checker);
  const files = crashFiles(state);
  const task: JudgeTask = { checker, files, markers, platform: state.configuration.platform };
  const worker = new Worker(new URL('./judge-image-worker.js', import.meta.url), {
    workerData: task,
    transferList: Object.values(files).map(({ buffer }) => buffer),
    stdout: true,
  });
  worker.stdout.on('data', (chunk: Uint8Array) => process.stderr.write(chunk)); // stdout belongs to the result
  try {
    const answer = await answerOf(worker, limitMs);
    if ('refused' in answer) throw new InputError(answer.refused);
    return { ...answer, checkerDigest };
  } finally {
    await worker.terminate();
  }
}

function answerOf(worker: Worker, limitMs: number): Promise<JudgeAnswer> {
  return new Promise((resolve) => {
    const undecided = (kind: 'hang' | 'crash', reason: string): void =>
      resolve({ verdict: { kind, reason }, promise: null });
    const timer = setTimeout(() => undecided('hang', `no answer within ${limitMs / 1000} s`), limitMs);
    worker.once('message', (answer: JudgeAnswer) => resolve(answer));
    worker.once('error', (error) => undecided('crash', `the checker threw: ${(error as Error).message}`));
    worker.once('exit', (status) => {
      clearTimeout(timer);
      undecided('crash', `the checker ended its thread with status ${status}`);
    });
  });
}
