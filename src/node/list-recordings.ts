import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../kernel/errors.ts';
import { StaleRecording, systemError } from '../recordings/errors.ts';
import {
  type JsonRecord,
  persistentMemory,
  type RecordingHeader,
  readRecording,
} from '../recordings/recordings.ts';

/** A recording of a directory, as far as it can be read. */
export interface ListedRecording {
  readonly file: string;
  header?: RecordingHeader;
  events: number;
  /** The recorder did not complete it. */
  cut: boolean;
  verdict?: JsonRecord;
  /** Why it cannot be read. */
  problem?: string;
}

/** Reads the recordings of a directory, by name. Throws `InputError` when there is none, unless it `mayMiss`. */
export async function listRecordings(directory: string, mayMiss: boolean): Promise<ListedRecording[]> {
  const found: ListedRecording[] = [];
  for (const file of filesOf(directory, mayMiss)) found.push(await read(join(directory, file), file));
  return found;
}

function filesOf(directory: string, mayMiss: boolean): string[] {
  try {
    return readdirSync(directory)
      .filter((file) => /\.ndjson(\.gz)?$/.test(file))
      .sort();
  } catch (error) {
    if (mayMiss && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw systemError(`cannot read ${directory}`, error);
  }
}

async function read(path: string, file: string): Promise<ListedRecording> {
  const listed: ListedRecording = { file, events: 0, cut: false };
  try {
    for await (const part of readRecording(path, persistentMemory)) {
      if (part.type === 'header') listed.header = part.header;
      else if (part.type === 'events') listed.events += part.events.length;
      else if (part.type === 'verdict') listed.verdict = part.verdict;
      else if (part.type === 'cut') listed.cut = true;
    }
  } catch (error) {
    if (!(error instanceof InputError || error instanceof StaleRecording)) throw error;
    listed.problem = error.message;
  }
  return listed;
}
