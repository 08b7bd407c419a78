// npm run check: everything that is checked without running the program. All parts run, also when one fails;
// what a failed part printed comes after its name.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, setUp, setUpOrExit } from './setup.mjs';

const PARTS = [
  { name: 'types', command: 'tsc -p tsconfig.json' },
  { name: 'types without Node, kernel to explore', command: 'tsc -p tsconfig.browser.json' },
  { name: 'lint and format', command: 'biome check --error-on-warnings --max-diagnostics=100' },
  { name: 'layers', command: 'depcruise --config .dependency-cruiser.mjs --output-type err-long src' },
  { name: 'dead code and dependencies', command: 'knip --no-progress' },
];

setUpOrExit({ build: false });
const results = [build(), ...(await Promise.all(PARTS.map(run)))];
for (const { name, ok, output } of results) {
  console.log(`${ok ? 'ok    ' : 'failed'} ${name}`);
  if (!ok && output !== '') console.log(`\n${output.trimEnd()}\n`);
}
if (results.some(({ ok }) => !ok)) process.exitCode = 1;

/** The type check of examples and tests that import the package by its name reads what is built here. */
function build() {
  try {
    setUp();
    return { name: 'build', ok: true, output: '' };
  } catch (error) {
    return { name: 'build', ok: false, output: String(error) };
  }
}

/**
 * @param {{ name: string, command: string }} part
 * @returns {Promise<{ name: string, ok: boolean, output: string }>}
 */
function run({ name, command }) {
  const [program = '', ...args] = command.split(' ');
  const env = process.stdout.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env;
  const child = spawn(join(ROOT, 'node_modules', '.bin', program), args, {
    cwd: ROOT,
    env,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve) => {
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk) => {
        output += chunk;
      });
    }
    child.on('error', (error) => resolve({ name, ok: false, output: String(error) }));
    child.on('close', (status) => resolve({ name, ok: status === 0, output }));
  });
}
