// fixtures/pmem/check.mjs as a command: the path of the image is its argument. `--write` writes to the image, too.

import { readFileSync, writeFileSync } from 'node:fs';
import check from './original.mjs';

const path = process.argv[2];
const image = readFileSync(path);
const verdict = check(image);
if (process.argv.includes('--write')) {
  writeFileSync(path, image.fill(0xff, 64, 4096 + 256));
  writeFileSync(`${path}.lock`, 'left behind');
}
if (verdict !== true) {
  console.error(`checked ${image.length} bytes\n${verdict}\n`);
  process.exitCode = 1;
}
