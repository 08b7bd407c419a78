import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// Within the package, which may so import itself by name.
const FOLDER = join(ROOT, 'dist', `adding-a-mechanism-${process.pid}`);

/** The `mjs` blocks of the page, put together: a block whose first line names a file begins it, the others go on with it. */
function modulesOf(page: string): Map<string, string> {
  const modules = new Map<string, string>();
  let file = '';
  for (const [, text] of readFileSync(join(ROOT, page), 'utf8').matchAll(/^```mjs\n(.*?)^```$/gms)) {
    file = /^\/\/ (\S+\.mjs)\n/.exec(text)?.[1] ?? file;
    modules.set(file, (modules.get(file) ?? '') + text);
  }
  return modules;
}

const run = (...args: string[]) => promisify(execFile)(process.execPath, args, { cwd: FOLDER });

beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of modulesOf('docs/adding-a-mechanism.md')) writeFileSync(join(FOLDER, name), text);
});

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

it('the blocks of the page are a mechanism that survives every fault, and its campaign', async () => {
  const { stdout } = await run('campaign.mjs');

  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^\d+ faults, 0 violations$/),
    expect.stringMatching(/^M1: I1: it holds \d and \d, not \d, after \d+ events$/),
    expect.stringMatching(/^M2: I1: it holds \d and \d, not \d, after \d+ events$/),
    'mutants that escape: none',
    '',
  ]);
});

it('the command line campaigns over the module of the page', async () => {
  const { stdout } = await run(join(ROOT, 'dist/cli/tearline.cjs'), 'campaign', 'register.mjs', '--mutants');

  expect(stdout).toMatch(/^two-slot-register +\d+ +\d+ +\d+ +0 +2\/2 /m);
});
