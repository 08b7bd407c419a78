import { readFileSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { InputError } from '../kernel/errors.ts';
import { systemError } from '../recordings/errors.ts';

/** The whole contents of a file, uncompressed when it is a gzip file. Throws `InputError`. */
export function readInput(path: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw systemError(`cannot read ${path}`, error);
  }
  return inflate(bytes, path);
}

/** The contents of a file, or its beginning, uncompressed. `path` names it in the `InputError` that damage throws. */
export function inflate(bytes: Buffer, path: string): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    // With this flush mode a file that is cut short gives all that it holds.
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw new InputError(`${path} is damaged: ${(error as Error).message}; compress it again`);
  }
}
