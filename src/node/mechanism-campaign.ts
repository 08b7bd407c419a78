import { Worker } from 'node:worker_threads';
import { type MechanismSummary, summaryOf } from '../explore/fault-campaign/campaign-summary.ts';
import { type CampaignTask, type TaskResult, tasksOf } from '../explore/fault-campaign/campaign-task.ts';
import type { HuntOptions } from '../explore/fault-campaign/mutant-hunt.ts';
import { InputError } from '../kernel/errors.ts';
import type { Mechanism } from '../mechanisms/mechanism.ts';
import { MechanismMistake } from './mechanism-mistake.ts';
import { findMechanisms } from './mechanism-source.ts';
import type { MechanismWorkerData, TaskAnswer, TaskMessage } from './mechanism-worker.ts';

export interface MechanismCampaignSpec extends HuntOptions {
  /** Names of mechanisms or groups, or paths of modules. */
  readonly sources: readonly string[];
  /** Which defects are looked for, by name; `all`, or none. */
  readonly mutants: 'all' | readonly string[];
  /** Whether the scenarios are explored without a defect. */
  readonly withScenarios: boolean;
  /** Only this scenario; default all. */
  readonly scenario?: string;
}

export interface MechanismCampaignRun {
  readonly jobs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TaskProgress) => void;
}

export interface TaskProgress {
  readonly done: number;
  readonly total: number;
  readonly injections: number;
  readonly elapsedMs: number;
}

export interface CampaignedMechanism extends MechanismSummary {
  readonly mechanism: Mechanism;
  /** Time that workers spent on it, all together. */
  readonly elapsedMs: number;
}

export interface MechanismCampaign {
  readonly mechanisms: readonly CampaignedMechanism[];
  readonly isInterrupted: boolean;
  readonly elapsedMs: number;
}

/**
 * Explores mechanisms in worker threads, one task a scenario or a mutant. What is found does not depend on the number of
 * workers. Throws `InputError` for what does not exist, `MechanismMistake` for a reducer that is
 * mistaken.
 */
export async function runMechanismCampaign(
  spec: MechanismCampaignSpec,
  run: MechanismCampaignRun,
): Promise<MechanismCampaign> {
  const startedAt = performance.now();
  const mechanisms = [];
  for (const source of spec.sources) mechanisms.push(...(await findMechanisms(source)));
  const chosen = mechanisms.map((mechanism) => withScenario(mechanism, spec.scenario));
  const tasks = chosen.flatMap((mechanism) =>
    tasksOf(mechanism, mutantsOf(mechanism, spec.mutants), spec.withScenarios),
  );
  const answers = await new TaskPool(tasks, spec, run, startedAt).run();
  const results = chosen.map((mechanism) => {
    const own = tasks.flatMap((task, id) => (task.mechanism === mechanism.name ? (answers[id] ?? []) : []));
    const summary = summaryOf(
      mechanism.name,
      own.map(({ result }) => result),
    );
    return { ...summary, mechanism, elapsedMs: own.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0) };
  });
  return {
    mechanisms: results,
    isInterrupted: answers.length < tasks.length || answers.includes(undefined),
    elapsedMs: performance.now() - startedAt,
  };
}

function withScenario(mechanism: Mechanism, name: string | undefined): Mechanism {
  if (name === undefined) return mechanism;
  const scenarios = mechanism.scenarios.filter((scenario) => scenario.name === name);
  if (scenarios.length > 0) return { ...mechanism, scenarios };
  const names = mechanism.scenarios.map((scenario) => scenario.name).join(', ');
  throw new InputError(`${mechanism.name} has no scenario ${name}; it has ${names}`);
}

function mutantsOf(mechanism: Mechanism, wanted: MechanismCampaignSpec['mutants']): readonly string[] {
  const names = mechanism.mutants.map(({ name }) => name);
  if (wanted === 'all') return names;
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown === undefined) return wanted;
  throw new InputError(`${mechanism.name} has no mutant ${unknown}; it has ${names.join(', ')}`);
}

interface Answer {
  readonly result: TaskResult;
  readonly elapsedMs: number;
}

/** Workers that take the next task whenever they are done with one. */
class TaskPool {
  private readonly answers: (Answer | undefined)[] = [];
  private readonly workers = new Set<Worker>();
  private next = 0;
  private done = 0;
  private injections = 0;

  constructor(
    private readonly tasks: readonly CampaignTask[],
    private readonly spec: MechanismCampaignSpec,
    private readonly options: MechanismCampaignRun,
    private readonly startedAt: number,
  ) {}

  async run(): Promise<readonly (Answer | undefined)[]> {
    const { signal, jobs } = this.options;
    const abort = (): void => {
      for (const worker of this.workers) void worker.terminate();
    };
    signal?.addEventListener('abort', abort);
    try {
      await Promise.all(Array.from({ length: Math.min(jobs, this.tasks.length) }, () => this.work()));
    } finally {
      signal?.removeEventListener('abort', abort);
      abort();
    }
    return this.answers;
  }

  private work(): Promise<void> {
    const { sources, faultsMax, probesMax } = this.spec;
    const data: MechanismWorkerData = {
      sources,
      options: {
        ...(faultsMax !== undefined && { faultsMax }),
        ...(probesMax !== undefined && { probesMax }),
      },
    };
    const worker = new Worker(new URL('./mechanism-worker.js', import.meta.url), { workerData: data });
    this.workers.add(worker);
    return new Promise((resolve, reject) => {
      worker.on('message', (answer: TaskAnswer) => {
        if ('failure' in answer) {
          reject(new MechanismMistake(answer.failure, answer.name === 'NondeterminismError'));
          return;
        }
        this.take(answer);
        if (!this.assign(worker)) resolve();
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve()); // terminated: interrupted
      if (!this.assign(worker)) resolve();
    });
  }

  private assign(worker: Worker): boolean {
    if (this.next >= this.tasks.length || this.options.signal?.aborted === true) return false;
    const message: TaskMessage = { id: this.next, task: this.tasks[this.next] };
    this.next++;
    worker.postMessage(message);
    return true;
  }

  private take({ id, result, elapsedMs }: Extract<TaskAnswer, { result: TaskResult }>): void {
    this.answers[id] = { result, elapsedMs };
    this.done++;
    this.injections += result.injections;
    this.options.onProgress?.({
      done: this.done,
      total: this.tasks.length,
      injections: this.injections,
      elapsedMs: performance.now() - this.startedAt,
    });
  }
}
