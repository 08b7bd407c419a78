import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import { evolveMemory } from '../hardware/persistent-memory/evolve.ts';
import { perform } from '../hardware/persistent-memory/operations.ts';
import { persistentMemory } from '../recordings/recordings.ts';
import { ProgramTrace } from './program-trace.ts';
import type { RecordedProgram } from './recorded-program.ts';

/** The events of a program’s run, made anew as they are asked for. */
export class RerunProgram {
  /** Events made. */
  index = 0;
  private readonly events: MemoryEvent[] = [];
  private readonly trace: ProgramTrace;
  private taken = 0;
  private isOver = false;
  private readonly moments: { instruction: number; position: number }[] = [];

  /** Throws `InputError` for a program that cannot be run. */
  constructor({ run, configuration }: RecordedProgram) {
    const state = persistentMemory.initial(configuration);
    this.trace = new ProgramTrace(run, ({ operation, instruction, position }) => {
      for (const event of perform(state, operation)) {
        evolveMemory(state, event);
        this.events.push(event);
        this.moments.push({ instruction, position });
      }
    });
  }

  /** The next event; undefined when there is no more. Throws `InputError` for a program that cannot go on. */
  next(): MemoryEvent | undefined {
    while (this.taken === this.events.length && !this.isOver) {
      this.events.length = 0;
      this.moments.length = 0;
      this.taken = 0;
      this.isOver = !this.trace.run(SLICE_INSTRUCTIONS);
    }
    if (this.taken === this.events.length) return undefined;
    this.index++;
    return this.events[this.taken++];
  }

  /** The instruction that the last event came from. */
  get moment(): { readonly instruction: number; readonly position: number } | undefined {
    return this.moments[this.taken - 1];
  }

  sourceOf(instruction: number): string {
    return this.trace.sourceOf(instruction);
  }
}

const SLICE_INSTRUCTIONS = 1_000_000;
