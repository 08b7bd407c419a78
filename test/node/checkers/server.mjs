// fixtures/pmem/check.mjs as a server. Its first argument says how it misbehaves once the list has that many nodes:
// hang=N, die=N, nonsense=N.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import check from './original.mjs';

const [how, nodes] = (process.argv[2] ?? '=').split('=');

for await (const path of createInterface({ input: process.stdin })) {
  const image = readFileSync(path);
  const verdict = check(image);
  if (how !== '' && image.readUInt32LE(64) === 4096 + 64 * Number(nodes)) {
    if (how === 'hang') continue;
    if (how === 'die') process.exit(3);
    console.log('I think that it is fine');
  } else console.log(verdict === true ? 'ok' : `bad ${verdict}`);
}
