import { type ProgramRunEvent, programRunEvents } from '../guests/programs/run-events.ts';
import { Digest } from '../kernel/digest.ts';
import { IllegalEvent } from '../kernel/errors.ts';
import { eventCodec } from '../kernel/event-json.ts';
import { ENVELOPE, type RecordingType } from './recording-type.ts';

/** How far the run of a program has come. */
export interface ProgramRunState {
  instructions: number;
  /** The last event, as text. */
  last: string;
  isOver: boolean;
}

const codec = eventCodec(programRunEvents, ENVELOPE);

/** Recordings of which only the inputs and digests are kept: the program makes the run anew. */
export const programRun: RecordingType<ProgramRunState, ProgramRunEvent> = {
  model: {
    name: 'program-run',
    version: 1,
    evolve(state, event) {
      const { kind, instructions } = event;
      if (state.isOver) throw new IllegalEvent(kind, 'the program has ended');
      if (instructions < state.instructions) throw new IllegalEvent(kind, 'the program cannot go back');
      state.instructions = instructions;
      state.last = codec.encode(event);
      state.isOver = kind === 'program.ended';
    },
    digest({ last }) {
      const digest = new Digest();
      digest.toggleText('last', last);
      return digest;
    },
  },
  table: programRunEvents,
  codec,
  initial: () => ({ instructions: 0, last: '', isOver: false }),
};
