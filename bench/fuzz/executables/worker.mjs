// Tries damaged executables one after the other, and says by which it is, so that one that takes too long can be told.

import { parentPort, workerData } from 'node:worker_threads';
import { originals, tryExecutable } from './executables.mjs';

const { built, seed, first, count, instructions, current } = workerData;

/** @param {string} path */
const load = (path) => import(new URL(`../../../${built}/${path}.js`, import.meta.url).href);

/** @type {import('./executables.mjs').Modules} */
const modules = {
  process: await load('guests/programs/process'),
  spec: await load('guests/programs/program-spec'),
  names: await load('guests/programs/instruction-names'),
  lifter: await load('processor/lifter'),
  translator: await load('processor/translator/translator'),
};

/** @type {Int32Array} */
const index = new Int32Array(current);
const from = originals();
for (let i = first; i < count; i++) {
  Atomics.store(index, 0, i);
  const { result, problem } = tryExecutable(modules, from, { seed, index: i, instructions });
  parentPort?.postMessage({ index: i, result, problem });
  // Lets memory that nothing needs any more go.
  if (i % 64 === 63) await new Promise((resolve) => setTimeout(resolve));
}
