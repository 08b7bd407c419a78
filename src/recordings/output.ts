import { closeSync, openSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import ndjson from 'ndjson';
import { systemError } from './errors.ts';

/** Where the lines of a recording go. Errors are `InputError`s of one line. */
export interface RecordingOutput {
  /** Takes whole lines; resolves when more may come. */
  write(lines: Buffer): void | Promise<void>;
  /** Completes the output. */
  end(): void | Promise<void>;
}

/** The path of a file, which is overwritten (compressed if it ends in `.gz`), `-` for standard output, or a stream. */
export type RecordingTarget = string | Writable;

/** Opens a target. Throws `InputError` when it cannot be written. */
export function openOutput(target: RecordingTarget): RecordingOutput {
  if (target === '-') return new PipeOutput(process.stdout, 'standard output');
  if (typeof target !== 'string') return new PipeOutput(target, 'the stream');
  const file = new FileOutput(target);
  return target.endsWith('.gz') ? new GzipOutput(file) : file;
}

/** Each write is in the hands of the operating system when it returns: it survives the death of this process. */
class FileOutput implements RecordingOutput {
  private readonly file: number;

  constructor(private readonly path: string) {
    this.file = this.attempt(() => openSync(path, 'w'));
  }

  write(lines: Buffer): void {
    this.attempt(() => {
      for (let at = 0; at < lines.length; ) at += writeSync(this.file, lines, at);
    });
  }

  end(): void {
    this.attempt(() => closeSync(this.file));
  }

  private attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw systemError(`cannot write ${this.path}`, error);
    }
  }
}

const BLOCK_BYTES = 256 * 1024;
const DELAY_MS_MAX = 250;

/**
 * Compresses blocks of lines, each as a gzip member of its own, so that a file which was cut short is readable. A block
 * waits for more until it is large, or for a quarter of a second.
 */
class GzipOutput implements RecordingOutput {
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private since = 0;

  constructor(private readonly file: FileOutput) {}

  write(lines: Buffer): void {
    if (this.pendingBytes === 0) {
      this.since = performance.now();
      this.timer = setTimeout(() => this.flush(), DELAY_MS_MAX).unref();
    }
    this.pending.push(lines);
    this.pendingBytes += lines.length;
    // A recorder that never pauses gives the timer no chance.
    if (this.pendingBytes >= BLOCK_BYTES || performance.now() - this.since >= DELAY_MS_MAX) this.flush();
  }

  end(): void {
    this.flush();
    this.file.end();
  }

  private flush(): void {
    clearTimeout(this.timer);
    if (this.pendingBytes === 0) return;
    const block = gzipSync(Buffer.concat(this.pending));
    this.pending = [];
    this.pendingBytes = 0;
    this.file.write(block);
  }
}

/** A stream that others read: it goes through `ndjson` and waits for a slow reader. */
class PipeOutput implements RecordingOutput {
  private readonly stream = ndjson.stringify();
  private failure: Error | undefined;
  /** Ends the wait of whoever waits for the reader. */
  private wake: () => void = () => undefined;

  constructor(
    private readonly target: Writable,
    name: string,
  ) {
    const fail = (error: unknown): void => {
      this.failure ??= systemError(`cannot write to ${name}`, error);
      this.wake();
    };
    target.on('error', fail);
    target.on('close', () => {
      if (!target.writableFinished) fail(Object.assign(new Error('closed'), { code: 'EPIPE' }));
    });
    this.stream.pipe(target, { end: false });
  }

  async write(lines: Buffer): Promise<void> {
    for (const line of lines.toString().split('\n')) {
      if (line === '') continue; // behind the last line break
      if (this.failure === undefined && this.stream.write(JSON.parse(line))) continue;
      await this.orFailed((done) => this.stream.once('drain', done));
    }
  }

  async end(): Promise<void> {
    const { stream, target } = this;
    await this.orFailed((done) => stream.once('end', done).end());
    await this.orFailed((done) => {
      if (target === process.stdout) target.write('', () => done());
      else target.end(done);
    });
  }

  private async orFailed(wait: (done: () => void) => void): Promise<void> {
    if (this.failure === undefined) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        wait(resolve);
      });
    }
    if (this.failure !== undefined) throw this.failure;
  }
}
