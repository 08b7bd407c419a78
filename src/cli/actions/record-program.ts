import { parseProgram, type ScriptedProgram, scriptedEvents } from '../../guests/scripted.ts';
import type { Platform } from '../../hardware/persistent-memory/configuration.ts';
import type { MemoryEvent } from '../../hardware/persistent-memory/events.ts';
import { evolveMemory } from '../../hardware/persistent-memory/evolve.ts';
import { InputError } from '../../kernel/errors.ts';
import { fileDigest } from '../../node/file-digest.ts';
import { readInput } from '../../node/read-input.ts';
import { persistentMemory, RecordingWriter, recordingHeader } from '../../recordings/recordings.ts';
import { interruptible } from '../interruptible.ts';
import { print } from '../print.ts';
import { outputName, recordingTarget } from '../recording-target.ts';
import { type Io, STATUS } from '../session.ts';

export interface ProgramOptions {
  readonly output: string;
  readonly seed?: bigint;
  readonly platform?: Platform;
  readonly evictions?: number;
  readonly drains?: number;
  readonly writeOuts?: number;
  readonly json?: boolean;
}

/** Events that are written at once; so many can be lost when the recorder is killed. */
const BATCH_EVENTS = 64;

/** Runs a scripted program and records it while it runs. */
export async function recordProgram(io: Io, path: string, options: ProgramOptions): Promise<number> {
  const { output, seed = 0n, platform = 'P1', json = false } = options;
  const program = readProgram(path);
  const chances = {
    evictionPerMille: options.evictions ?? 0,
    drainPerMille: options.drains ?? 0,
    combiningPerMille: options.writeOuts ?? 0,
  };
  const header = recordingHeader(persistentMemory, {
    scenario: `scripted program ${path.slice(path.lastIndexOf('/') + 1)}`,
    configuration: { platform, cores: program.cores.length },
    seed,
    policy: chances,
    inputs: [{ name: path.slice(path.lastIndexOf('/') + 1), sha256: fileDigest(path) }],
  });
  const state = persistentMemory.initial(header.configuration);
  const events = scriptedEvents(state, program, seed, chances);
  const interrupted = await interruptible(async (signal) => {
    const first = events.next(); // a program that the machine cannot run is refused before anything is written
    const writer = await RecordingWriter.open(recordingTarget(io, output), persistentMemory, header);
    let batch: MemoryEvent[] = [];
    for (let next = first; !next.done; next = events.next()) {
      evolveMemory(state, next.value);
      batch.push(next.value);
      if (batch.length < BATCH_EVENTS) continue;
      await writer.write({ firstIndex: state.eventCount - batch.length, events: batch });
      batch = [];
      if (await isAborted(signal)) break;
    }
    if (batch.length > 0) await writer.write({ firstIndex: state.eventCount - batch.length, events: batch });
    await writer.end();
    return signal.aborted;
  });
  const found = {
    command: 'record',
    program: path,
    recording: output,
    platform,
    seed,
    cores: program.cores.length,
    events: state.eventCount,
    interrupted,
    digest: persistentMemory.model.digest(state).hex(),
  };
  print(output === '-' ? io.stderr : io.stdout, json, found, () => [
    `${outputName(output)}: ${state.eventCount} events of ${program.cores.length} ${program.cores.length === 1 ? 'core' : 'cores'}, ` +
      `platform ${platform}, seed 0x${seed.toString(16)}${interrupted ? '; interrupted, what was recorded is kept' : ''}`,
  ]);
  return interrupted ? STATUS.interrupted : STATUS.clean;
}

function readProgram(path: string): ScriptedProgram {
  const text = readInput(path).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `${path} is no JSON: ${(error as Error).message}; docs/command-line.md shows such a program, and an executable stands behind --`,
    );
  }
  try {
    return parseProgram(value);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${path}: ${error.message}`) : error;
  }
}

/** Lets signals come in. */
async function isAborted(signal: AbortSignal): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve));
  return signal.aborted;
}
