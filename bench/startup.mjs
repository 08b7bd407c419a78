/**
 * `tearline run` of a program that ends at once, from start to end: what Node, the command and the first execution of each
 * instruction cost. Processor time, the least of several runs, so that other work on the machine counts little.
 */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from './command-line.mjs';
import { row } from './fixture.mjs';

commandLine(import.meta.url, {});

const RUNS = 10;
const directory = process.env['TEARLINE_BENCH_DIRECTORY'] ?? '.';
/** @param {string} path */
const inRepository = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const command = inRepository('dist/cli/tearline.cjs');

/**
 * User and system time of a process of Node, and those it starts.
 * @param {string[]} args
 */
function processorMilliseconds(args) {
  const script = '"$@" >/dev/null || exit; times';
  const { stdout, stderr, status } = spawnSync('sh', ['-c', script, 'sh', process.execPath, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed with status ${status}\n${stderr}`);
  // The second line is that of the shell's children.
  const [, times = ''] = stdout.split('\n');
  const seconds = [...times.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => 60 * Number(m) + Number(s));
  return 1000 * seconds.reduce((sum, one) => sum + one, 0);
}

/** @param {string[]} args */
function leastMilliseconds(...args) {
  const all = Array.from({ length: RUNS }, () => processorMilliseconds(args));
  return `${Math.round(Math.min(...all))} ms`;
}

row('start to end: node, which does nothing', leastMilliseconds('-e', '0'));
row('  tearline --version', leastMilliseconds(command, '--version'));
for (const [library, compiler] of [
  ['glibc', 'gcc'],
  ['musl', 'musl-gcc'],
]) {
  const path = join(directory, `hello-${library}`);
  const source = inRepository('bench/programs/hello.c');
  const { error, status } = spawnSync(compiler, ['-O2', '-static', '-o', path, source]);
  const what = `  tearline run -- ./hello, statically linked with ${library}`;
  if (error !== undefined || status !== 0) row(what, 'not measured', `needs ${compiler}`);
  else row(what, leastMilliseconds(command, 'run', '--', path), '150 ms or less');
}
