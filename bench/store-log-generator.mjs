/**
 * Store logs as pmemcheck would have written them for `program list N` and `program log N` of fixtures/pmem/program.c, at
 * any N, and one whose lines are flushed only at the end. Each is a generator of text chunks.
 */

const BASE = 0x4a2b000;
const FIRST = 4096;
const FENCES_BEFORE_MAIN = 62;
const MASK = (1n << 64n) - 1n;

/** @param {number | bigint} value */
const hex = (value) => `0x${value.toString(16)}`;

/**
 * @param {bigint} hash
 * @param {bigint} value
 */
const mix = (hash, value) => {
  const product = ((hash ^ value) * 0x100000001b3n) & MASK;
  return product ^ (product >> 29n);
};

/** @param {number} count */
function* head(count) {
  const sizeBytes = Math.ceil((FIRST + count * 128) / 4096) * 4096;
  yield `==1== START${'|FENCE'.repeat(FENCES_BEFORE_MAIN)}`;
  yield `|REGISTER_FILE;/dev/shm/pool.img;${hex(BASE)};${hex(sizeBytes)};0x0`;
  yield `|INIT.BEGIN${store(0, 0x504d4c4f47303031n)}${flush(0)}|FENCE|INIT.END`;
}

/**
 * @param {number} offset
 * @param {bigint} value
 */
const store = (offset, value, sizeBytes = 8) =>
  `|STORE;${hex(BASE + offset)};${hex(value)};${hex(sizeBytes)}`;
/** @param {number} offset */
const flush = (offset) => `|FLUSH;${hex(BASE + offset)};0x40`;

/**
 * A persistent list: a node, the head, the count, each flushed and fenced. 17 records and 15 crash points a node.
 * @param {number} count
 */
export function* listLog(count) {
  yield* head(count);
  let previous = 0n;
  for (let i = 0; i < count; i++) {
    const offset = FIRST + i * 64;
    const words = [previous, BigInt(i), ...[0, 1, 2, 3].map((k) => BigInt(i) * 1000n + BigInt(k))];
    const sum = words.reduce(mix, 0xcbf29ce484222325n);
    yield '|PUSH.BEGIN';
    yield [...words, sum].map((word, k) => store(offset + k * 8, word)).join('');
    yield `${flush(offset)}|FENCE${store(64, BigInt(offset))}${flush(64)}|FENCE`;
    yield `${store(128, BigInt(i + 1))}${flush(128)}|FENCE|PUSH.END`;
    previous = BigInt(offset);
  }
  yield '|STOP\n';
}

/**
 * An append-only log: a record, then the tail.
 * @param {number} count
 */
export function* appendLog(count) {
  yield* head(count);
  for (let i = 0; i < count; i++) {
    const offset = FIRST + i * 64;
    const words = [0, 8, 16, 24, 32, 40].map((k) => BigInt(i) * 31n + BigInt(k));
    const bytes = words.flatMap((word) =>
      [0n, 8n, 16n, 24n, 32n, 40n, 48n, 56n].map((shift) => (word >> shift) & 0xffn),
    );
    const crc = [48n, BigInt(i), ...bytes].reduce(mix, 0xcbf29ce484222325n);
    yield store(offset, 48n, 4) + store(offset + 4, BigInt(i), 4);
    yield words.map((word, k) => store(offset + 8 + k * 8, word)).join('') + store(offset + 56, crc);
    yield `${flush(offset)}|FENCE${store(192, BigInt(offset + 64))}${flush(192)}|FENCE`;
  }
  yield '|STOP\n';
}

/**
 * Stores to ever new lines that are flushed and fenced only at the end: one crash point a store, astronomically many images.
 * @param {number} stores
 */
export function* lateFlushLog(stores) {
  yield* head(stores / 2 + 64);
  for (let i = 0; i < stores; i++) yield store(FIRST + i * 64, BigInt(i + 1));
  for (let i = 0; i < stores; i++) yield flush(FIRST + i * 64);
  yield '|FENCE|STOP\n';
}
