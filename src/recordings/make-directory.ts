import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemError } from './errors.ts';

/**
 * Makes a directory and those above it, unless they are there. Throws `InputError`. Node's own way of doing so never ends
 * where the file system, such as /proc, refuses a directory with ENOENT.
 */
export function makeDirectory(path: string): void {
  if (isDirectory(path)) return;
  const above = dirname(path);
  if (above !== path) makeDirectory(above);
  try {
    mkdirSync(path);
  } catch (error) {
    if (!isDirectory(path)) throw systemError(`cannot make ${path}`, error);
  }
}

/** Throws `InputError` where a directory is no place to write to, or could not be made: before the work, not after it. */
export function expectWritable(path: string): void {
  try {
    accessSync(existing(path), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw systemError(`cannot write into ${path}`, error);
  }
}

/** The path, or the nearest of those above it that is there. With a slash behind it, what is no directory is refused. */
function existing(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  const above = dirname(path);
  return found === undefined && above !== path ? existing(above) : `${path}/`;
}

const isDirectory = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};
