// node bench/fuzz-parsers.mjs [COUNT] [SEED]: gives COUNT (100,000) damaged store logs and as many damaged recordings to
// what is built in dist/. Ends with status 1 when one of them crashes a parser, keeps it busy or gets an error without a place.

import { commandLine, count as countOf } from './command-line.mjs';
import { fuzzRecordings, fuzzStoreLogs } from './fuzz/parsers.mjs';

const [count = '100000', seed = '1'] = commandLine(import.meta.url, { allowPositionals: true }).positionals;
const options = { count: countOf('COUNT', count), seed: countOf('SEED', seed) };

/** @param {string} path */
const built = (path) => import(new URL(`../dist/${path}.js`, import.meta.url).href);

/** @type {import('./fuzz/parsers.mjs').Modules} */
const modules = {
  storeLog: await built('guests/store-log/store-log'),
  recordings: await built('recordings/recordings'),
  operations: await built('hardware/persistent-memory/operations'),
  memory: await built('hardware/persistent-memory/memory'),
  state: await built('hardware/persistent-memory/state'),
  run: await built('kernel/run'),
};

for (const [name, fuzz] of /** @type {const} */ ([
  ['store logs', fuzzStoreLogs],
  ['recordings', fuzzRecordings],
])) {
  const started = performance.now();
  const { inputs, accepted, refused, slowestMs, problems } = await fuzz(modules, options);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${name}: ${inputs} inputs in ${seconds} s: ${accepted} accepted, ${refused} refused, slowest ${slowestMs} ms, ` +
      `${problems.length} problems (seed ${options.seed})`,
  );
  for (const problem of problems.slice(0, 20)) console.log(`  ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}
