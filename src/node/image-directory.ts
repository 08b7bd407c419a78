import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const living = new Set<string>();
let watchesExit = false;

/** Makes a directory for crash images: in memory where the system offers that. It goes when this process ends, at the latest. */
export function makeImageDirectory(): string {
  if (!watchesExit) process.on('exit', () => living.forEach(removeImageDirectory));
  watchesExit = true;
  const directory = mkdtempSync(join(place(), 'tearline-'));
  living.add(directory);
  return directory;
}

export function removeImageDirectory(directory: string): void {
  living.delete(directory);
  rmSync(directory, { recursive: true, force: true });
}

function place(): string {
  try {
    accessSync('/dev/shm', constants.W_OK | constants.X_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}
