import { isDeepStrictEqual } from 'node:util';
import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import type { RecordedProgram } from './recorded-program.ts';
import { RerunProgram } from './rerun-program.ts';

/** Where a program that is run again first does something else than was recorded. */
export interface ProgramDeparture {
  /** Index of the event. */
  readonly index: number;
  readonly recorded: MemoryEvent;
  /** Undefined where the program has ended by now. */
  readonly now: MemoryEvent | undefined;
}

/** Compares a recorded run with what its program does now, batch by batch, up to where a fault was injected. */
export class ProgramComparison {
  departure: ProgramDeparture | undefined;
  /** Events that are the same. */
  index = 0;
  /** Whether the recording goes to the end of the program; one that was interrupted does not. */
  hasEnded = false;

  private readonly rerun: RerunProgram;

  /** Throws `InputError` for a program that cannot be run. */
  constructor(private readonly program: RecordedProgram) {
    this.rerun = new RerunProgram(program);
  }

  push(events: readonly MemoryEvent[]): void {
    for (const recorded of events) {
      if (this.departure !== undefined || this.index >= this.program.ownEvents) return;
      const now = this.rerun.next();
      if (!isDeepStrictEqual(recorded, now)) this.departure = { index: this.index, recorded, now };
      else this.index++;
      this.hasEnded = recorded.kind === 'program.ended';
    }
  }
}
