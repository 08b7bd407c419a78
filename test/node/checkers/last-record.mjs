// Of a log of records: the last one must be whole. A part of fixtures/pmem/check.mjs whose time does not grow with the log.

import check from './original.mjs';

const TAIL = 192;
const FIRST = 4096;

/** @param {Uint8Array} image */
export default function lastRecord(image) {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const tail = view.getUint32(TAIL, true);
  const number = (tail - FIRST) / 64 - 1;
  if (tail <= FIRST) return check(image);
  return view.getUint32(tail - 60, true) === number ? true : 'the last record is missing';
}
