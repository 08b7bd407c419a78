import { InputError } from '../../kernel/errors.ts';
import { indexOfMark, type Mark } from '../../node/fold-run.ts';
import { eventsUpTo, readMechanismRun } from '../../node/mechanism-run.ts';
import { peekRecording } from '../../node/peeked-recording.ts';
import { recordedMechanism } from '../../node/recorded-mechanism.ts';
import { recordedProgram } from '../../node/recorded-program.ts';
import { beginsAsRecording, openRunFile } from '../../node/run-file.ts';
import {
  programRun,
  type RecordingHeader,
  type RecordingSource,
  readHeader,
  replayRecording,
} from '../../recordings/recordings.ts';
import type { Io } from '../session.ts';
import { replayMechanism } from './replay-mechanism.ts';
import { replayMemory } from './replay-memory.ts';
import type { ReplayOptions } from './replay-source.ts';

/** Folds a recording and compares what it leads to with what it says. */
export async function replay(
  io: Io,
  path: string,
  options: ReplayOptions,
  guest?: readonly string[],
): Promise<number> {
  const { at } = options;
  const name = path === '-' ? 'standard input' : path;
  const { header, source } = await opened(io, path, name);
  if (header.model === programRun.model.name && options.mechanism === undefined) {
    const to = await indexOf(at, async (mark) => linesUpTo(name, source, mark));
    const program = recordedProgram(name, header, guest);
    // Loaded only here: with it comes the processor of programs.
    const { replayProgramRun } = await import('./replay-program-run.ts');
    return replayProgramRun(io, { name, source, to, header, program }, options);
  }
  const mechanism = await recordedMechanism(name, header, options.mechanism);
  if (at?.fromEnd === true && at.events > 0 && path === '-')
    throw new InputError('standard input is read once: count --at from its beginning');
  if (mechanism === undefined) {
    const to = await indexOf(at, async (mark) => indexOfMark(await openRunFile(path, io.stdin), mark));
    return replayMemory(io, { name, source, to, program: recordedProgram(name, header, guest) }, options);
  }
  if (guest !== undefined) throw new InputError(`${name} is of a mechanism: leave out what stands behind --`);
  const to = await indexOf(at, async (mark) =>
    eventsUpTo(await readMechanismRun(name, source, mechanism), mark),
  );
  return replayMechanism(io, mechanism, { name, source, to }, options);
}

async function opened(
  { stdin }: Io,
  path: string,
  name: string,
): Promise<{ header: RecordingHeader; source: RecordingSource }> {
  if (path === '-') return peekRecording(name, stdin);
  if (await beginsAsRecording(path)) return { header: await readHeader(path), source: path };
  throw new InputError(
    `${name} is no recording; of a store log, tearline import ${path} -o FILE.ndjson makes one`,
  );
}

/** The index that is meant; undefined for the end. Only a mark that counts from the end needs the run to be read for it. */
async function indexOf(
  mark: Mark | undefined,
  inRun: (mark: Mark) => Promise<number>,
): Promise<number | undefined> {
  if (mark === undefined || (mark.fromEnd && mark.events === 0)) return undefined;
  return mark.fromEnd ? inRun(mark) : mark.events;
}

/** The number of lines of digests that a mark counts from the end. Throws `InputError` for one before the beginning. */
async function linesUpTo(name: string, source: RecordingSource, { events }: Mark): Promise<number> {
  const { index } = await replayRecording(source, programRun);
  if (events <= index) return index - events;
  throw new InputError(`${name} has ${index} lines of digests: -${events} lies before its beginning`);
}
