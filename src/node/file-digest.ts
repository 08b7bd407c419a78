import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { systemError } from '../recordings/errors.ts';

const CHUNK_BYTES = 1 << 20;

/** SHA-256 of a file, as 64 hexadecimal digits. Throws `InputError` when it cannot be read. */
export function fileDigest(path: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    const file = openSync(path, 'r');
    try {
      for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
        hash.update(chunk.subarray(0, length));
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw systemError(`cannot read ${path}`, error);
  }
  return hash.digest('hex');
}

/** SHA-256 of a text or of bytes, as 64 hexadecimal digits. */
export const textDigest = (text: string | Uint8Array): string =>
  createHash('sha256').update(text).digest('hex');
