import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreLogImport, type StoreLogSummary } from '../guests/store-log/store-log.ts';
import { machineConfiguration, type Platform } from '../hardware/persistent-memory/configuration.ts';
import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import { evolveMemory } from '../hardware/persistent-memory/evolve.ts';
import { type Operation, perform } from '../hardware/persistent-memory/operations.ts';
import { initialMemory } from '../hardware/persistent-memory/state.ts';
import { IllegalEvent, InputError } from '../kernel/errors.ts';
import { openRecording } from '../recordings/input.ts';
import {
  type JsonRecord,
  persistentMemory,
  type RecordingCut,
  type RecordingHeader,
  readHeader,
  readRecording,
  recordingHeader,
} from '../recordings/recordings.ts';
import { fileDigest } from './file-digest.ts';
import { readInput } from './read-input.ts';

/** Events of a run that follow one another. */
export interface RunBatch {
  readonly firstIndex: number;
  readonly events: readonly MemoryEvent[];
}

/** A run in a file: a recording, or a store log that is imported as it is read. */
export interface RunFile {
  /** Path of the file, or `standard input`. */
  readonly name: string;
  readonly kind: 'recording' | 'store log';
  /** Of a recording: where it is read from, as often as it is asked for. */
  readonly source?: string | Uint8Array;
  readonly header: RecordingHeader;
  /** Reads the run, as often as it is asked for, from its beginning up to so many events. */
  batches(to?: number): AsyncGenerator<RunBatch>;
  /** Known when the run was read to its end. */
  readonly ending: RunEnding;
}

export interface RunEnding {
  /** The recorder did not complete the recording. */
  cut?: RecordingCut;
  verdict?: JsonRecord;
  /** What an import made of the store log. */
  summary?: StoreLogSummary;
}

export interface RunFileOptions {
  /** Of a store log: what a power loss leaves; default P1. */
  readonly platform?: Platform | undefined;
  /** Of a store log: what was in files before the run: name of the file, and path of the image. */
  readonly base?: ReadonlyMap<string, string>;
}

/**
 * Opens a recording or a store log, compressed or not; `-` is standard input, which is kept in memory. Throws `InputError`
 * for what is neither, `StaleRecording` when the run is read.
 */
export async function openRunFile(
  path: string,
  stdin: Readable,
  options: RunFileOptions = {},
): Promise<RunFile> {
  const source = path === '-' ? await readAll(stdin) : path;
  const name = path === '-' ? 'standard input' : path;
  if ((await firstByte(source)) !== OPENING_BRACE) return openStoreLog(source, name, options);
  const { platform, base } = options;
  if (platform !== undefined || (base !== undefined && base.size > 0)) {
    const option = platform === undefined ? '--base' : '--platform';
    throw new InputError(`${name} is a recording, which says that itself: leave ${option} out`);
  }
  const header = await readHeader(source);
  const ending: RunEnding = {};
  return {
    name,
    kind: 'recording',
    source,
    header,
    ending,
    async *batches(to) {
      for await (const part of readRecording(source, persistentMemory, to === undefined ? {} : { to })) {
        if (part.type === 'events') {
          yield part;
          await nextTurn(); // a signal is seen between two batches
        } else if (part.type === 'cut') ending.cut = part;
        else if (part.type === 'verdict') ending.verdict = part.verdict;
      }
    },
  };
}

const OPENING_BRACE = 0x7b; // a store log never begins with one

/** Whether a file can be a recording; an empty one can. Throws `InputError` when it cannot be read. */
export async function beginsAsRecording(path: string): Promise<boolean> {
  const first = await firstByte(path);
  return first === undefined || first === OPENING_BRACE;
}

async function firstByte(source: string | Uint8Array): Promise<number | undefined> {
  for await (const chunk of openRecording(source).chunks) if (chunk.length > 0) return chunk[0];
  return undefined;
}

async function readAll(stdin: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

/** As `openRunFile`, for what must be a store log. Standard input is read as it comes, and once. */
export async function openStoreLog(
  source: string | Uint8Array | Readable,
  name: string,
  { platform = 'P1', base = new Map() }: RunFileOptions,
): Promise<RunFile> {
  const configuration = machineConfiguration({ platform });
  const images = new Map([...base].map(([file, image]) => [file, readInput(image)]));
  const inputs = [...base].map(([file, image]) => ({ name: file, sha256: fileDigest(image) }));
  const sha256 = digestOf(source);
  if (sha256 !== undefined) inputs.unshift({ name: lastComponent(name), sha256 });
  const ending: RunEnding = {};
  return {
    name,
    kind: 'store log',
    header: recordingHeader(persistentMemory, {
      scenario: `store log ${lastComponent(name)}`,
      configuration: { ...configuration },
      inputs,
    }),
    ending,
    async *batches(to = Number.POSITIVE_INFINITY) {
      const log = new StoreLogImport({ base: images });
      const machine = new Performer(configuration, name);
      for await (const chunk of openRecording(source).chunks) {
        if (log.summary.records === 0 && chunk[0] === OPENING_BRACE) {
          throw new InputError(
            `${name} is no store log: it begins as a recording does, which needs no import`,
          );
        }
        yield* machine.perform(
          named(name, () => log.push(chunk)),
          to,
        );
        if (machine.index >= to && log.summary.records > 0) return; // it is a store log
      }
      yield* machine.perform(
        named(name, () => log.end()),
        to,
      );
      ending.summary = log.summary;
    },
  };
}

/** Turns operations into events, in batches. */
class Performer {
  index = 0;
  private readonly state;

  constructor(
    configuration: Parameters<typeof initialMemory>[0],
    private readonly name: string,
  ) {
    this.state = initialMemory(configuration);
  }

  async *perform(operations: readonly Operation[], to: number): AsyncGenerator<RunBatch> {
    let events: MemoryEvent[] = [];
    const batch = (): RunBatch => {
      const full = events.slice(0, to - this.index);
      const firstIndex = this.index;
      this.index += full.length;
      events = [];
      return { firstIndex, events: full };
    };
    for (const operation of operations) {
      this.performOne(operation, events);
      if (events.length < BATCH_EVENTS && this.index + events.length < to) continue;
      yield batch();
      await nextTurn();
      if (this.index >= to) return;
    }
    if (events.length > 0) yield batch();
  }

  private performOne(operation: Operation, events: MemoryEvent[]): void {
    try {
      for (const event of perform(this.state, operation)) {
        evolveMemory(this.state, event);
        events.push(event);
      }
    } catch (error) {
      if (error instanceof IllegalEvent)
        throw new InputError(`${this.name}: event ${this.state.eventCount}: ${error.message}`);
      throw error;
    }
  }
}

const BATCH_EVENTS = 1000;

/** Puts the name of the log before what the import says of it. */
export function named<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof InputError
      ? new InputError(`${name}: ${error.message.replace(/^store log: /, '')}`)
      : error;
  }
}

function digestOf(source: string | Uint8Array | Readable): string | undefined {
  if (typeof source === 'string') return fileDigest(source);
  return source instanceof Uint8Array ? createHash('sha256').update(source).digest('hex') : undefined;
}

const lastComponent = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
