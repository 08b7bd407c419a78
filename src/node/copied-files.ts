import { readdirSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { InputError } from '../kernel/errors.ts';
import { systemError } from '../recordings/errors.ts';

/** A file of the host, and where a program finds its copy. */
export type CopiedFile = readonly [host: string, guest: string];

/** More would not fit into the memory of the host, and is a mistake. */
const FILES_MAX = 10_000;

/**
 * What is copied into a program's file system: the files that are named, and of folders all files below them, in the order
 * of their paths, but for those that lie on persistent memory, at these paths of the guest. Throws `InputError` for what is
 * not there.
 */
export const copiedFiles = (named: readonly CopiedFile[], persistent: ReadonlySet<string>): CopiedFile[] =>
  named.flatMap(([host, guest]) =>
    isFolder(host)
      ? filesBelow(host, guest).filter(([, path]) => !persistent.has(path))
      : [[host, guest] as const],
  );

function filesBelow(host: string, guest: string): CopiedFile[] {
  try {
    const paths = readdirSync(host, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(host, '/').length))
      .sort();
    if (paths.length > FILES_MAX)
      throw new InputError(
        `--file ${host}: holds more than ${FILES_MAX} files; name those that the program needs`,
      );
    return paths.map((path) => [join(host, path), posix.join(guest, path.replaceAll('\\', '/'))]);
  } catch (error) {
    throw systemError(`cannot read ${host}`, error);
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
