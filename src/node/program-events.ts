import { performed } from '../guests/programs/performed.ts';
import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import { evolveMemory } from '../hardware/persistent-memory/evolve.ts';
import type { MemoryState } from '../hardware/persistent-memory/state.ts';
import type { Recorded } from '../processor/processor.ts';
import { type JsonRecord, persistentMemory } from '../recordings/recordings.ts';
import type { ProgramRun } from './campaign-spec.ts';
import { ProgramTrace } from './program-trace.ts';

export interface ProgramEventsOptions {
  /** Of the machine. */
  readonly configuration: JsonRecord;
  /** Which stores and loads become events. */
  readonly recorded: Recorded;
  /** What the program writes to standard output and standard error, as it comes. */
  readonly written?: (descriptor: 1 | 2, bytes: Uint8Array) => void;
}

/** The events of a program’s run on a machine with NVDIMMs, made while it runs. Throws as `ProgramTrace`. */
export class ProgramEvents {
  readonly trace: ProgramTrace;
  readonly state: MemoryState;
  /** Made, and not taken yet. */
  private events: MemoryEvent[] = [];

  constructor(run: ProgramRun, { configuration, recorded, written }: ProgramEventsOptions) {
    this.state = persistentMemory.initial(configuration);
    const add = (event: MemoryEvent): void => {
      evolveMemory(this.state, event);
      this.events.push(event);
    };
    this.trace = new ProgramTrace(run, {
      recorded,
      take: (traced) => performed(this.state, traced).forEach(add),
      observe: add,
      ...(written && { written }),
    });
  }

  /** Runs on by so many instructions, or to where it ends. Says whether more can come. */
  run(instructions: number): boolean {
    return this.trace.run(instructions);
  }

  /** How many wait to be taken. */
  get waiting(): number {
    return this.events.length;
  }

  take(): MemoryEvent[] {
    const { events } = this;
    this.events = [];
    return events;
  }
}
