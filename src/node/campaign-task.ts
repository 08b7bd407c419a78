import { MessageChannel, Worker } from 'node:worker_threads';
import { InputError } from '../kernel/errors.ts';
import type { CampaignSpec } from './campaign-spec.ts';
import { makeImageDirectory, removeImageDirectory } from './image-directory.ts';
import { JudgingClock, WATCH_INTERVAL_MS } from './judging-clock.ts';
import type { ProcessChecker } from './process-checker.ts';
import { type JudgedImage, WorkerLanes } from './worker-lanes.ts';
import type { WorkerAnswer, WorkerMessage, WorkerStart, WorkerTask } from './worker-protocol.ts';

/** How long a module may take to be imported, beyond the time that it has for one image. */
const START_MS_MAX = 20_000;

/** How long a worker may go on with its image after it was told to stop. */
const STOP_MS_MAX = 200;

/** How a task ended. */
export type TaskEnd =
  | { readonly type: 'done' }
  | { readonly type: 'stopped' }
  /** The worker is gone; `judged` is what its checker was busy with. */
  | {
      readonly type: 'died';
      readonly kind: 'hang' | 'crash';
      readonly reason: string;
      readonly judged: JudgedImage | undefined;
    };

export interface TaskOptions {
  readonly spec: CampaignSpec;
  readonly task: WorkerTask;
  readonly makeProcess: (() => ProcessChecker) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onMessage: (message: WorkerMessage) => void;
  /** Given the lanes of the worker when it is started. */
  readonly onStart?: (lanes: WorkerLanes) => void;
}

/** Runs a task in a worker thread of its own, and watches it. Rejects with `InputError` for a mistake of the user's. */
export function runTask(options: TaskOptions): Promise<TaskEnd> {
  return new TaskThread(options).end;
}

class TaskThread {
  readonly end: Promise<TaskEnd>;
  private readonly lanes = new WorkerLanes();
  private readonly clock = new JudgingClock(this.lanes);
  private readonly worker: Worker;
  private readonly process: ProcessChecker | undefined;
  private readonly imageDirectory: string | undefined;
  private readonly channel = new MessageChannel();
  private readonly startedAt = performance.now();
  private isReady = false;
  private stoppedAt: number | undefined;
  private outcome: TaskEnd | undefined;
  private failure: Error | undefined;
  private lastError: string | undefined;
  private hangsAtTurn: number | undefined;

  constructor(private readonly options: TaskOptions) {
    const { spec, task, makeProcess, signal } = options;
    this.process = makeProcess?.();
    this.imageDirectory = this.process && makeImageDirectory();
    const start: WorkerStart = {
      spec,
      task,
      lanes: this.lanes.buffer,
      process:
        this.imageDirectory === undefined
          ? undefined
          : { imageDirectory: this.imageDirectory, answers: this.channel.port2 },
    };
    this.worker = new Worker(new URL('./campaign-worker.js', import.meta.url), {
      workerData: start,
      transferList: this.imageDirectory === undefined ? [] : [this.channel.port2],
      stdout: true,
      stderr: true,
    });
    // stdout belongs to the report: what a checker prints goes to stderr.
    this.worker.stdout.on('data', (chunk: Uint8Array) => process.stderr.write(chunk));
    this.worker.stderr.on('data', (chunk: Uint8Array) => process.stderr.write(chunk));
    options.onStart?.(this.lanes);
    const stop = (): void => this.stop();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    const watch = setInterval(() => this.watch(), WATCH_INTERVAL_MS);
    this.end = new Promise<TaskEnd>((resolve, reject) => {
      this.worker.on('message', (message: WorkerMessage) => {
        try {
          this.take(message);
        } catch (error) {
          this.fail(error as Error); // results that cannot be kept
        }
      });
      this.worker.on('error', (error: Error & { code?: string }) => {
        this.lastError = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : error.message;
      });
      this.worker.on('exit', (status) => {
        clearInterval(watch);
        signal?.removeEventListener('abort', stop);
        this.cleanUp();
        if (this.failure !== undefined) reject(this.failure);
        else if (this.outcome !== undefined) resolve(this.outcome);
        else if (this.hangsAtTurn !== undefined) resolve(this.hang());
        else if (!this.isReady)
          reject(this.notLoaded(this.lastError ?? `it ended the thread with status ${status}`));
        else resolve(this.crash(this.lastError ?? `it ended the thread with status ${status}`));
      });
    });
  }

  private take(message: WorkerMessage): void {
    switch (message.type) {
      case 'ready':
        this.isReady = true;
        break;
      case 'failed':
        this.fail(message.isInputError ? new InputError(message.message) : new Error(message.message));
        return;
      case 'ask':
        void this.answer(message.path);
        return;
      case 'walked':
      case 'explained':
        this.finish({ type: 'done' });
        break;
    }
    this.options.onMessage(message);
  }

  private async answer(path: string): Promise<void> {
    try {
      const verdict = await this.process!.judge(path);
      this.channel.port1.postMessage({ verdict } satisfies WorkerAnswer);
      this.lanes.answer();
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private watch(): void {
    const now = performance.now();
    const { checkerMs } = this.options.spec.limits;
    const judgingMs = this.clock.judgingMs();
    if (this.outcome !== undefined || this.failure !== undefined || this.hangsAtTurn !== undefined) return;
    if (this.stoppedAt !== undefined) {
      if (now - this.stoppedAt > STOP_MS_MAX) this.finish({ type: 'stopped' });
    } else if (!this.isReady) {
      if (now - this.startedAt > START_MS_MAX + checkerMs) {
        this.fail(this.notLoaded(`it took longer than ${START_MS_MAX + checkerMs} ms`));
      }
    } else if (judgingMs > checkerMs) {
      this.hangsAtTurn = this.lanes.turn;
      void this.worker.terminate();
    }
  }

  private stop(): void {
    this.stoppedAt = performance.now();
    this.lanes.stop();
    this.process?.close();
  }

  private crash(reason: string): TaskEnd {
    const judged = this.lanes.isJudging ? this.lanes.judged : undefined;
    return { type: 'died', kind: 'crash', reason: `the checker's thread ended: ${reason}`, judged };
  }

  private hang(): TaskEnd {
    // It may have come to an end at the last moment: then nothing is said of that image.
    const judged = this.lanes.turn === this.hangsAtTurn ? this.lanes.judged : undefined;
    const reason = `the checker took longer than ${this.options.spec.limits.checkerMs} ms`;
    return { type: 'died', kind: 'hang', reason, judged };
  }

  private notLoaded(reason: string): Error {
    const { checker } = this.options.spec;
    if (checker?.kind !== 'module') return new Error(`a worker could not start: ${reason}`);
    return new InputError(`checker ${checker.path}: it cannot be imported: ${reason}`);
  }

  private finish(outcome: TaskEnd): void {
    this.outcome ??= outcome;
    void this.worker.terminate();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    void this.worker.terminate();
  }

  private cleanUp(): void {
    this.process?.close();
    this.channel.port1.close();
    if (this.imageDirectory !== undefined) removeImageDirectory(this.imageDirectory);
  }
}
