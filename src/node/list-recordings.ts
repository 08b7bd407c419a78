import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../kernel/errors.ts';
import type { AnyEvent } from '../kernel/event-table.ts';
import type { Mechanism } from '../mechanisms/mechanism.ts';
import { StaleRecording, systemError } from '../recordings/errors.ts';
import {
  type JsonRecord,
  mechanismRecording,
  persistentMemory,
  programRun,
  type RecordingHeader,
  type RecordingPart,
  readHeader,
  readRecording,
} from '../recordings/recordings.ts';
import { recordedMechanism } from './recorded-mechanism.ts';

/** A recording of a directory, as far as it can be read. */
export interface ListedRecording {
  /** Path from the directory. */
  readonly file: string;
  header?: RecordingHeader;
  events: number;
  /** The recorder did not complete it. */
  cut: boolean;
  verdict?: JsonRecord;
  /** Why it cannot be read. */
  problem?: string;
}

/**
 * Reads the recordings of a directory, by name, and then of the folders in it. `mechanisms` are those that are known besides
 * the ones that come with tearline. Throws `InputError` when there is no such directory, unless it `mayMiss`.
 */
export async function listRecordings(
  directory: string,
  mayMiss: boolean,
  mechanisms: readonly Mechanism[] = [],
): Promise<ListedRecording[]> {
  const found: ListedRecording[] = [];
  for (const file of filesOf(directory, mayMiss))
    found.push(await read(join(directory, file), file, mechanisms));
  return found;
}

function filesOf(directory: string, mayMiss: boolean): string[] {
  const entries = entriesOf(directory, mayMiss);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return [
    ...recordingsAmong(entries),
    ...folders.flatMap(({ name }) =>
      recordingsAmong(entriesOf(join(directory, name), true)).map((file) => join(name, file)),
    ),
  ];
}

const recordingsAmong = (entries: readonly Dirent[]): string[] =>
  entries
    .filter((entry) => !entry.isDirectory() && /\.ndjson(\.gz)?$/.test(entry.name))
    .map(({ name }) => name);

/** What is in a directory, by name. */
function entriesOf(directory: string, mayMiss: boolean): Dirent[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (mayMiss && ['ENOENT', 'EACCES'].includes(String((error as NodeJS.ErrnoException).code))) return [];
    throw systemError(`cannot read ${directory}`, error);
  }
}

async function read(path: string, file: string, mechanisms: readonly Mechanism[]): Promise<ListedRecording> {
  const listed: ListedRecording = { file, events: 0, cut: false };
  try {
    const header = await readHeader(path);
    listed.header = header;
    for await (const part of await partsOf(path, header, mechanisms)) {
      if (part.type === 'events') listed.events += part.events.length;
      else if (part.type === 'verdict') listed.verdict = part.verdict;
      else if (part.type === 'cut') listed.cut = true;
    }
  } catch (error) {
    if (!(error instanceof InputError || error instanceof StaleRecording)) throw error;
    listed.problem = error.message;
  }
  return listed;
}

async function partsOf(
  path: string,
  header: RecordingHeader,
  mechanisms: readonly Mechanism[],
): Promise<AsyncGenerator<RecordingPart<AnyEvent>>> {
  if (header.model === programRun.model.name) return readRecording(path, programRun);
  const given = mechanisms.find(({ name }) => name === header.model);
  const mechanism = given ?? (await recordedMechanism(path, header));
  return mechanism === undefined
    ? readRecording(path, persistentMemory)
    : readRecording(path, mechanismRecording(mechanism));
}
