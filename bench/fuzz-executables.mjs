// node bench/fuzz-executables.mjs [--count N] [--seed S] [--instructions 20000] [--first I]: runs N (100,000) damaged copies of the
// executables in fixtures/x86 as guests, each for so many instructions at most. Ends with status 1 where one makes something
// else of it than an error of one line or the end of the guest, takes too long, or has memory grow. Damaged files that do are saved.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { commandLine, count as countOf } from './command-line.mjs';
import { originals } from './fuzz/executables/executables.mjs';
import { mutatedExecutable } from './fuzz/executables/mutate.mjs';
import { draws } from './fuzz/mutate.mjs';

const { values: options } = commandLine(import.meta.url, {
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    instructions: { type: 'string', default: '20000' },
    /** Seconds that one may take. */
    seconds: { type: 'string', default: '20' },
    /** Of this process, in MiB. */
    memory: { type: 'string', default: '2048' },
    /** Where the built package is. */
    built: { type: 'string', default: 'dist' },
  },
});
const [seed, instructions] = [
  countOf('--seed', options.seed),
  countOf('--instructions', options.instructions),
];
const firstOfAll = countOf('--first', options.first);
const count = firstOfAll + countOf('--count', options.count);

/** @type {Map<string, number>} */
const results = new Map();
let problems = 0;
let largestBytes = 0;
let slowest = { ms: 0, index: -1 };
/** @type {string | undefined} */
let directory;

/**
 * @param {number} index
 * @param {string} text
 */
function tell(index, text) {
  problems++;
  directory ??= mkdtempSync(join(tmpdir(), 'tearline-executables-'));
  const path = join(directory, `${seed}-${index}.elf`);
  const draw = draws(seed * 1_000_003 + index);
  const from = originals();
  writeFileSync(path, mutatedExecutable(from[draw(from.length)], draw));
  console.log(`\nexecutable ${index}: ${text}`);
  console.log(`  ${path}`);
  console.log(
    `  node bench/fuzz-executables.mjs --first ${index} --count 1 --seed ${seed} --instructions ${instructions} --built ${options.built}`,
  );
}

/**
 * Tries those from one on. Returns from which to go on.
 *
 * @param {number} first
 * @returns {Promise<number>}
 */
function tryFrom(first) {
  return new Promise((resolve) => {
    const current = new SharedArrayBuffer(4);
    const index = new Int32Array(current);
    index[0] = first;
    let [seen, sinceMs] = [first, performance.now()];
    const worker = new Worker(new URL('./fuzz/executables/worker.mjs', import.meta.url), {
      workerData: { built: options.built, seed, first, count, instructions, current },
    });
    /** @param {number} next */
    const end = (next) => {
      clearInterval(watch);
      worker.terminate().then(() => resolve(next));
    };
    const watch = setInterval(() => {
      const at = Atomics.load(index, 0);
      const nowMs = performance.now();
      const { rss } = process.memoryUsage();
      largestBytes = Math.max(largestBytes, rss);
      if (at !== seen) [seen, sinceMs] = [at, nowMs];
      else if (nowMs - sinceMs > slowest.ms) slowest = { ms: nowMs - sinceMs, index: at };
      if (rss > Number(options.memory) * 2 ** 20) {
        tell(at, `there, memory had grown to ${Math.round(rss / 2 ** 20)} MiB`);
        end(at + 1);
      } else if (nowMs - sinceMs > Number(options.seconds) * 1000) {
        tell(at, `took more than ${options.seconds} s`);
        end(at + 1);
      }
    }, 100);
    worker.on('message', ({ index: tried, result, problem }) => {
      results.set(result, (results.get(result) ?? 0) + 1);
      if (problem !== undefined) tell(tried, problem);
    });
    worker.on('error', (error) => {
      tell(Atomics.load(index, 0), `ended its thread: ${error.stack}`);
      end(Atomics.load(index, 0) + 1);
    });
    worker.on('exit', () => end(count));
  });
}

const startedMs = performance.now();
for (let next = firstOfAll; next < count; ) next = await tryFrom(next);
const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
const tallies = [...results].map(([result, times]) => `${times} ${result}`).join(', ');
console.log(
  `${options.count} executables from seed ${seed} in ${seconds} s: ${tallies}; largest process ${Math.round(largestBytes / 2 ** 20)} MiB, ` +
    `slowest some ${Math.round(slowest.ms)} ms (${slowest.index}), ${problems} problems`,
);
if (problems > 0) process.exitCode = 1;
