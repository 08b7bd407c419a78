// Runs short programs with the script of `tearline run`, and writes what V8 has compiled by then beside the script.
//
// Usage: node scripts/warm-up.mjs SCRIPT

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheOf, loadScript } from './cached-script.mjs';
import { ROOT } from './setup.mjs';

const PROGRAMS = join(ROOT, 'fixtures', 'x86', 'guests');

const [, , file] = process.argv;
const { script, exports } = loadScript(file);
// Whatever they end with: together they go through much of the code that short programs go through.
for (const name of ['files', 'memory', 'timers', 'step']) {
  await exports['run'](['run', '--', join(PROGRAMS, `${name}.elf`)], process);
}
const temporary = `${cacheOf(file)}.${process.pid}`;
writeFileSync(temporary, script.createCachedData());
renameSync(temporary, cacheOf(file));
