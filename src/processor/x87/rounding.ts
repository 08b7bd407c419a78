import {
  BIAS,
  bitLength,
  EXPONENT_MAX,
  type Extended,
  INDEFINITE,
  INTEGER_BIT,
  infinity,
  zero,
} from './extended.ts';

/** Exceptions, as bits of the status word and, where they are masked, of the control word. */
export const INVALID = 0x01;
export const DENORMAL = 0x02;
export const ZERO_DIVIDE = 0x04;
export const OVERFLOW = 0x08;
export const UNDERFLOW = 0x10;
export const PRECISION = 0x20;
export const EXCEPTIONS = 0x3f;

/** What an operation gives: a value, the exceptions it raises, and whether rounding made its magnitude larger. */
export interface Outcome<Value> {
  readonly value: Value;
  readonly exceptions: number;
  readonly roundedUp: boolean;
}

export const exact = <Value>(value: Value, exceptions = 0): Outcome<Value> => ({
  value,
  exceptions,
  roundedUp: false,
});

export const invalid = (): Outcome<Extended> => exact(INDEFINITE, INVALID);

/** What a number is rounded to: bits of its significand, and unbiased exponents of its normal numbers. */
export interface Format {
  readonly precisionBits: number;
  readonly exponentMin: number;
  readonly exponentMax: number;
}

export const EXTENDED: Format = { precisionBits: 64, exponentMin: 1 - BIAS, exponentMax: BIAS };
const OF_PRECISION_CONTROL: readonly Format[] = [
  { ...EXTENDED, precisionBits: 24 },
  EXTENDED, // reserved
  { ...EXTENDED, precisionBits: 53 },
  EXTENDED,
];

/** What the control word says results of arithmetic are rounded to. */
export const formatOf = (control: number): Format => OF_PRECISION_CONTROL[(control >> 8) & 3];

/** To nearest even, down, up or to zero: bits 10 and 11 of the control word. */
export const roundingOf = (control: number): number => (control >> 10) & 3;

/** Moves the binary point of a magnitude left, and rounds what stands behind it. A negative count moves it right. */
export function roundedShift(
  magnitude: bigint,
  bits: number,
  negative: boolean,
  rounding: number,
): { readonly quotient: bigint; readonly isInexact: boolean; readonly roundedUp: boolean } {
  if (bits <= 0) return { quotient: magnitude << BigInt(-bits), isInexact: false, roundedUp: false };
  // No magnitude is longer than that.
  const count = BigInt(Math.min(bits, 1024));
  const quotient = magnitude >> count;
  const rest = BigInt.asUintN(bits, magnitude);
  if (rest === 0n) return { quotient, isInexact: false, roundedUp: false };
  const isUp = rounding === 0 ? isNearerAbove(quotient, rest, count) : rounding === (negative ? 1 : 2);
  return { quotient: isUp ? quotient + 1n : quotient, isInexact: true, roundedUp: isUp };
}

/** Whether a rest of so many bits is more than half of a unit, or half of it behind an odd number. */
function isNearerAbove(quotient: bigint, rest: bigint, bits: bigint): boolean {
  if (rest >> (bits - 1n) === 0n) return false;
  return (quotient & 1n) === 1n || rest !== 1n << (bits - 1n);
}

/** A rounded number: `significand` × 2^`scale`, or an infinity. */
export interface Rounded {
  readonly significand: bigint;
  readonly scale: number;
  readonly isInfinite: boolean;
}

/** By how much the exponent of a result is moved where the exception is not masked (Intel SDM volume 1, 8.5.4 and 8.5.5). */
const UNMASKED_ADJUSTMENT = 24576;

/**
 * Rounds a magnitude × 2^scale, which is not zero, to a format. Where bits are lost below, the lowest bit must be set
 * instead, at least two bits below those of the format. Tininess is detected after rounding. An overflow or underflow that
 * is not masked moves the exponent.
 */
export function round(
  negative: boolean,
  magnitude: bigint,
  scale: number,
  format: Format,
  control: number,
): Outcome<Rounded> {
  const rounding = roundingOf(control);
  const { precisionBits, exponentMin, exponentMax } = format;
  const excess = bitLength(magnitude) - precisionBits;
  const normal = roundedShift(magnitude, excess, negative, rounding);
  // A carry out of the highest bit leaves a power of two, which has a bit too many and is right all the same.
  const carried = normal.roundedUp && normal.quotient >> BigInt(precisionBits) !== 0n ? 1 : 0;
  const normalScale = scale + excess;
  const exponent = normalScale + precisionBits - 1 + carried;
  const rounded = (by: number): Outcome<Rounded> => ({
    value: { significand: normal.quotient, scale: normalScale + by, isInfinite: false },
    exceptions: normal.isInexact ? PRECISION : 0,
    roundedUp: normal.roundedUp,
  });
  if (exponent > exponentMax) {
    if ((control & OVERFLOW) === 0) {
      const adjusted = rounded(-UNMASKED_ADJUSTMENT);
      return { ...adjusted, exceptions: adjusted.exceptions | OVERFLOW };
    }
    const isInfinite = rounding === 0 || rounding === (negative ? 1 : 2);
    return {
      value: {
        significand: (1n << BigInt(precisionBits)) - 1n,
        scale: exponentMax - precisionBits + 1,
        isInfinite,
      },
      exceptions: OVERFLOW | PRECISION,
      roundedUp: isInfinite,
    };
  }
  if (exponent >= exponentMin) return rounded(0);
  if ((control & UNDERFLOW) === 0) {
    const adjusted = rounded(UNMASKED_ADJUSTMENT);
    return { ...adjusted, exceptions: adjusted.exceptions | UNDERFLOW };
  }
  const lowest = exponentMin - precisionBits + 1;
  const { quotient, isInexact, roundedUp } = roundedShift(magnitude, lowest - scale, negative, rounding);
  return {
    value: { significand: quotient, scale: lowest, isInfinite: false },
    exceptions: isInexact ? UNDERFLOW | PRECISION : 0,
    roundedUp,
  };
}

/** Rounds a magnitude × 2^scale to double extended precision, with the precision of `format`. */
export function roundExtended(
  negative: boolean,
  magnitude: bigint,
  scale: number,
  format: Format,
  control: number,
): Outcome<Extended> {
  if (magnitude === 0n) return exact(zero(negative));
  const { value, exceptions, roundedUp } = round(negative, magnitude, scale, format, control);
  const result = extended(negative, value);
  const isAbove = !value.isInfinite && result.exponent === EXPONENT_MAX;
  const isBelow = value.significand !== 0n && result.significand === 0n;
  return {
    value: result,
    exceptions: isAbove || isBelow ? exceptions | PRECISION : exceptions,
    roundedUp: (roundedUp && !isBelow) || isAbove,
  };
}

/** A rounded number as an x87 register holds it; one that an adjusted exponent leaves out of range is zero or infinite. */
function extended(negative: boolean, { significand, scale, isInfinite }: Rounded): Extended {
  if (significand === 0n) return zero(negative);
  if (isInfinite) return infinity(negative);
  const length = bitLength(significand);
  const exponent = scale + length - 1 + BIAS;
  if (exponent >= EXPONENT_MAX) return infinity(negative);
  if (exponent > 0) return { negative, exponent, significand: normalized(significand, length) };
  const shift = 1 - BIAS - 63 - scale;
  return {
    negative,
    exponent: 0,
    significand: shift > 0 ? significand >> BigInt(shift) : significand << BigInt(-shift),
  };
}

function normalized(significand: bigint, length: number): bigint {
  return length > 64 ? INTEGER_BIT : significand << BigInt(64 - length);
}
