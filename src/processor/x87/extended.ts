/**
 * A number of double extended precision, with the fields of an x87 register. Its integer bit is explicit, so that there are
 * encodings that mean nothing. Source: Intel SDM volume 1, sections 4.2 and 8.2.
 */
export interface Extended {
  readonly negative: boolean;
  /** Biased by 16383: 0 to 0x7fff. */
  readonly exponent: number;
  /** 64 bits, the highest is the integer bit. */
  readonly significand: bigint;
  /** Was loaded from a denormal of a narrower format, in which this one is normal. */
  readonly fromDenormal?: true;
}

export const BIAS = 16383;
export const EXPONENT_MAX = 0x7fff;
export const INTEGER_BIT = 1n << 63n;
const QUIET_BIT = 1n << 62n;

export const zero = (negative: boolean): Extended => ({ negative, exponent: 0, significand: 0n });
export const infinity = (negative: boolean): Extended => ({
  negative,
  exponent: EXPONENT_MAX,
  significand: INTEGER_BIT,
});
/** The QNaN that an invalid operation gives where its exception is masked. */
export const INDEFINITE: Extended = {
  negative: true,
  exponent: EXPONENT_MAX,
  significand: INTEGER_BIT | QUIET_BIT,
};

/** `unsupported`: an exponent that is not 0 without integer bit, which every operation refuses. */
export type Kind = 'zero' | 'denormal' | 'normal' | 'infinity' | 'quiet' | 'signaling' | 'unsupported';

/** What is encoded. A pseudo-denormal, with integer bit and exponent 0, is a denormal. */
export function kindOf({ exponent, significand }: Extended): Kind {
  if (exponent === 0) return significand === 0n ? 'zero' : 'denormal';
  if (significand < INTEGER_BIT) return 'unsupported';
  if (exponent !== EXPONENT_MAX) return 'normal';
  if (significand === INTEGER_BIT) return 'infinity';
  return (significand & QUIET_BIT) === 0n ? 'signaling' : 'quiet';
}

export const isNotANumber = (kind: Kind): boolean => kind === 'quiet' || kind === 'signaling';

/** Power of two of the lowest bit of a finite number's significand. */
export const scaleOf = ({ exponent }: Extended): number => Math.max(exponent, 1) - BIAS - 63;

/** A NaN made quiet. */
export const quieted = (nan: Extended): Extended => ({
  negative: nan.negative,
  exponent: EXPONENT_MAX,
  significand: nan.significand | QUIET_BIT,
});

/**
 * The NaN that comes of an operation with at least one: that operand; of a QNaN and an SNaN the QNaN; of two alike the one
 * with the larger significand, and then the positive one (Intel SDM volume 1, table 4-7).
 */
export function propagatedNaN(left: Extended, right: Extended): Extended {
  const kinds = [kindOf(left), kindOf(right)];
  if (!isNotANumber(kinds[0])) return quieted(right);
  if (!isNotANumber(kinds[1])) return quieted(left);
  if (kinds[0] !== kinds[1]) return kinds[0] === 'quiet' ? left : right;
  const [a, b] = [quieted(left), quieted(right)];
  if (a.significand !== b.significand) return a.significand > b.significand ? a : b;
  return a.negative ? b : a;
}

const scratch = new DataView(new ArrayBuffer(8));

/** Number of bits of a positive number of at most 1000 bits. */
export function bitLength(value: bigint): number {
  scratch.setFloat64(0, Number(value));
  const high = scratch.getUint32(0);
  const length = (high >> 20) - 1022;
  // As a binary64 it may have been rounded up to the next power of two.
  const isPower = (high & 0xfffff) === 0 && scratch.getUint32(4) === 0;
  return isPower && value >> BigInt(length - 1) === 0n ? length - 1 : length;
}
