// A campaign must find a defect that is planted. The mechanisms below claim to have no defect, and have one: each campaign
// over them must end with status 1 and a violation. When one does not, campaigns have gone blind, and this ends with 1.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, setUpOrExit } from './setup.mjs';

setUpOrExit();

const PLANTED = ['flush-hints', 'log-shipping', 'two-bit-maps'];

let blind = 0;
for (const name of PLANTED) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(ROOT, 'dist', 'cli', 'tearline.cjs'),
      'campaign',
      join(ROOT, 'test', 'canaries', `${name}.mjs`),
      '--faults-max',
      '1',
      '--no-witnesses',
      '--quiet',
      '--json',
    ],
    { encoding: 'utf8' },
  );
  const violations = status === 1 ? JSON.parse(stdout).mechanisms[0].violations : 0;
  const isFound = status === 1 && violations > 0;
  console.log(
    isFound
      ? `ok    canary ${name}: the planted defect is found, ${violations} violations`
      : `failed canary ${name}: the planted defect is not found; the campaign ended with status ${status} ${stderr.trim()}`,
  );
  if (!isFound) blind++;
}
if (blind > 0) process.exitCode = 1;
