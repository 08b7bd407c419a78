import { setImmediate as nextTurn } from 'node:timers/promises';
import { machineConfiguration, type Platform } from '../hardware/persistent-memory/configuration.ts';
import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import { evolveMemory } from '../hardware/persistent-memory/evolve.ts';
import { perform } from '../hardware/persistent-memory/operations.ts';
import { initialMemory } from '../hardware/persistent-memory/state.ts';
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
import { commandText } from './program-request.ts';
import { ProgramTrace } from './program-trace.ts';

/** Instructions between two looks at the clock: few, since those that fault or call the kernel take long. */
const SLICE_INSTRUCTIONS = 20_000;
/** After how many slices what was recorded is written. */
const WRITTEN_SLICES = 100;
/** How long the program runs before signals are looked at. */
const TURN_MS = 50;

export interface ProgramRecorder {
  readonly run: ProgramRun;
  readonly platform: Platform;
  readonly target: RecordingTarget;
  readonly signal: AbortSignal;
  readonly written: (descriptor: 1 | 2, bytes: Uint8Array) => void;
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

/** Runs a program as a guest and records what it does to its NVDIMMs while it runs. Throws as `ProgramTrace`. */
export async function recordProgramRun(recorder: ProgramRecorder): Promise<RecordedProgram> {
  const { run, platform, target, signal, written } = recorder;
  const state = initialMemory(machineConfiguration({ platform }));
  let events: MemoryEvent[] = [];
  const trace = new ProgramTrace(
    run,
    ({ operation }) => {
      for (const event of perform(state, operation)) {
        evolveMemory(state, event);
        events.push(event);
      }
    },
    written,
  );
  const writer = await RecordingWriter.open(target, persistentMemory, programHeader(run, platform));
  const write = async (): Promise<void> => {
    if (events.length > 0) await writer.write({ firstIndex: state.eventCount - events.length, events });
    events = [];
  };
  let turnedMs = performance.now();
  for (let slice = 1; !signal.aborted && trace.run(SLICE_INSTRUCTIONS); slice++) {
    if (slice % WRITTEN_SLICES === 0) await write();
    if (performance.now() - turnedMs < TURN_MS) continue;
    await nextTurn();
    turnedMs = performance.now();
  }
  await write();
  await writer.end();
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
const programHeader = (run: ProgramRun, platform: Platform): RecordingHeader =>
  recordingHeader(persistentMemory, {
    scenario: `program ${commandText(run.request)}`,
    configuration: { platform },
    seed: BigInt(run.request.seed),
    policy: { program: jsonOf(run) },
    inputs: programInputs(run.request),
  });

/** Plain JSON has no `undefined`. */
export const jsonOf = (run: ProgramRun): JsonRecord => JSON.parse(JSON.stringify(run)) as JsonRecord;
