import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import { InputError } from '../kernel/errors.ts';
import { ProgramEvents } from './program-events.ts';
import type { RecordedProgram } from './recorded-program.ts';

/** The events of a recorded program’s run, made anew as they are asked for. */
export class RerunProgram {
  private readonly made: ProgramEvents;
  private events: readonly MemoryEvent[] = [];
  private taken = 0;
  private isOver = false;
  private obstacle: InputError | undefined;

  /** Throws `InputError` for a program that cannot be run. */
  constructor({ run, configuration, recorded }: RecordedProgram) {
    this.made = new ProgramEvents(run, { configuration, recorded });
  }

  /** The next event; undefined when there is no more. Throws `InputError` behind the last one of a program that cannot go on. */
  next(): MemoryEvent | undefined {
    while (this.taken === this.events.length && !this.isOver) {
      this.runOn();
      this.events = this.made.take();
      this.taken = 0;
    }
    return this.events[this.taken++];
  }

  private runOn(): void {
    if (this.obstacle !== undefined) throw this.obstacle;
    try {
      this.isOver = !this.made.run(SLICE_INSTRUCTIONS);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.obstacle = error;
    }
  }
}

const SLICE_INSTRUCTIONS = 20_000;
