import { statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { InputError } from '../kernel/errors.ts';
import { isRecord } from '../recordings/json-record.ts';

/** What a program reads as standard input, as plain JSON: a file of the host, or the bytes themselves. */
export type StandardInput = { readonly file: string } | { readonly base64: string };

/** Bytes themselves are in every line of a recording that names the program: a larger input is named. */
const BYTES_MAX = 1024 * 1024;

const ALPHABET = /^[A-Za-z0-9+/]*={0,2}$/;

/** Whether plain JSON is one. */
export const isStandardInput = (value: unknown): value is StandardInput =>
  isRecord(value) &&
  (typeof value.file === 'string' || (typeof value.base64 === 'string' && ALPHABET.test(value.base64)));

/**
 * The input that an option names: a path, or `-` for all that the stream holds. Throws `InputError` for what could be read
 * only once, and for too much.
 */
export async function standardInput(option: string, path: string, stream: Readable): Promise<StandardInput> {
  if (path !== '-') {
    if (statSync(path, { throwIfNoEntry: false })?.isFIFO())
      throw new InputError(
        `${option} ${path}: is a pipe, which can be read only once; give - and pipe into that`,
      );
    return { file: path };
  }
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk as Uint8Array | string);
    sizeBytes += bytes.length;
    if (sizeBytes > BYTES_MAX)
      throw new InputError(`${option} -: there is more than 1 MiB; keep it in a file, and give that`);
    chunks.push(bytes);
  }
  return { base64: Buffer.concat(chunks).toString('base64') };
}

/** What a program and its recovery read; the recovery, unless it is told otherwise, the same. Throws as `standardInput`. */
export async function standardInputs(
  { stdin, recoverStdin }: { readonly stdin?: string; readonly recoverStdin?: string },
  stream: Readable,
): Promise<{ run: StandardInput | undefined; recovery: StandardInput | undefined }> {
  const run = stdin === undefined ? undefined : await standardInput('--stdin', stdin, stream);
  if (recoverStdin === undefined || recoverStdin === stdin) return { run, recovery: run };
  return { run, recovery: await standardInput('--recover-stdin', recoverStdin, stream) };
}
