// node bench/kill-recorder.mjs [COUNT] [SEED]: kills COUNT (100) recorders at random moments and reads what they left.
// Ends with status 1 when a recording is not readable up to its last whole line.

import { fileURLToPath } from 'node:url';
import { commandLine, count as countOf } from './command-line.mjs';
import { killRecorders } from './fuzz/kill-recorder.mjs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const given = commandLine(import.meta.url, { allowPositionals: true }).positionals;
const [count, seed] = [countOf('COUNT', given[0] ?? '100'), countOf('SEED', given[1] ?? '1')];
const recordings = await import(new URL('../dist/recordings/recordings.js', import.meta.url).href);
const { events, problems } = await killRecorders(recordings, { dist, count, seed });
console.log(
  `${count} recorders killed, ${events} events read back, ${problems.length} problems (seed ${seed})`,
);
for (const problem of problems) console.log(`  ${problem}`);
if (problems.length > 0) process.exitCode = 1;
