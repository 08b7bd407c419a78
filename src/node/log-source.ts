import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StoreLogImport, type StoreLogSummary, tellSummary } from '../guests/store-log/store-log.ts';
import type { MachineConfiguration } from '../hardware/persistent-memory/configuration.ts';
import type { MemoryEvent } from '../hardware/persistent-memory/events.ts';
import { type Operation, operationsOf } from '../hardware/persistent-memory/operations.ts';
import type { StrayFlush } from '../hardware/persistent-memory/stray-flush.ts';
import { InputError } from '../kernel/errors.ts';
import { systemError } from '../recordings/errors.ts';
import { persistentMemory, readHeader, readRecording } from '../recordings/recordings.ts';
import { inflate, readInput } from './read-input.ts';
import { named } from './run-file.ts';

const CHUNK_BYTES = 1 << 20;

/** Uncompressed bytes of a log up to which its operations are kept in memory, to be walked again without being read again. */
const KEPT_BYTES_MAX = 64 << 20;

/** A run read from a file, as often as it is asked for. */
export interface LogSource {
  operations(): Iterable<Operation>;
  /** How much of the run was given out since it was last asked for, from 0 to 1. */
  readonly fraction: number;
  /** What a user should know of it, when it was read to its end. */
  readonly notes: readonly string[];
  /** Flushes of a program that miss persistent memory; a log does not have them. */
  readonly strayFlushes?: readonly StrayFlush[];
}

/** Opens a store log or a recording. Throws `InputError` when it cannot be read; while it is walked, when it is damaged. */
export async function openLog(
  path: string,
  base: readonly (readonly [file: string, imagePath: string])[],
): Promise<LogSource> {
  if (isRecording(path)) return RecordingSource.read(path);
  return new StoreLogSource(path, new Map(base.map(([file, imagePath]) => [file, readInput(imagePath)])));
}

/** What a log says of its machine: a store log nothing. Throws `InputError`, also for base contents that cannot be used. */
export async function logConfiguration(
  path: string,
  base: readonly (readonly [file: string, imagePath: string])[],
): Promise<Partial<MachineConfiguration>> {
  if (!isRecording(path)) return {};
  if (base.length > 0)
    throw new InputError(`${path} is a recording, with its base contents in it: leave --base out`);
  return (await readHeader(path)).configuration;
}

function isRecording(path: string): boolean {
  const head = readHead(path);
  const text = inflate(head, path);
  return text[0] === 0x7b; // a store log never begins with a brace
}

function readHead(path: string): Buffer {
  const head = Buffer.alloc(65_536);
  try {
    const file = openSync(path, 'r');
    try {
      return head.subarray(0, readSync(file, head));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw systemError(`cannot read ${path}`, error);
  }
}

class StoreLogSource implements LogSource {
  fraction = 0;
  notes: readonly string[] = [];
  private kept: readonly Operation[] | undefined;
  private inflated: Buffer | undefined;

  constructor(
    private readonly path: string,
    private readonly base: ReadonlyMap<string, Uint8Array>,
  ) {}

  operations(): Iterable<Operation> {
    this.kept ??= named(this.path, () => this.readSmall());
    return this.kept === undefined ? this.stream() : this.give(this.kept);
  }

  private *give(operations: readonly Operation[]): Generator<Operation> {
    for (let i = 0; i < operations.length; i++) {
      this.fraction = i / operations.length;
      yield operations[i];
    }
    this.fraction = 1;
  }

  private readSmall(): Operation[] | undefined {
    const { size } = stat(this.path);
    if (size > KEPT_BYTES_MAX) return undefined;
    const bytes = this.inflated ?? readInput(this.path);
    if (bytes.length > KEPT_BYTES_MAX) {
      this.inflated = bytes;
      return undefined;
    }
    const operations: Operation[] = [];
    const log = new StoreLogImport({ base: this.base });
    for (const chunk of slices(bytes)) for (const operation of log.push(chunk)) operations.push(operation);
    for (const operation of log.end()) operations.push(operation);
    this.tell(log.summary);
    return operations;
  }

  private *stream(): Generator<Operation> {
    const log = new StoreLogImport({ base: this.base });
    const { size } = stat(this.path);
    const bytesTotal = this.inflated?.length ?? size;
    let bytesRead = 0;
    for (const chunk of this.inflated === undefined ? chunksOf(this.path) : slices(this.inflated)) {
      yield* named(this.path, () => log.push(chunk));
      bytesRead += chunk.length;
      this.fraction = bytesRead / bytesTotal;
    }
    yield* named(this.path, () => log.end());
    this.tell(log.summary);
  }

  private tell(summary: StoreLogSummary): void {
    this.notes = tellSummary(summary);
  }
}

function stat(path: string): { size: number } {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    return { size };
  } finally {
    closeSync(file);
  }
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

function* chunksOf(path: string): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  try {
    for (;;) {
      const length = readSync(file, chunk);
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

/** A recorded run, as operations again: what the machine did of its own accord is left to the explorer. */
class RecordingSource implements LogSource {
  fraction = 0;

  private constructor(
    private readonly run: readonly Operation[],
    readonly notes: readonly string[],
  ) {}

  static async read(path: string): Promise<RecordingSource> {
    const batches: (readonly MemoryEvent[])[] = [];
    const notes: string[] = [];
    for await (const part of readRecording(path, persistentMemory)) {
      if (part.type === 'events') batches.push(part.events);
      else if (part.type === 'cut')
        notes.push(`the recording was cut short: only its first ${part.index} events are used`);
    }
    return new RecordingSource([...operationsOf(batches.flat())], notes);
  }

  *operations(): Generator<Operation> {
    for (let i = 0; i < this.run.length; i++) {
      this.fraction = i / this.run.length;
      yield this.run[i];
    }
    this.fraction = 1;
  }
}
