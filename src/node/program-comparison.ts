import { isDeepStrictEqual } from 'node:util';
import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import type { RecordedProgram } from './recorded-program.ts';
import { RerunProgram } from './rerun-program.ts';

/** Where a program that is run again first does something else than was recorded. */
export interface ProgramDeparture {
  /** Index of the event. */
  readonly index: number;
  /** Undefined where one of them has ended. */
  readonly recorded: MemoryEvent | undefined;
  readonly now: MemoryEvent | undefined;
}

/** Compares a recorded run with what its program does now, batch by batch, up to where a fault was injected. */
export class ProgramComparison {
  departure: ProgramDeparture | undefined;
  /** Events that are the same. */
  index = 0;

  private readonly rerun: RerunProgram;

  /** Throws `InputError` for a program that cannot be run. */
  constructor(private readonly program: RecordedProgram) {
    this.rerun = new RerunProgram(program);
  }

  push(events: readonly MemoryEvent[]): void {
    for (const recorded of events) {
      if (this.departure !== undefined || this.index >= this.program.ownEvents) return;
      this.compare(recorded, this.rerun.next());
    }
  }

  /** The recording has ended: the program must have, too. */
  end(): void {
    const isWhole = this.program.ownEvents === Number.POSITIVE_INFINITY;
    if (this.departure === undefined && isWhole) this.compare(undefined, this.rerun.next());
  }

  private compare(recorded: MemoryEvent | undefined, now: MemoryEvent | undefined): void {
    if (!isDeepStrictEqual(recorded, now)) this.departure = { index: this.index, recorded, now };
    else if (recorded !== undefined) this.index++;
  }
}
