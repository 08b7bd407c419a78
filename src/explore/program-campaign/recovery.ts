import type { GuestProcess, ProcessEnd } from '../../guests/programs/guest-process.ts';
import { TracedOperations } from '../../guests/programs/traced-operations.ts';
import type { StartProgram } from '../../guests/programs/traced-program.ts';
import type { Operation } from '../../hardware/persistent-memory/operations.ts';
import type { StrayFlush } from '../../hardware/persistent-memory/stray-flush.ts';

/** What became of a recovery. */
export interface Recovered {
  /** Undefined when it did not end within its budget of instructions. */
  readonly end: ProcessEnd | undefined;
  /** Where it was when a signal killed it: its innermost stack frame; undefined when none did. */
  readonly killedAt: string | undefined;
  /** Standard output and standard error, as UTF-8. */
  readonly output: string;
  readonly errors: string;
  /** A copy of what a file on an NVDIMM holds after it; undefined when there is none. Valid until the next recovery. */
  contents(path: string): Uint8Array | undefined;
  /** Where it was traced: its flushes that miss persistent memory. */
  readonly strayFlushes: readonly StrayFlush[];
}

/** What is kept of either output. */
const OUTPUT_BYTES_MAX = 1 << 20;

/**
 * A program that recovers what a crash has left of the files on NVDIMMs. What it does before it looks at one of them is the
 * same for every image, so it is done once.
 */
export class Recovery {
  private readonly process: GuestProcess;
  private readonly output = { 1: new CappedBytes(), 2: new CappedBytes() };
  private readonly written: { readonly 1: number; readonly 2: number };
  private trace: TracedOperations | undefined;

  constructor(
    start: StartProgram,
    /** Instructions after which it is said to hang. */
    private readonly budgetInstructions: number,
    private readonly sourceOf: (instruction: number) => string,
  ) {
    this.process = start({
      operations: (records) => this.trace?.records(records),
      persistentResized: (path, sizeBytes) => this.trace?.resized(path, sizeBytes),
      written: (descriptor, bytes) => {
        this.output[descriptor].push(bytes);
        this.trace?.written(descriptor, bytes);
      },
    });
    this.process.run(budgetInstructions, { pauseAtPersistentFile: true });
    this.process.processor.operations.drain();
    this.written = { 1: this.output[1].length, 2: this.output[2].length };
    this.process.takeSnapshot();
  }

  /**
   * Recovers files that a crash left, given by path; those that are left out do not exist. `trace` is told what it does to
   * them meanwhile, beginning with what they hold.
   */
  run(files: Readonly<Record<string, Uint8Array>>, trace?: (operation: Operation) => void): Recovered {
    const { process } = this;
    this.trace = undefined;
    process.restore();
    this.output[1].length = this.written[1];
    this.output[2].length = this.written[2];
    for (const { path } of process.persistentFiles()) process.replacePersistentFile(path, files[path]);
    if (trace !== undefined) {
      this.trace = new TracedOperations(process.persistentFiles(), {
        take: ({ operation }) => trace(operation),
        where: () => process.position,
        sourceOf: this.sourceOf,
      });
      this.trace.begin((path) => files[path]);
    }
    if (process.end === undefined) process.run(this.budgetInstructions);
    process.processor.operations.drain();
    this.trace?.end();
    return {
      end: process.end,
      killedAt:
        process.end?.why === 'killed' ? this.sourceOf(process.processor.instructionPointer) : undefined,
      output: this.output[1].text(),
      errors: this.output[2].text(),
      contents: (path) => process.contents(path),
      strayFlushes: this.trace?.strayFlushes.first ?? [],
    };
  }
}

/** Bytes that are put together, up to a limit. */
class CappedBytes {
  length = 0;
  private bytes = new Uint8Array(4096);

  push(more: Uint8Array): void {
    const part = more.subarray(0, OUTPUT_BYTES_MAX - this.length);
    if (this.length + part.length > this.bytes.length) {
      const larger = new Uint8Array(2 * (this.length + part.length));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(part, this.length);
    this.length += part.length;
  }

  text(): string {
    return new TextDecoder().decode(this.bytes.subarray(0, this.length));
  }
}
