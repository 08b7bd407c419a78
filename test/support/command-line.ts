import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CampaignReport } from '../../src/explore/campaign-report.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The built command line. */
export const builtCommand = join(ROOT, 'dist', 'cli', 'tearline.cjs');

/** A path in the repository. */
const inRepository = (...parts: string[]): string => join(ROOT, ...parts);

/** A store log under fixtures/pmem. */
export const storeLog = (name: string): string =>
  inRepository('fixtures', 'pmem', `${name}.storelog${/\d{4}$/.test(name) ? '.gz' : ''}`);

/** The checker of the store logs, and a checker under test/node/checkers. */
export const CHECK = inRepository('fixtures', 'pmem', 'check.mjs');
export const checker = (name: string): string => inRepository('test', 'node', 'checkers', `${name}.mjs`);

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts the built command line; `ended` resolves when all that it wrote is there. */
export function start(
  args: readonly string[],
  { cwd, environment }: RunOptions = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [builtCommand, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
    ...(cwd !== undefined && { cwd }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  return { child, ended };
}

/** Runs the built command line to its end. */
export const tearline = (args: readonly string[], options: RunOptions = {}): Promise<Ended> =>
  start(args, options).ended;

/** Runs a command that prints a campaign report as JSON. */
export async function reportOf(
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ report: CampaignReport; status: number | null; stderr: string }> {
  const { status, stdout, stderr } = await tearline([...args, '--json'], options);
  try {
    return { report: JSON.parse(stdout) as CampaignReport, status, stderr };
  } catch {
    throw new Error(
      `tearline ${args.join(' ')} ended with status ${status} and printed no report: ${stdout}${stderr}`,
    );
  }
}

/** A report without what differs from run to run. */
export const lasting = ({ elapsedMs: _, ...report }: CampaignReport): Omit<CampaignReport, 'elapsedMs'> =>
  report;

/** Runs a test in an empty directory, which goes afterwards. */
export async function inEmptyDirectory<T>(test: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'tearline-test-'));
  try {
    return await test(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
