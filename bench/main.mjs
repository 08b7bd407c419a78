/** `npm run bench`: measures what the project promises, each in a process of its own, and prints one table. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from './command-line.mjs';
import { appendLog, lateFlushLog, listLog } from './store-log-generator.mjs';

/** What is measured; left out: everything. */
const { positionals } = commandLine(import.meta.url, { allowPositionals: true });
const directory = mkdtempSync(join(tmpdir(), 'tearline-bench-'));
const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @param {string} name
 * @param {Generator<string>} chunks
 */
function write(name, chunks) {
  const path = join(directory, name);
  writeFileSync(path, [...chunks].join(''));
  return path;
}

/**
 * Runs one measurement and prints its rows.
 * @param {string} name
 * @param {string[]} args
 */
function measure(name, ...args) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(root, 'bench', `${name}.mjs`), ...args],
    {
      encoding: 'utf8',
      env: { ...process.env, TEARLINE_BENCH_DIRECTORY: directory },
    },
  );
  if (status !== 0) {
    console.log(`${name}: failed with status ${status}\n${stderr}`);
    process.exitCode = 1;
    return;
  }
  for (const line of stdout.trimEnd().split('\n')) {
    const [what = '', measured = '', wanted = ''] = line.split('\t');
    console.log(`${what.padEnd(66)} ${measured.padStart(26)}   ${wanted}`);
  }
}

console.log(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`);
console.log(
  `Node ${process.versions.node}, V8 ${process.versions.v8}, ${new Date().toISOString().slice(0, 10)}\n`,
);
console.log(`${'measurement'.padEnd(66)} ${'measured'.padStart(26)}   wanted`);
try {
  const wanted = new Set(positionals);
  const asked = (/** @type {string} */ name) => wanted.size === 0 || wanted.has(name);
  if (asked('fold')) measure('fold');
  if (asked('fork')) measure('fork');
  if (asked('replay')) measure('replay');
  if (asked('explore')) {
    measure('explore', 'speed', write('list20000.storelog', listLog(20_000)));
    measure(
      'explore',
      'flat',
      write('list667.storelog', listLog(667)),
      write('list6667.storelog', listLog(6_667)),
    );
    measure(
      'explore',
      'flat',
      write('log715.storelog', appendLog(715)),
      write('log7143.storelog', appendLog(7_143)),
    );
    measure('explore', 'late', write('late.storelog', lateFlushLog(100_000)));
  }
  if (asked('campaign')) measure('campaign');
  if (asked('startup')) measure('startup');
  if (asked('programs')) {
    measure('programs');
    measure('program-recording');
  }
  if (asked('mechanisms')) {
    measure('mechanisms', 'rate');
    measure('mechanisms', 'flat');
    measure('mechanisms', 'large');
    measure('mechanisms', 'campaign');
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
