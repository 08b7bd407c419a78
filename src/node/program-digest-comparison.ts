import type { CheckedRun } from '../guests/programs/checked-run.ts';
import { type ProgramRunEvent, programRunEvents } from '../guests/programs/run-events.ts';
import { InputError } from '../kernel/errors.ts';
import type { RecordingHeader } from '../recordings/recordings.ts';
import { checkedProgram } from './checked-program.ts';
import type { RecordedProgram } from './recorded-program.ts';

/** The stretch of instructions in which a program first does something else than was recorded. */
export interface DigestDeparture {
  /** Instructions executed: the recorded run and the one now were the same up to the first number. */
  readonly between: readonly [after: number, upTo: number];
  /** Undefined where one of them has ended. */
  readonly recorded: ProgramRunEvent | undefined;
  readonly now: ProgramRunEvent | undefined;
  /** Names of the fields that differ. */
  readonly fields: readonly string[];
}

/** Compares the recorded digests of a program’s run with those of the run that is made anew. */
export class ProgramDigestComparison {
  departure: DigestDeparture | undefined;
  /** Instructions that are the same. */
  instructions = 0;
  private readonly run: CheckedRun;

  /** Throws `InputError` for a program that cannot be run again; `recording` names the file. */
  constructor(recording: string, program: RecordedProgram | undefined, { policy }: RecordingHeader) {
    const { checkInstructions } = policy;
    if (program === undefined || !isCount(checkInstructions))
      throw new InputError(
        `${recording}: its header names a program in no way that is understood; record it again`,
      );
    if (program.obstacle !== undefined)
      throw new InputError(
        `${recording}: ${program.obstacle}; it holds digests alone, so that nothing of it can be had without its program`,
      );
    this.run = checkedProgram(program.run, checkInstructions);
  }

  push(events: readonly ProgramRunEvent[]): void {
    for (const recorded of events) {
      if (this.departure !== undefined) return;
      this.compare(recorded, this.run.next());
    }
  }

  private compare(recorded: ProgramRunEvent, now: ProgramRunEvent | undefined): void {
    const fields = now?.kind === recorded.kind ? differences(recorded, now) : ['kind'];
    if (fields.length === 0) this.instructions = recorded.instructions;
    else this.departure = { between: [this.instructions, recorded.instructions], recorded, now, fields };
  }
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0;

const differences = (recorded: ProgramRunEvent, now: ProgramRunEvent): string[] => {
  const was: Readonly<Record<string, unknown>> = { ...recorded };
  const is: Readonly<Record<string, unknown>> = { ...now };
  return Object.keys(programRunEvents[recorded.kind].fields).filter((name) => was[name] !== is[name]);
};
