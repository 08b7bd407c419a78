import { InputError } from '../kernel/errors.ts';

/** A recording of another version of its model: its events would not mean what they meant. Not wrong, but stale. */
export class StaleRecording extends Error {
  override name = 'StaleRecording';
  constructor(
    recording: string,
    readonly model: string,
    /** Version of the model that the recording was made with. */
    readonly recorded: number,
    /** Version of the model at hand. */
    readonly present: number,
  ) {
    super(
      `${recording} is stale: it was made with version ${recorded} of ${model}, and this is version ${present}; ` +
        'record it again, or replay it with the release that made it',
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ECONNRESET: 'the connection is lost',
  EEXIST: 'the file exists',
  EISDIR: 'it is a folder',
  EMFILE: 'too many open files',
  ENOENT: 'no such file or folder',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'a part of the path is no folder',
  EPERM: 'not permitted',
  EPIPE: 'the reader has gone',
  EROFS: 'the file system is read-only',
};

/** An error of the operating system as a mistake of the user's, in one line; other errors as they are. */
export function systemError(doing: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error as Error;
  return new InputError(`${doing}: ${REASONS[code] ?? 'the system refuses'} (${code})`);
}
