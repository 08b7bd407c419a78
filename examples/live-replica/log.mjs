/**
 * The application: a log in one file of persistent memory. Transaction n fills its slot with its number, and is committed
 * when the word at address 0 is n; slots are used in turn. After a crash nothing has to be undone: a slot that the word does
 * not cover is written again.
 */

const COMMITTED = 0;
const SLOT_BYTES = 128; // two cache lines, which a crash may tear apart
const SLOTS = 16;

export const LOG_BYTES = SLOT_BYTES * (1 + SLOTS);

/** @type {import('tearline').Operation} */
export const mapLog = { type: 'map', file: 'log', base: 0x10000n, sizeBytes: LOG_BYTES, fileOffset: 0 };

/**
 * Transactions count from 1.
 *
 * @param {number} number
 * @returns {import('tearline').Operation[]}
 */
export function transaction(number) {
  const payload = slotOf(number);
  const word = wordOf(number);
  return [
    { type: 'store', core: 0, address: payload, data: word.repeat(SLOT_BYTES / 8) },
    { type: 'flush', core: 0, address: payload, sizeBytes: SLOT_BYTES, instruction: 'clwb' },
    { type: 'fence', core: 0, instruction: 'sfence' },
    { type: 'store', core: 0, address: COMMITTED, data: word },
    { type: 'flush', core: 0, address: COMMITTED, sizeBytes: 8, instruction: 'clwb' },
    { type: 'fence', core: 0, instruction: 'sfence' },
    { type: 'marker', core: 0, name: `COMMIT ${number}` },
  ];
}

/**
 * What the log holds: the last committed transaction, and those whose slots should be whole and are not. The slot of the
 * oldest is given up as soon as the next transaction begins.
 *
 * @param {Uint8Array} image
 * @returns {{ committed: number, half: number[] }}
 */
export function readLog(image) {
  const words = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const committed = Number(words.getBigUint64(COMMITTED, true));
  const half = [];
  for (let number = Math.max(1, committed - SLOTS + 2); number <= committed; number++) {
    for (let at = slotOf(number); at < slotOf(number) + SLOT_BYTES; at += 8) {
      if (words.getBigUint64(at, true) === BigInt(number)) continue;
      half.push(number);
      break;
    }
  }
  return { committed, half };
}

/** @param {number} number */
const slotOf = (number) => SLOT_BYTES * (1 + (number % SLOTS));

/** @param {number} number */
const wordOf = (number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(number));
  return bytes.toString('hex');
};
