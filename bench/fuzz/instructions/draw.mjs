// Numbers that matter, for registers, memory and immediates.

import { DATA_AT } from './layout.mjs';

/** @typedef {(bound: number) => number} Draw a whole number below the bound */

/**
 * @template T
 * @param {Draw} draw
 * @param {readonly T[]} list
 * @returns {T}
 */
export const oneOf = (draw, list) => list[draw(list.length)];

/** @param {Draw} draw */
export const bits64 = (draw) => (BigInt(draw(2 ** 32)) << 32n) | BigInt(draw(2 ** 32));

const EDGES = [
  0n,
  1n,
  2n,
  0x0fn,
  0x10n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
];
const WIDE_EDGES = [
  0xffff_ffffn,
  1n << 32n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 1n,
  0x8000_0000_8000_0000n,
];

/**
 * A number of 64 bits: any, one at the edge of a width, few bits set, or a small one.
 *
 * @param {Draw} draw
 */
export function number(draw) {
  switch (draw(8)) {
    case 0:
      return oneOf(draw, EDGES);
    case 1:
      return BigInt.asUintN(64, -oneOf(draw, EDGES));
    case 2:
      return oneOf(draw, WIDE_EDGES);
    case 3:
      return 1n << BigInt(draw(64));
    case 4:
      return BigInt(draw(80));
    case 5:
      return BigInt(draw(2 ** 32));
    default:
      return bits64(draw);
  }
}

/**
 * An address in the page of data, mostly far from its ends, often aligned.
 *
 * @param {Draw} draw
 */
export function pointer(draw) {
  switch (draw(32)) {
    case 0:
      return number(draw);
    case 1:
      return BigInt(DATA_AT + draw(4096));
    default: {
      const offset = 1024 + draw(2048);
      return BigInt(DATA_AT + (draw(4) === 0 ? offset : offset & ~15));
    }
  }
}

const DOUBLES = [
  0,
  -0,
  1,
  -1,
  0.5,
  1.5,
  2,
  3,
  1e308,
  5e-324,
  2 ** -1022,
  2 ** 31,
  -(2 ** 31),
  2 ** 63,
  -(2 ** 63),
  1 / 3,
];
const DOUBLE_BITS = [0x7ff0n, 0xfff0n, 0x7ff8n, 0xfff8n, 0x7ff4n].map((upper) => upper << 48n);

const view = new DataView(new ArrayBuffer(8));

/**
 * Bits of a number in binary64: any, or one that matters.
 *
 * @param {Draw} draw
 */
export function double(draw) {
  switch (draw(6)) {
    case 0:
      return bits64(draw);
    case 1:
      return oneOf(draw, DOUBLE_BITS) | BigInt(draw(4));
    case 2: // between 2^-64 and 2^64
      return (BigInt(draw(2)) << 63n) | (BigInt(1023 - 64 + draw(128)) << 52n) | (bits64(draw) >> 12n);
    case 3: // integers
      view.setFloat64(0, draw(2 ** 32) - 2 ** 31);
      return view.getBigUint64(0);
    case 4: // denormal
      return (BigInt(draw(2)) << 63n) | (bits64(draw) >> BigInt(12 + draw(52)));
    default:
      view.setFloat64(0, oneOf(draw, DOUBLES));
      return view.getBigUint64(0);
  }
}

/**
 * Bits of a number in binary32.
 *
 * @param {Draw} draw
 */
export function single(draw) {
  switch (draw(5)) {
    case 0:
      return BigInt(draw(2 ** 32));
    case 1:
      return (
        oneOf(draw, [0x7f80_0000n, 0xff80_0000n, 0x7fc0_0000n, 0xffc0_0000n, 0x7fa0_0000n]) | BigInt(draw(4))
      );
    case 2:
      return (BigInt(draw(2)) << 31n) | (BigInt(127 - 32 + draw(64)) << 23n) | BigInt(draw(1 << 23));
    case 3:
      return (BigInt(draw(2)) << 31n) | BigInt(draw(1 << 23) >> draw(23));
    default:
      view.setFloat32(0, oneOf(draw, DOUBLES));
      return BigInt(view.getUint32(0));
  }
}

/**
 * 64 bits of a vector: an integer, a binary64, two binary32, or bytes that matter.
 *
 * @param {Draw} draw
 */
export function lanes(draw) {
  switch (draw(4)) {
    case 0:
      return number(draw);
    case 1:
      return double(draw);
    case 2:
      return (single(draw) << 32n) | single(draw);
    default: {
      let packed = 0n;
      for (let byte = 0; byte < 8; byte++)
        packed = (packed << 8n) | BigInt(oneOf(draw, [0, 1, 0x7f, 0x80, 0xff, draw(256)]));
      return packed;
    }
  }
}

/**
 * A number of x87: significand, then sign and exponent.
 *
 * @param {Draw} draw
 * @returns {[bigint, number]}
 */
export function extended(draw) {
  const sign = draw(2) << 15;
  const integer = 1n << 63n;
  switch (draw(8)) {
    case 0:
      return [0n, sign];
    case 1:
      return [integer, sign | 0x7fff]; // infinity
    case 2:
      return [integer | bits64(draw), sign | 0x7fff]; // NaN
    case 3:
      return [bits64(draw) >> 1n, sign]; // denormal
    case 4:
      return [integer, sign | (0x3fff + draw(4))];
    case 5: // an integer
      return [integer | (BigInt(draw(2 ** 16)) << 47n), sign | (0x3fff + draw(17))];
    case 6:
      return [integer | bits64(draw), sign | (1 + draw(0x7ffe))];
    default:
      return [integer | bits64(draw), sign | (0x3fff - 80 + draw(160))];
  }
}
