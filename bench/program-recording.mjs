/**
 * A program of more than 100 million instructions, recorded by its inputs and digests, and made anew from them: as a user
 * does it, each in a process of its own.
 */

import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from './command-line.mjs';
import { row, writableDirectory } from './fixture.mjs';

commandLine(import.meta.url, {});

const directory = writableDirectory();
const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));
const MIB = 2 ** 20;

/** Tells the greatest memory that a process ever had, when it ends. */
const TELL_MEMORY =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\nKIB "+process.resourceUsage().maxRSS))';

/** @param {string[]} args */
function tearline(...args) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', TELL_MEMORY, path('../dist/cli/tearline.cjs'), ...args],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`tearline ${args.join(' ')}: status ${status}\n${stderr}`);
  const [, kib = ''] = /\nKIB (\d+)/.exec(stderr) ?? [];
  return { seconds: (performance.now() - start) / 1000, mebibytes: (Number(kib) * 1024) / MIB, stdout };
}

/** @param {{ seconds: number, mebibytes: number }} run */
const told = ({ seconds, mebibytes }) => `${seconds.toFixed(1)} s, ${Math.round(mebibytes)} MiB`;

if (spawnSync('musl-gcc', ['--version']).error !== undefined) {
  row('recording of a program', 'not measured', 'needs musl-gcc');
} else {
  const program = join(directory, 'recorded-kernel');
  const source = path('programs/kernel.c');
  const { status, stderr } = spawnSync('musl-gcc', ['-O2', '-static', '-o', program, source], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${source} does not compile:\n${stderr}`);
  const files = ['first', 'second'].map((name) => join(directory, `${name}.ndjson`));
  const [first = '', second = ''] = files;
  const record = (/** @type {string} */ file) =>
    tearline('record', '--json', '--budget', '1000000000', '-o', file, '--', program, '750');
  const recorded = record(first);
  record(second);
  if (!readFileSync(first).equals(readFileSync(second))) throw new Error('two recordings differ');
  const { instructions, operations } = JSON.parse(recorded.stdout);
  const replayed = tearline('replay', '--verify', first);
  const sizes = `${Math.round(instructions / 1e6)} million instructions, ${(operations / 1e6).toFixed(1)} million stores`;
  row(`recording of ${sizes}: digests`, told(recorded), 'under 1 GiB');
  row('  made anew from it, with equal digests', told(replayed), 'under 1 GiB');
  row('  size of the recording', `${Math.round(statSync(first).size / 1024)} KiB`);
}
