import type { Operation } from '../hardware/persistent-memory/operations.ts';
import type { StrayFlush } from '../hardware/persistent-memory/stray-flush.ts';
import { InputError } from '../kernel/errors.ts';
import type { ProgramRun } from './campaign-spec.ts';
import type { LogSource } from './log-source.ts';
import { isThere, type PersistentFileRequest } from './program-request.ts';
import { ProgramTrace } from './program-trace.ts';
import { TailText } from './tail-text.ts';

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
    const complaints = new TailText();
    const trace = new ProgramTrace(asked, {
      take: ({ operation }) => operations.push(operation),
      written: (descriptor, bytes) => {
        if (descriptor === 2) complaints.push(new TextDecoder().decode(bytes));
      },
    });
    while (trace.run(asked.budgetInstructions));
    const { persistentFiles } = asked.request;
    if (trace.stores > 0) {
      const notes = [...trace.notes(), ...foundNotes(persistentFiles)];
      return new ProgramSource(operations, notes, trace.traced.strayFlushes.first);
    }
    const files = persistentFiles.map(({ guest }) => guest).join(', ');
    const { lastLine } = complaints;
    const ended = lastLine === undefined ? trace.endText : `${trace.endText}: ${lastLine}`;
    throw new InputError(
      files === ''
        ? `${trace.name} has no persistent memory: say which of its files lie there, such as --pmem pool:1M`
        : `${trace.name} stores nothing to ${files}: is that where it maps its pool? It ${ended}`,
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

/** A pool that another run left is easily forgotten, and makes another campaign. */
const foundNotes = (files: readonly PersistentFileRequest[]): string[] =>
  files
    .filter(({ host }) => isThere(host))
    .map(
      ({ host, guest }) =>
        `${guest} begins with what the file ${host} holds; without that file it begins empty`,
    );
