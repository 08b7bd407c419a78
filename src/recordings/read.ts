import type { AnyEvent } from '../kernel/event-table.ts';
import { decodeHeader, noHeader, type RecordingHeader } from './header.ts';
import { openRecording, type RecordingSource } from './input.ts';
import { Lines } from './lines.ts';
import { RecordingParser } from './parser.ts';
import type { RecordingPart } from './parts.ts';
import type { RecordingType } from './recording-type.ts';

export interface ReadOptions {
  /** Stop after so many events; default: read all. */
  readonly to?: number;
  /** Whether the checksums of the file must be right; default true. */
  readonly verify?: boolean;
  /**
   * Whether the recording is being written while it is read, as by a replica; default false. Events are then handed on as
   * they arrive and not when a check line confirms them, and a source that fails behind the header cuts the recording there.
   */
  readonly live?: boolean;
  /** Bytes that a line may have; default 16 MiB. */
  readonly lineBytesMax?: number;
}

/**
 * Reads a recording part by part, in constant memory, without folding it: header, then events in batches of at most 1,000
 * with check lines between them, then verdict, if any, and `end` or `cut`.
 *
 * Throws `InputError` for a damaged recording: file, line, byte offset, event, what is wrong, what still can be used.
 * Throws `StaleRecording` for one of another version of the model.
 */
export async function* readRecording<State extends object, Event extends AnyEvent>(
  source: RecordingSource,
  type: RecordingType<State, Event>,
  options: ReadOptions = {},
): AsyncGenerator<RecordingPart<Event>> {
  const { to = Infinity, verify = true, live = false, lineBytesMax } = options;
  const { name: recording, chunks, parse } = openRecording(source);
  const parser = new RecordingParser(type, {
    recording,
    parse,
    verify,
    live,
    to,
    ...(lineBytesMax !== undefined && { lineBytesMax }),
  });
  try {
    for await (const chunk of chunks) {
      yield* parser.push(chunk);
      if (parser.failure !== undefined) throw parser.failure;
      if (parser.done) return;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code.startsWith('Z_')) throw parser.sourceFailed((error as Error).message);
    if (!live || !parser.isReading) throw error;
    yield* parser.end((error as Error).message);
    return;
  }
  yield* parser.end();
}

/** The header of a recording of any model, as `readRecording` wants to be told the type. Throws `InputError`. */
export async function readHeader(source: RecordingSource): Promise<RecordingHeader> {
  const { name, chunks, parse } = openRecording(source);
  let header: RecordingHeader | undefined;
  const lines = new Lines(name, (text) => {
    header ??= decodeHeader(text, parse, name);
  });
  for await (const chunk of chunks) {
    lines.push(chunk);
    if (header !== undefined) return header;
  }
  throw noHeader(name, lines.end());
}
