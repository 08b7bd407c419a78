import { readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { systemError } from '../recordings/errors.ts';

const RETRY_MS = 10;

/** Gives so many bytes at most of what a program reads as standard input, none at its end. Throws `InputError`. */
export type ReadInput = (sizeBytes: number) => Uint8Array;

/** All that a stream holds. */
export async function streamInput(stdin: Readable): Promise<ReadInput> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array | string));
  let rest: Uint8Array = Buffer.concat(chunks);
  return (sizeBytes) => {
    const part = rest.subarray(0, sizeBytes);
    rest = rest.subarray(part.length);
    return part;
  };
}

/** What comes from a descriptor, when it is asked for: a program that does not read does not wait. */
export const descriptorInput =
  (fd: number): ReadInput =>
  (sizeBytes) =>
    readDescriptor(fd, sizeBytes);

function readDescriptor(fd: number, sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(Math.min(sizeBytes, 65536));
  for (;;) {
    try {
      return bytes.subarray(0, readSync(fd, bytes));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EOF') return new Uint8Array(0);
      if (code !== 'EAGAIN') throw systemError('cannot read standard input', error);
      // A terminal or pipe that does not wait by itself.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}
