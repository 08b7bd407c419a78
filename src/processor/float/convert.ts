import { type BinaryFormat, finite, isInfinite, isNegative, isNotANumber, isZero } from './format.ts';
import { IE, PE, ROUND_DOWN, ROUND_TO_ZERO, ROUND_UP, ROUNDING } from './mxcsr.ts';
import { denormalFlag, signallingFlag } from './operands.ts';
import { type FloatResult, rounded } from './round.ts';

/** A signed integer as a number of the format. */
export function fromInteger(format: BinaryFormat, value: bigint, mxcsr: number): FloatResult {
  if (value === 0n) return { bits: 0n, flags: 0 };
  const isNegative = value < 0n;
  const significand = isNegative ? -value : value;
  return rounded(format, { isNegative, significand, exponent: 0, hasRest: false }, mxcsr);
}

/** Rounded to a whole number, of a finite number. */
function whole(format: BinaryFormat, bits: bigint, rounding: number): { value: bigint; isInexact: boolean } {
  const { isNegative, significand, exponent } = finite(format, bits);
  if (exponent >= 0) {
    const magnitude = significand << BigInt(exponent);
    return { value: isNegative ? -magnitude : magnitude, isInexact: false };
  }
  const dropped = BigInt(-exponent);
  const below = significand >> dropped;
  const rest = significand - (below << dropped);
  const half = 1n << (dropped - 1n);
  const isInexact = rest !== 0n;
  let isUp = false;
  if (rounding === ROUND_DOWN) isUp = isInexact && isNegative;
  else if (rounding === ROUND_UP) isUp = isInexact && !isNegative;
  else if (rounding !== ROUND_TO_ZERO) isUp = rest > half || (rest === half && (below & 1n) === 1n);
  const magnitude = isUp ? below + 1n : below;
  return { value: isNegative ? -magnitude : magnitude, isInexact };
}

/** A signed integer of so many bits; the integer indefinite, and IE, where the rounded number does not fit. */
export function toInteger(
  format: BinaryFormat,
  widthBits: 32 | 64,
  bits: bigint,
  mxcsr: number,
  isTruncated: boolean,
): FloatResult {
  const limit = 1n << BigInt(widthBits - 1);
  if (isNotANumber(format, bits) || isInfinite(format, bits)) return { bits: limit, flags: IE };
  const { value, isInexact } = whole(format, bits, isTruncated ? ROUND_TO_ZERO : mxcsr & ROUNDING);
  if (value >= limit || value < -limit) return { bits: limit, flags: IE };
  return { bits: BigInt.asUintN(widthBits, value), flags: isInexact ? PE : 0 };
}

/** A number of one format as one of another. The fraction of a NaN keeps its upper bits. */
export function converted(from: BinaryFormat, to: BinaryFormat, bits: bigint, mxcsr: number): FloatResult {
  const sign = isNegative(from, bits) ? to.sign : 0n;
  if (isNotANumber(from, bits)) {
    const widening = BigInt(to.fractionBits - from.fractionBits);
    const fraction = bits & from.fraction;
    const payload = widening >= 0n ? fraction << widening : fraction >> -widening;
    return { bits: sign | to.infinity | to.quiet | payload, flags: signallingFlag(from, [bits]) };
  }
  if (isInfinite(from, bits)) return { bits: sign | to.infinity, flags: 0 };
  if (isZero(from, bits)) return { bits: sign, flags: 0 };
  const { bits: result, flags } = rounded(to, { ...finite(from, bits), hasRest: false }, mxcsr);
  return { bits: result, flags: flags | denormalFlag(from, [bits]) };
}
