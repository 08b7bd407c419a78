import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Platform } from '../hardware/persistent-memory/configuration.ts';
import { InputError } from '../kernel/errors.ts';
import type { Recorded } from '../processor/processor.ts';
import {
  type JsonRecord,
  persistentMemory,
  type RecordingHeader,
  type RecordingTarget,
  RecordingWriter,
  recordingHeader,
} from '../recordings/recordings.ts';
import type { ProgramRun } from './campaign-spec.ts';
import { programInputs } from './program-digest.ts';
import { ProgramEvents } from './program-events.ts';
import { commandText } from './program-request.ts';

/** Instructions between two looks at the clock: few, since those that fault or call the kernel take long. */
const SLICE_INSTRUCTIONS = 20_000;
/** How many events wait to be written. */
const WRITTEN_EVENTS = 1000;
/** How long the program runs before signals are looked at. */
const TURN_MS = 50;

export interface ProgramRecorder {
  readonly run: ProgramRun;
  readonly target: RecordingTarget;
  readonly signal: AbortSignal;
  readonly written: (descriptor: 1 | 2, bytes: Uint8Array) => void;
}

export interface EventRecorder extends ProgramRecorder {
  readonly platform: Platform;
  /** Which stores and loads become events. */
  readonly recorded: Recorded;
}

export interface RecordedProgram {
  readonly events: number;
  readonly stores: number;
  readonly instructions: number;
  /** How it ended, in words. */
  readonly end: string;
  readonly notes: readonly string[];
  readonly digest: string;
}

/**
 * Runs a program as a guest and records what it does to its NVDIMMs while it runs, its system calls, and of its other stores
 * and loads what is asked for. Throws as `ProgramTrace`; what was recorded by then is kept.
 */
export async function recordProgramRun(recorder: EventRecorder): Promise<RecordedProgram> {
  const { run, recorded, target, signal, written } = recorder;
  const header = programHeader(recorder);
  const made = new ProgramEvents(run, { configuration: header.configuration, recorded, written });
  const { state, trace } = made;
  const writer = await RecordingWriter.open(target, persistentMemory, header);
  const write = async (): Promise<void> => {
    const events = made.take();
    if (events.length > 0) await writer.write({ firstIndex: state.eventCount - events.length, events });
  };
  let obstacle: InputError | undefined;
  try {
    let turnedMs = performance.now();
    while (!signal.aborted && made.run(SLICE_INSTRUCTIONS)) {
      if (made.waiting >= WRITTEN_EVENTS) await write();
      if (performance.now() - turnedMs < TURN_MS) continue;
      await nextTurn();
      turnedMs = performance.now();
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    obstacle = error;
  }
  await write();
  await writer.end();
  if (obstacle !== undefined) throw obstacle;
  return {
    events: state.eventCount,
    stores: trace.stores,
    instructions: trace.traced.process.processor.instructions,
    end: trace.endText,
    notes: trace.notes(),
    digest: persistentMemory.model.digest(state).hex(),
  };
}

/** All that the events of a program’s run depend on. */
const programHeader = ({ run, platform, recorded }: EventRecorder): RecordingHeader =>
  recordingHeader(persistentMemory, {
    scenario: `program ${commandText(run.request)}`,
    configuration: { platform },
    seed: BigInt(run.request.seed),
    policy: { program: jsonOf(run), events: recorded },
    inputs: programInputs(run.request),
  });

/** Plain JSON has no `undefined`. */
export const jsonOf = (run: ProgramRun): JsonRecord => JSON.parse(JSON.stringify(run)) as JsonRecord;
