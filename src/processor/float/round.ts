import type { BinaryFormat } from './format.ts';
import {
  FLUSH_TO_ZERO,
  OE,
  OVERFLOW_MASKED,
  PE,
  ROUND_DOWN,
  ROUND_TO_ZERO,
  ROUND_UP,
  ROUNDING,
  UE,
  UNDERFLOW_MASKED,
} from './mxcsr.ts';

/** Bits of a number, unsigned, and which sticky flags of MXCSR it raises. */
export interface FloatResult {
  readonly bits: bigint;
  readonly flags: number;
}

/** An exact number that is not zero: the significand, and where `hasRest` something less than one of its units more. */
export interface ExactNumber {
  readonly isNegative: boolean;
  readonly significand: bigint;
  readonly exponent: number;
  readonly hasRest: boolean;
}

/** Number of bits up to the highest one that is set. */
export function lengthBits(value: bigint): number {
  const digits = value.toString(16);
  return digits.length * 4 - Math.clz32(Number.parseInt(digits[0], 16)) + 28;
}

/** Whether what is between two neighbours goes to the one farther from zero. `rest`: below, at or above the middle. */
function goesUp(mxcsr: number, isNegative: boolean, isOdd: boolean, rest: -1 | 0 | 1): boolean {
  switch (mxcsr & ROUNDING) {
    case ROUND_DOWN:
      return isNegative;
    case ROUND_UP:
      return !isNegative;
    case ROUND_TO_ZERO:
      return false;
    default:
      return rest > 0 || (rest === 0 && isOdd);
  }
}

/** The number in units of 2^`unit`, rounded to a whole one. A rest needs a unit above that of the significand. */
function inUnits(
  { isNegative, significand, exponent, hasRest }: ExactNumber,
  unit: number,
  mxcsr: number,
): { readonly units: bigint; readonly isInexact: boolean } {
  if (unit <= exponent) return { units: significand << BigInt(exponent - unit), isInexact: hasRest };
  const dropped = BigInt(unit - exponent);
  const units = significand >> dropped;
  const remainder = significand - (units << dropped);
  if (remainder === 0n && !hasRest) return { units, isInexact: false };
  const half = 1n << (dropped - 1n);
  const rest = remainder === half ? (hasRest ? 1 : 0) : remainder > half ? 1 : -1;
  const isUp = goesUp(mxcsr, isNegative, (units & 1n) === 1n, rest);
  return { units: isUp ? units + 1n : units, isInexact: true };
}

/**
 * Rounds as MXCSR says. An exception that is not masked is one of its flags, too. A result is tiny if it is after rounding
 * with an unbounded exponent. A rest needs two bits more than the format has. Source: Intel SDM volume 1, sections 4.9.1.4
 * to 4.9.1.6 and 10.2.3.3.
 */
export function rounded(format: BinaryFormat, exact: ExactNumber, mxcsr: number): FloatResult {
  const { fractionBits, bias, exponentField } = format;
  const sign = exact.isNegative ? format.sign : 0n;
  const leading = exact.exponent + lengthBits(exact.significand) - 1;
  const leastUnit = 1 - bias - fractionBits;
  const unit = leading - fractionBits;
  const hidden = format.fraction + 1n;

  // Rounding up to the least normal number is not tiny.
  const isTiny =
    leading < 1 - bias && (leading < -bias || inUnits(exact, unit, mxcsr).units !== hidden << 1n);
  if (isTiny && (mxcsr & UNDERFLOW_MASKED) === 0) {
    // There is no result; it would have an exponent that is not bounded.
    return { bits: sign, flags: inUnits(exact, unit, mxcsr).isInexact ? UE | PE : UE };
  }
  if (isTiny && (mxcsr & FLUSH_TO_ZERO) !== 0) return { bits: sign, flags: UE | PE };

  const usedUnit = Math.max(unit, leastUnit);
  const { units, isInexact } = inUnits(exact, usedUnit, mxcsr);
  // A carry out of the significand, and one from the denormal numbers, lands in the exponent as it should.
  const exponent = BigInt(usedUnit - leastUnit);
  const bits = units + (exponent << BigInt(fractionBits));
  if (bits >= BigInt(exponentField) << BigInt(fractionBits)) {
    const isInfinite = goesUp(mxcsr, exact.isNegative, true, 1);
    const hasPrecisionFlag = isInexact || (mxcsr & OVERFLOW_MASKED) !== 0;
    return {
      bits: sign | (isInfinite ? format.infinity : format.largest),
      flags: hasPrecisionFlag ? OE | PE : OE,
    };
  }
  return { bits: sign | bits, flags: isInexact ? (isTiny ? UE | PE : PE) : 0 };
}
