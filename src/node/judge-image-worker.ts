import { parentPort, workerData } from 'node:worker_threads';
import { judgeOf, type Verdict } from '../explore/verdict.ts';
import type { Platform } from '../hardware/persistent-memory/configuration.ts';
import { InputError } from '../kernel/errors.ts';
import { importChecker } from './module-checker.ts';

export interface JudgeTask {
  readonly checker: string;
  readonly files: Record<string, Uint8Array>;
  readonly markers: readonly string[];
  readonly platform: Platform;
}

export type JudgeAnswer =
  | { readonly verdict: Verdict; readonly promise: unknown }
  | { readonly refused: string };

/* A thread that judges one crash image. */

async function answer({ checker, files, markers, platform }: JudgeTask): Promise<JudgeAnswer> {
  try {
    const { check, promise: fold } = await importChecker(checker);
    let promise: unknown;
    if (fold !== undefined) for (const marker of markers) promise = fold(promise, marker);
    const image = Object.values(files)[0] ?? new Uint8Array();
    const verdict = judgeOf(check)(image, { files, promise, platform });
    return { verdict, promise: promise ?? null };
  } catch (error) {
    if (error instanceof InputError) return { refused: error.message };
    throw error;
  }
}

parentPort?.postMessage(await answer(workerData as JudgeTask));
