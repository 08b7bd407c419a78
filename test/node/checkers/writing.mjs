// As fixtures/pmem/check.mjs, and recovers in place: it overwrites what it has read, and more.

import check from './original.mjs';

/**
 * @param {Uint8Array} image
 * @param {{ files: Record<string, Uint8Array> }} context
 */
export default function recover(image, context) {
  const verdict = check(image);
  image.fill(0xff, 64, 4096 + 256);
  for (const file of Object.values(context.files)) file[file.length - 1] ^= 1;
  return verdict;
}
