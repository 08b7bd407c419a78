import type { GuestProcess, ProcessEnd, ProcessHooks } from './guest-process.ts';
import { type StrayFlushes, type TracedOperation, TracedOperations } from './traced-operations.ts';

/** Starts a program, telling these hooks what it does. */
export type StartProgram = (hooks: ProcessHooks) => GuestProcess;

export interface TraceOptions {
  /** Names an instruction by its address, as an innermost stack frame. */
  readonly sourceOf: (instruction: number) => string;
  /** Instructions after which the run is cut short. */
  readonly budgetInstructions: number;
  readonly take: (traced: TracedOperation) => void;
  /** What the program writes to standard output and standard error, as it comes. */
  readonly written?: (descriptor: 1 | 2, bytes: Uint8Array) => void;
}

/** How a traced run went. */
export interface TracedRun {
  readonly process: GuestProcess;
  /** Undefined when it did not end within its budget. */
  readonly end: ProcessEnd | undefined;
  readonly strayFlushes: StrayFlushes | undefined;
}

/** Runs a program to its end and tells what it does to its files on NVDIMMs. */
export function traceProgram(start: StartProgram, options: TraceOptions): TracedRun {
  const { sourceOf, budgetInstructions, take, written } = options;
  let trace: TracedOperations | undefined;
  const process = start({
    operations: (records) => trace?.records(records),
    persistentResized: (path, sizeBytes) => trace?.resized(path, sizeBytes),
    written: (descriptor, bytes) => {
      trace?.written(descriptor, bytes);
      written?.(descriptor, bytes);
    },
  });
  trace = new TracedOperations(process.persistentFiles(), take, () => process.processor, sourceOf);
  trace.begin((path) => process.contents(path));
  process.run(budgetInstructions);
  process.processor.operations.drain();
  trace.end();
  return { process, end: process.end, strayFlushes: trace.strayFlushes };
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
