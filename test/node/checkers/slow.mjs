// As fixtures/pmem/check.mjs, but it takes SLOW_MS for each image and writes a line for it to the file JUDGED.

import { appendFileSync } from 'node:fs';
import check from './original.mjs';

const waits = new Int32Array(new SharedArrayBuffer(4));

/** @param {Uint8Array} image */
export default function slowly(image) {
  if (process.env['JUDGED']) appendFileSync(process.env['JUDGED'], '.\n');
  Atomics.wait(waits, 0, 0, Number(process.env['SLOW_MS'] ?? 10));
  return check(image);
}
