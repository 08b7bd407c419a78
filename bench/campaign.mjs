/** How long a whole campaign takes, with one worker and with two. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { commandLine } from './command-line.mjs';
import { row } from './fixture.mjs';

commandLine(import.meta.url, {});

const root = fileURLToPath(new URL('..', import.meta.url));
const main = fileURLToPath(new URL('../dist/cli/tearline.cjs', import.meta.url));
const log = 'fixtures/pmem/list2500.storelog.gz';
const check = ['--check', 'fixtures/pmem/check.mjs', '--json', '--quiet'];

for (const jobs of [2, 1]) {
  const runs = [1, 2, 3].map(() => {
    const start = performance.now();
    const { stdout } = spawnSync(
      process.execPath,
      [main, 'campaign', log, '--jobs', String(jobs), ...check],
      {
        cwd: root,
        encoding: 'utf8',
      },
    );
    const { images } = JSON.parse(stdout);
    if (images.checked !== 22_499 || images.violating !== 0)
      throw new Error(`counts are wrong: ${JSON.stringify(images)}`);
    return (performance.now() - start) / 1000;
  });
  row(
    `list2500 with check.mjs, 22,499 images, --jobs ${jobs}`,
    `${Math.min(...runs).toFixed(2)} s`,
    jobs === 2 ? 'under 3 s' : '',
  );
}
