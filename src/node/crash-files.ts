import { statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { MemoryState } from '../hardware/persistent-memory/state.ts';
import { InputError } from '../kernel/errors.ts';
import { systemError } from '../recordings/errors.ts';
import { makeDirectory } from '../recordings/make-directory.ts';

/** A file of the machine that was written to the disk. */
export interface CrashFile {
  /** Its name in the run. */
  readonly file: string;
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * Writes the files of a machine as the loss of power leaves them: one file to `path`, or into it where that is a directory;
 * several into a directory, which is made, by the last components of their names. Throws `InputError`.
 */
export function writeCrashFiles({ files, domain }: MemoryState, path: string): CrashFile[] {
  if (files.length === 0) throw new InputError('no file is mapped yet, so there is no image to write');
  const toDirectory = files.length > 1 || isDirectory(path);
  const written = files.map(({ name, address, sizeBytes }) => {
    const target = toDirectory ? join(path, basename(name) || 'image') : path;
    return { file: name, path: target, sizeBytes, address };
  });
  const twice = written.find((one, i) => written.findIndex((other) => other.path === one.path) < i);
  if (twice !== undefined)
    throw new InputError(
      `two files of the run are called ${basename(twice.file)}; images of such a run cannot be written`,
    );
  try {
    if (toDirectory) makeDirectory(path);
    for (const { path: target, address, sizeBytes } of written)
      writeFileSync(target, domain.read(address, sizeBytes));
  } catch (error) {
    throw systemError(`cannot write ${path}`, error);
  }
  return written.map(({ file, path: target, sizeBytes }) => ({ file, path: target, sizeBytes }));
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
