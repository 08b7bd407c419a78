import type { Operation } from '../hardware/persistent-memory/operations.ts';
import type { StrayFlush } from '../hardware/persistent-memory/stray-flush.ts';
import { InputError } from '../kernel/errors.ts';
import type { ProgramRun } from './campaign-spec.ts';
import type { LogSource } from './log-source.ts';
import { ProgramTrace } from './program-trace.ts';

/** The run of a program as a guest. It is run once, and its operations are kept. */
export class ProgramSource implements LogSource {
  fraction = 0;

  private constructor(
    private readonly run: readonly Operation[],
    readonly notes: readonly string[],
    readonly strayFlushes: readonly StrayFlush[],
  ) {}

  /** Runs it. Throws `InputError` for a program that cannot be run, does not end, or stores nothing to persistent memory. */
  static run(asked: ProgramRun): ProgramSource {
    const operations: Operation[] = [];
    const trace = new ProgramTrace(asked, { take: ({ operation }) => operations.push(operation) });
    while (trace.run(asked.budgetInstructions));
    if (trace.stores > 0)
      return new ProgramSource(operations, trace.notes(), trace.traced.strayFlushes.first);
    const files = asked.request.persistentFiles.map(({ guest }) => guest).join(', ');
    throw new InputError(
      files === ''
        ? `${trace.name} has no persistent memory: say which of its files lie there, such as --pmem pool:1M`
        : `${trace.name} stores nothing to ${files}: is that where it maps its pool? It ${trace.endText}`,
    );
  }

  *operations(): Generator<Operation> {
    for (let i = 0; i < this.run.length; i++) {
      this.fraction = i / this.run.length;
      yield this.run[i];
    }
    this.fraction = 1;
  }
}
