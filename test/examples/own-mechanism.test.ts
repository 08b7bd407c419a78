import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, args, { cwd: path('.') });

it('a mechanism of one’s own, in one file: no violation, and each mutant is caught by an invariant', async () => {
  const { stdout } = await run(path('examples/own-mechanism.mjs'));

  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^\d{3} faults, \d{3} states: 0 violations, \d+ honest losses$/),
    'M1 caught by I1',
    'M2 caught by I1',
    'M3 caught by I1',
    'M4 caught by I3',
    '',
  ]);
});

it('the command line campaigns over it', async () => {
  const { stdout } = await run(
    path('dist/cli/tearline.cjs'),
    'campaign',
    'examples/own-mechanism.mjs',
    '--mutants',
  );

  expect(stdout).toMatch(/^undo-journal +\d+ +\d+ +\d+ +0 +4\/4 /m);
});
