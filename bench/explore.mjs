/** node bench/explore.mjs speed LOG, or size LOG...: how fast crash images of a store log are found, and in how much memory. */

import { openSync, readSync } from 'node:fs';
import { limitsOf, runShard, StoreLogImport } from 'tearline';
import { commandLine } from './command-line.mjs';
import { millions, peakMiB, row } from './fixture.mjs';

/** The operations of a store log, read in chunks. @param {string} path */
function* operationsOf(path) {
  const log = new StoreLogImport();
  const chunk = Buffer.alloc(1 << 16);
  const file = openSync(path, 'r');
  for (let bytes = readSync(file, chunk); bytes > 0; bytes = readSync(file, chunk))
    yield* log.push(chunk.subarray(0, bytes));
  yield* log.end();
}

/** Parses and explores a log. @param {string} path */
function explore(path) {
  const start = performance.now();
  const input = { operations: () => operationsOf(path), configuration: {}, limits: limitsOf(), seed: 0n };
  const { tally, distinct } = runShard(input, { shard: { index: 0, count: 1 } });
  return { seconds: (performance.now() - start) / 1000, distinct, ...tally.report() };
}

const [what, ...paths] = commandLine(import.meta.url, { allowPositionals: true }).positionals;
if (what === 'speed') {
  const { seconds, combinations, crashPoints } = explore(paths[0]);
  row('a log of 340,000 records parsed and explored', `${seconds.toFixed(2)} s`, 'under 4 s');
  row('  crash states, parsing included', millions(Number(combinations) / seconds), '1 million/s or more');
  row('  crash points', `${Math.round(crashPoints / seconds).toLocaleString('en')}/s`, '');
} else if (what === 'flat') {
  for (const path of paths) explore(path); // warm
  const costs = paths.map((path) => {
    const runs = [1, 2, 3, 4, 5].map(() => explore(path));
    return Math.min(...runs.map(({ seconds, crashPoints }) => (seconds * 1e6) / crashPoints));
  });
  const name = paths[0].includes('list') ? 'list' : 'log';
  row(`cost of a crash point, ${name}, at 10,000 points`, `${costs[0].toFixed(2)} us`, '');
  row(`  at 100,000 points, times that`, (costs[1] / costs[0]).toFixed(2), '1.3 or less');
} else {
  const { seconds, crashPoints, incomplete } = explore(paths[0]);
  const beyond = incomplete?.list.filter(({ log2 }) => log2 > 64).length ?? 0;
  row(
    `${crashPoints.toLocaleString('en')} points, ${beyond.toLocaleString('en')} beyond 2^64 images`,
    `${seconds.toFixed(1)} s`,
    'under 60 s',
  );
  row('  resident memory', `${peakMiB()} MiB`, 'under 1024 MiB');
}
