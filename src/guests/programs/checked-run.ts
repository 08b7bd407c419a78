import { SequenceDigest } from '../../kernel/sequence-digest.ts';
import type { GuestProcess, ProcessEnd, ProcessHooks } from './guest-process.ts';
import { RunDigest } from './run-digest.ts';
import type { ProgramRunEvent } from './run-events.ts';
import { endText, type StartProgram } from './traced-program.ts';

export interface CheckedRunOptions {
  /** Instructions of a stretch. */
  readonly checkInstructions: number;
  /** Instructions after which it is given up. */
  readonly budgetInstructions: number;
  /** What the program writes, as it comes. */
  readonly written?: ProcessHooks['written'];
}

/** A program that runs, stretch by stretch, with digests of all that it does. It has to record every store. */
export class CheckedRun {
  readonly process: GuestProcess;
  private readonly digest = new RunDigest();
  private readonly encoder = new TextEncoder();
  private isOver = false;
  private hasEnded = false;

  constructor(
    start: StartProgram,
    private readonly options: CheckedRunOptions,
  ) {
    const { hooks } = this.digest;
    this.process = start({
      ...hooks,
      written: (descriptor, bytes) => {
        hooks.written(descriptor, bytes);
        options.written?.(descriptor, bytes);
      },
    });
  }

  /** How the program ended; undefined when it did not. */
  get end(): ProcessEnd | undefined {
    return this.process.end;
  }

  /** How it ended, or that it did not, in words. */
  get endText(): string {
    return endText(this.end, this.options.budgetInstructions);
  }

  /** Runs on by a stretch and tells what came of it; undefined when it is over. */
  next(): ProgramRunEvent | undefined {
    if (this.isOver) return this.ended();
    const { process, options } = this;
    const until = process.processor.instructions + options.checkInstructions;
    process.run(Math.min(until, options.budgetInstructions));
    this.isOver = this.end !== undefined || process.processor.instructions >= options.budgetInstructions;
    return this.executed();
  }

  private executed(): ProgramRunEvent {
    const { digest, process } = this;
    const { processor } = process;
    return {
      kind: 'stretch.executed',
      instructions: processor.instructions,
      operations: digest.operationCount,
      systemCalls: process.systemCalls,
      nextInstruction: processor.instructionPointer,
      operationsDigest: digest.operations.hex(),
      systemCallsDigest: digest.systemCalls.hex(),
      outputDigest: digest.output.hex(),
    };
  }

  private ended(): ProgramRunEvent | undefined {
    if (this.end === undefined || this.hasEnded) return undefined;
    this.hasEnded = true;
    const { processor } = this.process;
    return {
      kind: 'program.ended',
      instructions: processor.instructions,
      how: this.endText,
      persistentFilesDigest: this.filesDigest(),
      registers: processor.describe(),
    };
  }

  private filesDigest(): string {
    const digest = new SequenceDigest();
    for (const { path, sizeBytes } of this.process.persistentFiles()) {
      if (sizeBytes === undefined) continue;
      digest.addBytes(this.encoder.encode(path));
      digest.addBytes(this.process.contents(path) ?? new Uint8Array(0));
    }
    return digest.hex();
  }
}
