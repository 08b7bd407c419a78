// node bench/digest-program.mjs [--times 100] -- EXECUTABLE NAME ARGUMENT...: runs a program as a guest so often, with its name
// and arguments, and prints SHA-256 of all that it does. Ends with status 1 when a run differs from the one before.

import { readFileSync } from 'node:fs';
import { commandLine } from './command-line.mjs';
import { builtModules, digestOfRun } from './compare-programs/guest.mjs';

const { values: options, positionals } = commandLine(import.meta.url, {
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '100' },
    'instructions-max': { type: 'string', default: '20000000000' },
    /** Where the built package is. */
    built: { type: 'string', default: 'dist' },
  },
});

const modules = await builtModules(options.built);
const [executable, ...argv] = positionals;
const given = { executable, argv, stdin: readFileSync(0) };
const digests = new Set();
for (let time = 0; time < Number(options.times); time++) {
  digests.add(digestOfRun(modules, given, Number(options['instructions-max'])));
}
console.log([...digests].join('\n'));
if (digests.size > 1) process.exitCode = 1;
