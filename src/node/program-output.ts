import { writeSync } from 'node:fs';
import { SystemError } from '../guests/programs/errno.ts';
import { systemError } from '../recordings/errors.ts';

const RETRY_MS = 0.5;

/**
 * Writes to a descriptor what a program writes, so that the program learns at once that nobody reads it or that there is no
 * space. Throws `SystemError`, as the system call fails, and `InputError` for another reason.
 */
export function writeDescriptor(fd: number, bytes: Uint8Array, name: string): void {
  for (let done = 0; done < bytes.length; ) done += writePart(fd, bytes.subarray(done), name);
}

function writePart(fd: number, bytes: Uint8Array, name: string): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Some pipes are sockets, of which the other end is reset.
    if (code === 'EPIPE' || code === 'ECONNRESET') throw new SystemError('EPIPE');
    if (code === 'ENOSPC') throw new SystemError('ENOSPC');
    if (code !== 'EAGAIN') throw systemError(`cannot write ${name}`, error);
    // A terminal or pipe that does not wait by itself.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    return 0;
  }
}
