import { closeSync, openSync, readSync } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { systemError } from './errors.ts';
import { type ParseLine, parseFileLine, pipeLineParser } from './json.ts';

/** A recording: the path of a file, `-` for standard input, a stream, or its bytes. Compressed or not. */
export type RecordingSource = string | Readable | NamedStream | Uint8Array;

/** A stream, and what it is called in errors. */
export interface NamedStream {
  readonly name: string;
  readonly stream: Readable;
}

/** An open source. */
export interface RecordingInputStream {
  /** Named in errors. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly parse: ParseLine;
}

const CHUNK_BYTES = 128 * 1024;

/** Opens a recording. Whether it is compressed is seen from its first bytes, whatever its name. */
export function openRecording(source: RecordingSource): RecordingInputStream {
  if (source === '-')
    return { name: 'standard input', chunks: inflated(process.stdin), parse: pipeLineParser() };
  if (typeof source === 'string') {
    return { name: source, chunks: inflated(fileChunks(source)), parse: parseFileLine };
  }
  if (source instanceof Uint8Array)
    return { name: 'recording', chunks: inflated([source]), parse: parseFileLine };
  const { name, stream } = 'stream' in source ? source : { name: 'stream', stream: source };
  return { name, chunks: inflated(stream), parse: pipeLineParser() };
}

function* fileChunks(path: string): Generator<Uint8Array> {
  const failed = (error: unknown): Error => systemError(`cannot read ${path}`, error);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw failed(error);
  }
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
      const length = readSync(file, chunk);
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } catch (error) {
    throw failed(error);
  } finally {
    closeSync(file);
  }
}

type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

async function* inflated(chunks: Chunks): AsyncGenerator<Uint8Array> {
  const { head, all } = await withHead(chunks);
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* all;
    return;
  }
  // With this flush mode a file that is cut short gives all that it holds, and is no error.
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES });
  pipeline(Readable.from(all), gunzip, () => undefined); // an error reaches whoever reads the chunks
  yield* gunzip as AsyncIterable<Uint8Array>;
}

/** The first two bytes of a source, and the whole of it again. */
async function withHead(chunks: Chunks): Promise<{ head: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  const iterator =
    Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  const first: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < 2) {
    const next = await iterator.next();
    if (next.done) break;
    first.push(next.value);
    bytes += next.value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* first;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(first).subarray(0, 2), all: all() };
}
