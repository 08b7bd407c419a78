import { Readable } from 'node:stream';
import { constants, gunzipSync } from 'node:zlib';
import type { NamedStream } from '../recordings/input.ts';
import { type RecordingHeader, readHeader } from '../recordings/recordings.ts';

/** A recording that comes as a stream, with its header, and with all of it still to be read. */
export interface PeekedRecording {
  readonly header: RecordingHeader;
  readonly source: NamedStream;
}

const GZIP_ID = 0x1f8b;
const NEWLINE = 0x0a;
/** Bytes within which the first line must end. */
const PEEKED_BYTES_MAX = 16 * 1024 * 1024;

/** Reads the first line of a stream. Throws `InputError` when that is no header of a recording. */
export async function peekRecording(name: string, stream: Readable): Promise<PeekedRecording> {
  const iterator: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  const chunks: Buffer[] = [];
  let bytes = 0;
  while (bytes < PEEKED_BYTES_MAX) {
    const { value, done } = await iterator.next();
    if (done) break;
    const chunk = Buffer.from(value);
    chunks.push(chunk);
    bytes += chunk.length;
    if (holdsLine(chunks, chunk)) break;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* chunks;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  const peeked = { name, stream: Readable.from(chunks) };
  return { header: await readHeader(peeked), source: { name, stream: Readable.from(all()) } };
}

/** Whether the chunks, of which this is the last, hold a whole line, compressed or not. */
function holdsLine(chunks: readonly Buffer[], last: Buffer): boolean {
  if (chunks[0].length < 2 || chunks[0].readUInt16BE() !== GZIP_ID) return last.includes(NEWLINE);
  const whole = gunzipSync(Buffer.concat(chunks), { finishFlush: constants.Z_SYNC_FLUSH });
  return whole.includes(NEWLINE);
}
