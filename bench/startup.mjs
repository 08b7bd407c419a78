/**
 * `tearline run` of a program that ends at once, from start to end: what Node, the command and the first execution of each
 * instruction cost. Elapsed time, the median of several runs, on a machine that does nothing else.
 */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from './command-line.mjs';
import { row, writableDirectory } from './fixture.mjs';

commandLine(import.meta.url, {});

const RUNS = 21;
const directory = writableDirectory();
/** @param {string} path */
const inRepository = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const command = inRepository('dist/cli/tearline.cjs');

/** @param {string[]} args of Node */
function elapsedMilliseconds(...args) {
  const all = Array.from({ length: RUNS }, () => {
    const startedMs = performance.now();
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with status ${status}`);
    return performance.now() - startedMs;
  });
  return `${Math.round(all.sort((left, right) => left - right)[RUNS >> 1])} ms`;
}

row('start to end: node, which does nothing', elapsedMilliseconds('-e', '0'));
row('  tearline --version', elapsedMilliseconds(command, '--version'));
for (const [library, compiler] of [
  ['glibc', 'gcc'],
  ['musl', 'musl-gcc'],
]) {
  const path = join(directory, `hello-${library}`);
  const source = inRepository('bench/programs/hello.c');
  const { error, status } = spawnSync(compiler, ['-O2', '-static', '-o', path, source]);
  const what = `  tearline run -- ./hello, statically linked with ${library}`;
  if (error !== undefined || status !== 0) row(what, 'not measured', `needs ${compiler}`);
  else row(what, elapsedMilliseconds(command, 'run', '--', path), '150 ms or less');
}
