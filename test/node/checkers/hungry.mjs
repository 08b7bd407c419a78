// Runs out of memory on the two images of list4 in which its last node is whole and linked; else all is well.

import check from './original.mjs';

/** @param {Uint8Array} image */
export default function hungry(image) {
  const head = new DataView(image.buffer, image.byteOffset).getUint32(64, true);
  if (head === 4096 + 64 * 3 && check(image) === true) exhaustMemory();
  return true;
}

function exhaustMemory() {
  const hoard = [];
  for (;;) hoard.push(Array.from({ length: 100_000 }, () => Math.random()));
}
