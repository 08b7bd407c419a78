// Runs short programs with the script of `tearline run`, and writes what V8 has compiled by then beside the script.
//
// Usage: node scripts/warm-up.mjs SCRIPT

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheOf, loadScript } from './cached-script.mjs';
import { ROOT } from './setup.mjs';

const PROGRAMS = join(ROOT, 'fixtures', 'x86', 'guests');

/** The exit status of a mistake of tearline's own. */
const INTERNAL_ERROR = 70;

const [, , file] = process.argv;
const { script, exports } = loadScript(file);
// Whatever they end with: together they go through much of the code that short programs go through.
for (const name of ['files', 'memory', 'timers', 'step']) {
  const status = await exports['run'](['run', '--', join(PROGRAMS, `${name}.elf`)], process);
  if (status === INTERNAL_ERROR) throw new Error(`tearline fails on ${name}.elf`);
}
const temporary = `${cacheOf(file)}.${process.pid}`;
writeFileSync(temporary, script.createCachedData());
renameSync(temporary, cacheOf(file));
