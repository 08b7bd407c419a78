import type { MemoryEvent } from '../../hardware/persistent-memory/events.ts';
import type { GuestProcess, ProcessEnd, ProcessHooks } from './guest-process.ts';
import { ProgramObserver } from './program-observer.ts';
import { type StrayFlushes, type TracedOperation, TracedOperations } from './traced-operations.ts';

/** Starts a program, telling these hooks what it does. */
export type StartProgram = (hooks: ProcessHooks) => GuestProcess;

export interface TraceOptions {
  /** Names an instruction by its address, as an innermost stack frame. */
  readonly sourceOf: (instruction: number) => string;
  readonly take: (traced: TracedOperation) => void;
  /** Takes events of what else the program does, as far as it is recorded. */
  readonly observe?: (event: MemoryEvent) => void;
  /** What the program writes to standard output and standard error, as it comes. */
  readonly written?: (descriptor: 1 | 2, bytes: Uint8Array) => void;
}

/** A program that runs, and what it does to its files on NVDIMMs. */
export class TracedProgram {
  readonly process: GuestProcess;
  private readonly trace: TracedOperations;
  private readonly observer: ProgramObserver | undefined;
  private isOver = false;

  constructor(start: StartProgram, { sourceOf, take, observe, written }: TraceOptions) {
    this.observer = observe && new ProgramObserver(observe);
    let trace: TracedOperations | undefined;
    this.process = start({
      operations: (records) => trace?.records(records),
      systemCalled: (call) => trace?.called(call),
      told: (fact) => trace?.told(fact),
      persistentResized: (path, sizeBytes) => trace?.resized(path, sizeBytes),
      written: (descriptor, bytes) => {
        trace?.written(descriptor, bytes);
        written?.(descriptor, bytes);
      },
    });
    trace = new TracedOperations(this.process.persistentFiles(), {
      take,
      where: () => this.process.position,
      sourceOf,
      observer: this.observer,
    });
    trace.begin((path) => this.process.contents(path));
    this.trace = trace;
  }

  /** Runs on until so many instructions have been executed in all, or it ends. Says how it ended, or undefined. */
  run(untilInstructions: number): ProcessEnd | undefined {
    const { process } = this;
    process.run(untilInstructions);
    process.processor.operations.drain();
    if (process.end !== undefined && !this.isOver) this.end(process.end);
    return process.end;
  }

  private end(end: ProcessEnd): void {
    this.isOver = true;
    this.trace.end();
    this.observer?.ended(endText(end, 0), this.process.position);
  }

  /** Files that were cut, removed or renamed: crash images have them as they were before. */
  get shrunk(): ReadonlySet<string> {
    return this.trace.shrunk;
  }

  get strayFlushes(): StrayFlushes {
    return this.trace.strayFlushes;
  }
}

/** How a process ended, in words. */
export function endText(end: ProcessEnd | undefined, budgetInstructions: number): string {
  if (end === undefined) return `did not end within ${budgetInstructions.toLocaleString('en')} instructions`;
  switch (end.why) {
    case 'exited':
      return `ended with exit status ${end.status}`;
    case 'killed':
      return `was killed by ${end.signalName}${end.reason === undefined ? '' : `: ${end.reason}`}`;
    case 'blocked':
      return `waits for ever: ${end.reason}`;
    case 'unsupported':
      return `cannot go on: ${end.reason}`;
  }
}
