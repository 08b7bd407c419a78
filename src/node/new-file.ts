import { realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { systemError } from '../recordings/errors.ts';

/** A file that appears under its name when it is complete, or not at all. */
export interface NewFile {
  /** Where to write. */
  readonly path: string;
  /** Gives the file its name. Throws `InputError`. */
  keep(): void;
  /** Deletes what was written. */
  drop(): void;
}

/**
 * Begins a file beside its final place, under a name with the same suffix. What is there and is no ordinary file (a device, a
 * pipe) is written directly; of a symbolic link the target is replaced.
 */
export function newFile(path: string): NewFile {
  const target = followed(path);
  if (target === undefined) return { path, keep: () => undefined, drop: () => undefined };
  const temporary = join(dirname(target), `.${crypto.randomUUID().slice(0, 8)}-${basename(target)}`);
  return {
    path: temporary,
    keep: () => {
      try {
        renameSync(temporary, target);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw systemError(`cannot write ${path}`, error);
      }
    },
    drop: () => {
      try {
        rmSync(temporary, { force: true });
      } catch {
        // It never came into being; why not, its writer has said.
      }
    },
  };
}

/** The path of the ordinary file that is meant; undefined for anything else that is there. */
function followed(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? realpathSync(path) : undefined;
  } catch {
    return path;
  }
}
