import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ENVIRONMENT } from './outcome.mjs';

const TIMEOUT_MS = 60_000;

/**
 * Runs a program on the processor of this machine, in an empty directory.
 * @param {import('./outcome.mjs').Given} given
 * @returns {import('./outcome.mjs').Outcome}
 */
export function runNative({ executable, argv, stdin }) {
  const directory = mkdtempSync(join(tmpdir(), 'tearline-compare-'));
  try {
    const [argv0, ...args] = argv;
    const { status, signal, stdout, stderr, error } = spawnSync(executable, args, {
      argv0,
      cwd: directory,
      env: ENVIRONMENT,
      input: stdin,
      timeout: TIMEOUT_MS,
      maxBuffer: 2 ** 28,
    });
    const doesNotRead = error !== undefined && 'code' in error && error.code === 'EPIPE';
    if (error !== undefined && !doesNotRead) throw error;
    const files = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return {
      end: signal ?? `status ${status}`,
      stdout,
      stderr,
      files: new Map(files.map((path) => [relative(directory, path), readFileSync(path)])),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
