import { join } from 'node:path';
import { makeDirectory } from '../make-directory.ts';
import { ownVersion } from '../own-version.ts';
import type { Versions } from './details-section.ts';
import { replaceFile } from './replace-file.ts';

/** A file of a report: its name, and its text in parts. */
export type ReportFile = readonly [name: string, parts: () => Iterable<string>];

/**
 * Writes the files of a report into a directory, which is made when it is missing. Files of the same names are replaced whole.
 * Returns their paths.
 */
export async function writeFiles(directory: string, files: readonly ReportFile[]): Promise<string[]> {
  makeDirectory(directory);
  const paths: string[] = [];
  for (const [name, parts] of files) {
    const path = join(directory, name);
    await replaceFile(path, parts());
    paths.push(path);
  }
  return paths;
}

/** What makes the report. */
export function ownVersions(): Versions {
  return { tearline: ownVersion(), Node: process.versions.node };
}
