import { writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { SystemError } from '../guests/programs/errno.ts';
import { systemError } from '../recordings/errors.ts';

const RETRY_MS = 0.5;

/**
 * Takes what a program writes to an output: to the descriptor where there is one, so that the program learns at once that
 * nobody reads it or that there is no space; else to the stream. The function throws `SystemError`, as the system call fails,
 * and `InputError` for another reason.
 */
export function programOutput(stream: Writable, name: string): (bytes: Uint8Array) => void {
  if (!('fd' in stream) || typeof stream.fd !== 'number') return (bytes) => void stream.write(bytes);
  const { fd } = stream;
  return (bytes) => {
    for (let done = 0; done < bytes.length; ) done += writePart(fd, bytes.subarray(done), name);
  };
}

function writePart(fd: number, bytes: Uint8Array, name: string): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EPIPE' || code === 'ENOSPC') throw new SystemError(code);
    if (code !== 'EAGAIN') throw systemError(`cannot write ${name}`, error);
    // A terminal or pipe that does not wait by itself.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    return 0;
  }
}
