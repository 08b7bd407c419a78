// Kills a campaign with SIGKILL at random moments until it is done, as often as its argument says (default 100), and looks
// whether each result is counted once and the report is that of a campaign nobody killed.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { commandLine, count as countOf } from './command-line.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MAIN = join(ROOT, 'dist', 'cli', 'tearline.cjs');
const LOG = join(ROOT, 'fixtures', 'pmem', 'listbug8.storelog');
const KILL_AFTER_MS_MAX = 1500;

const [kills = '100'] = commandLine(import.meta.url, { allowPositionals: true }).positionals;
const killsWanted = countOf('the number of kills', kills);
const directory = mkdtempSync(join(tmpdir(), 'tearline-kill-'));

/** @param {string} results */
const argumentsFor = (results) => [
  MAIN,
  'campaign',
  LOG,
  '--check',
  join(ROOT, 'test', 'node', 'checkers', 'slow.mjs'),
  '--results',
  join(directory, results),
  '--jobs',
  '2',
  '--no-witnesses',
  '--quiet',
  '--json',
];

/** @param {string} results */
function reportOf(results) {
  const { stdout } = spawnSync(process.execPath, argumentsFor(results), { encoding: 'utf8' });
  return JSON.stringify({ ...JSON.parse(stdout), elapsedMs: 0 });
}

/** @param {string} results */
function repeatedKeys(results) {
  const keys = readFileSync(join(directory, results), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .flatMap(({ consistent, result }) => consistent ?? (result ? [result.key] : []));
  return keys.length - new Set(keys).size;
}

try {
  const expected = reportOf('whole');
  let kills = 0;
  let campaigns = 0;
  let wrong = 0;
  while (kills < killsWanted) {
    const results = `results-${campaigns++}`;
    for (let isDone = false; !isDone && kills < killsWanted; ) {
      const child = spawn(process.execPath, argumentsFor(results), { stdio: 'ignore' });
      /** @type {Promise<boolean>} */
      const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal === null)));
      const timer = delay(Math.random() * KILL_AFTER_MS_MAX).then(() => child.kill('SIGKILL'));
      isDone = await ended;
      await timer;
      if (!isDone) kills++;
    }
    if (reportOf(results) !== expected || repeatedKeys(results) > 0) wrong++;
  }
  console.log(
    `${kills} kills, ${campaigns} campaigns, ${wrong} of them with a wrong report or a result counted twice`,
  );
  process.exitCode = wrong === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
