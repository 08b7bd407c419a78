import type { ProcessEnd } from '../guests/programs/guest-process.ts';
import { instructionNames } from '../guests/programs/instruction-names.ts';
import { endText, TracedProgram, type TraceOptions } from '../guests/programs/traced-program.ts';
import { InputError } from '../kernel/errors.ts';
import type { Recorded } from '../processor/processor.ts';
import type { ProgramRun } from './campaign-spec.ts';
import { commandText, readProgram } from './program-request.ts';
import { programStarter } from './program-starter.ts';

export interface ProgramTraceOptions extends Omit<TraceOptions, 'sourceOf'> {
  /** Default: stores to NVDIMMs alone. */
  readonly recorded?: Recorded;
}

/** The run of a program that a user asked for, as operations on its NVDIMMs. */
export class ProgramTrace {
  /** The command, as it is told to people. */
  readonly name: string;
  readonly traced: TracedProgram;
  readonly sourceOf: (instruction: number) => string;
  stores = 0;
  private end: ProcessEnd | undefined;

  /** Throws `InputError` for what cannot be read, or is no program that can be run. */
  constructor(
    private readonly asked: ProgramRun,
    { recorded = 'persistent', take, ...told }: ProgramTraceOptions,
  ) {
    const program = { ...readProgram(asked.request), recorded };
    this.name = commandText(asked.request);
    this.sourceOf = instructionNames(program.executable);
    this.traced = new TracedProgram(programStarter(program), {
      sourceOf: this.sourceOf,
      take: (one) => {
        if (one.operation.type === 'store') this.stores++;
        take(one);
      },
      ...told,
    });
  }

  /** Runs on by so many instructions, or to where it ends. Says whether more can come. Throws `InputError` for one that cannot go on. */
  run(instructions: number): boolean {
    const { process } = this.traced;
    const { budgetInstructions } = this.asked;
    this.end = this.traced.run(Math.min(budgetInstructions, process.processor.instructions + instructions));
    if (this.end === undefined && process.processor.instructions >= budgetInstructions)
      throw new InputError(`${this.name} ${this.endText}; --budget gives it more`);
    if (this.end?.why === 'unsupported') throw new InputError(`${this.name} ${this.endText}`);
    return this.end === undefined;
  }

  /** How it ended, or that it did not. */
  get endText(): string {
    return endText(this.end, this.asked.budgetInstructions);
  }

  /** What a user should know of the run, when it is over: a line each. */
  notes(): string[] {
    const { name, traced, end } = this;
    const notes: string[] = [];
    if (end !== undefined && (end.why !== 'exited' || end.status !== 0))
      notes.push(`${name} ${this.endText}, without any crash`);
    const { count, first } = traced.strayFlushes;
    if (count > 0) {
      notes.push(
        `${count} flushes were of lines that are not in persistent memory, the first at ${first[0].source}`,
      );
    }
    for (const file of traced.shrunk)
      notes.push(
        `${file} was cut, removed or renamed: crash images have it under its name, as long as it ever was`,
      );
    for (const [call, count] of traced.process.unknownSystemCalls)
      notes.push(`${name} was told that there is no system call ${call} (${count} times)`);
    return notes;
  }
}
