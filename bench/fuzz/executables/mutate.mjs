// Damage for executables: what a disk, a linker with defects or somebody with intent makes of them.

const PROGRAM_HEADER_BYTES = 56;
const SECTION_HEADER_BYTES = 64;

/** Values at which arithmetic on offsets, sizes and addresses goes wrong. */
const EDGES = [
  0n,
  1n,
  2n,
  7n,
  63n,
  64n,
  4095n,
  4096n,
  4097n,
  0xffffn,
  0x10000n,
  0x400000n,
  0x7fffffffn,
  0x80000000n,
  0xfffff000n,
  0xffffffffn,
  0x100000000n,
  0x7fffffffffffn,
  0x800000000000n,
  0x7fffffffffffffffn,
  0x8000000000000000n,
  0xfffffffffffff000n,
  0xffffffffffffffffn,
];

/** Fields of the headers of a file, of a segment and of a section: offset and size. */
const HEADER_FIELDS = [
  [4, 1],
  [5, 1],
  [6, 1],
  [16, 2],
  [18, 2],
  [24, 8],
  [32, 8],
  [40, 8],
  [54, 2],
  [56, 2],
  [58, 2],
  [60, 2],
  [62, 2],
];
const SEGMENT_FIELDS = [
  [0, 4],
  [4, 4],
  [8, 8],
  [16, 8],
  [32, 8],
  [40, 8],
  [48, 8],
];
const SECTION_FIELDS = [
  [0, 4],
  [4, 4],
  [8, 8],
  [16, 8],
  [24, 8],
  [32, 8],
  [40, 4],
  [44, 4],
  [48, 8],
  [56, 8],
];

/**
 * A copy with one to six pieces of damage.
 *
 * @param {Uint8Array} original
 * @param {(bound: number) => number} draw
 * @returns {Uint8Array}
 */
export function mutatedExecutable(original, draw) {
  /** @type {Uint8Array} */
  let bytes = original.slice();
  for (let left = 1 + draw(6); left > 0; left--) bytes = damaged(bytes, draw);
  return bytes;
}

/**
 * @param {Uint8Array} bytes
 * @param {(bound: number) => number} draw
 * @returns {Uint8Array}
 */
function damaged(bytes, draw) {
  switch (draw(12)) {
    case 0: // a bit anywhere
      return flipped(bytes, draw(bytes.length), draw);
    case 1: // bytes anywhere
      return filled(bytes, draw(bytes.length), 1 + draw(1 << draw(9)), draw);
    case 2: // cut short, often within the headers
      return draw(4) === 0 ? bytes.subarray(0, draw(bytes.length + 1)) : bytes;
    case 3:
      return withField(bytes, 0, HEADER_FIELDS, draw);
    case 4:
    case 5:
      return withField(bytes, tableEntry(bytes, 32, 56, PROGRAM_HEADER_BYTES, draw), SEGMENT_FIELDS, draw);
    case 6:
      return withField(bytes, tableEntry(bytes, 40, 60, SECTION_HEADER_BYTES, draw), SECTION_FIELDS, draw);
    case 7: // the entry point: into the midst of code, or of data
      return withNumber(bytes, 24, 8, BigInt(entryOf(bytes) + draw(4096) - 1024));
    case 8: // what is executed first
      return filled(bytes, entryAt(bytes) + draw(64), 1 + draw(16), draw);
    case 9:
      return flipped(bytes, entryAt(bytes) + draw(512), draw);
    case 10: // a part moved over another
      return moved(bytes, draw(bytes.length), draw(bytes.length), 1 + draw(256));
    default: // behind the code: data, symbols and line tables
      return filled(bytes, Math.max(0, bytes.length - 1 - draw(bytes.length >> 1)), 1 + draw(8), draw);
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} sizeBytes
 */
function numberAt(bytes, at, sizeBytes) {
  let value = 0;
  for (let i = sizeBytes - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

/** @param {Uint8Array} bytes */
const entryOf = (bytes) => numberAt(bytes, 24, 8);

/**
 * Where in the file the entry point of an ordinary program is.
 *
 * @param {Uint8Array} bytes
 */
const entryAt = (bytes) => (entryOf(bytes) & 0x3fffff) % Math.max(1, bytes.length);

/**
 * Offset of one of the headers in a table whose offset and count the ELF header has.
 *
 * @param {Uint8Array} bytes
 * @param {number} offsetAt
 * @param {number} countAt
 * @param {number} sizeBytes
 * @param {(bound: number) => number} draw
 */
function tableEntry(bytes, offsetAt, countAt, sizeBytes, draw) {
  const count = Math.max(1, numberAt(bytes, countAt, 2));
  return Math.min(bytes.length, numberAt(bytes, offsetAt, 8)) + sizeBytes * draw(count);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} base
 * @param {number[][]} fields
 * @param {(bound: number) => number} draw
 */
function withField(bytes, base, fields, draw) {
  const [offset, sizeBytes] = fields[draw(fields.length)];
  const edge = EDGES[draw(EDGES.length)];
  const value = draw(3) === 0 ? BigInt(numberAt(bytes, base + offset, sizeBytes)) + edge : edge;
  return withNumber(bytes, base + offset, sizeBytes, value - BigInt(draw(2)));
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} sizeBytes
 * @param {bigint} value
 */
function withNumber(bytes, at, sizeBytes, value) {
  for (let i = 0; i < sizeBytes && at + i < bytes.length; i++)
    bytes[at + i] = Number(BigInt.asUintN(8, value >> BigInt(8 * i)));
  return bytes;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {(bound: number) => number} draw
 */
function flipped(bytes, at, draw) {
  if (at < bytes.length) bytes[at] ^= 1 << draw(8);
  return bytes;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} sizeBytes
 * @param {(bound: number) => number} draw
 */
function filled(bytes, at, sizeBytes, draw) {
  for (let i = at; i < Math.min(bytes.length, at + sizeBytes); i++) bytes[i] = draw(256);
  return bytes;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to
 * @param {number} sizeBytes
 */
function moved(bytes, from, to, sizeBytes) {
  bytes.copyWithin(to, from, from + sizeBytes);
  return bytes;
}
