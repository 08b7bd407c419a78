import {
  BIAS,
  bitLength,
  EXPONENT_MAX,
  type Extended,
  INDEFINITE,
  INTEGER_BIT,
  isNotANumber,
  kindOf,
  quieted,
  scaleOf,
  zero,
} from './extended.ts';
import {
  exact,
  type Format,
  INVALID,
  type Outcome,
  PRECISION,
  round,
  roundedShift,
  roundingOf,
} from './rounding.ts';

/** An interchange format of IEEE 754. */
interface Binary extends Format {
  readonly fractionBits: number;
  /** The exponent of all ones. */
  readonly exponentOnes: number;
}

const binary = (fractionBits: number, bias: number): Binary => ({
  fractionBits,
  precisionBits: fractionBits + 1,
  exponentMin: 1 - bias,
  exponentMax: bias,
  exponentOnes: 2 * bias + 1,
});
export const BINARY32 = binary(23, 127);
export const BINARY64 = binary(52, 1023);

/** A binary32 or binary64 as double extended; a SNaN stays one. */
export function fromBinary(bits: bigint, format: Binary): Extended {
  const { fractionBits, exponentOnes, exponentMin } = format;
  const high = Number(bits >> BigInt(fractionBits));
  const negative = high > exponentOnes;
  const exponent = high & exponentOnes;
  const fraction = BigInt.asUintN(fractionBits, bits);
  const shift = BigInt(63 - fractionBits);
  if (exponent === exponentOnes)
    return { negative, exponent: EXPONENT_MAX, significand: INTEGER_BIT | (fraction << shift) };
  if (exponent !== 0)
    return {
      negative,
      exponent: exponent - 1 + exponentMin + BIAS,
      significand: INTEGER_BIT | (fraction << shift),
    };
  if (fraction === 0n) return zero(negative);
  const length = bitLength(fraction);
  return {
    negative,
    exponent: exponentMin + BIAS - 1 - fractionBits + length,
    significand: fraction << BigInt(64 - length),
    fromDenormal: true,
  };
}

/** The bits of a binary32 or binary64, rounded as the control word says. */
export function toBinary(value: Extended, format: Binary, control: number): Outcome<bigint> {
  const { fractionBits, exponentOnes, exponentMin } = format;
  const kind = kindOf(value);
  const bitsOf = (negative: boolean, exponent: number, fraction: bigint): bigint =>
    (BigInt(exponent + (negative ? exponentOnes + 1 : 0)) << BigInt(fractionBits)) + fraction;
  const nanBits = (nan: Extended): bigint =>
    bitsOf(
      nan.negative,
      exponentOnes,
      BigInt.asUintN(fractionBits, nan.significand >> BigInt(63 - fractionBits)),
    );
  if (kind === 'unsupported') return exact(nanBits(INDEFINITE), INVALID);
  if (isNotANumber(kind)) return exact(nanBits(quieted(value)), kind === 'signaling' ? INVALID : 0);
  if (kind === 'infinity') return exact(bitsOf(value.negative, exponentOnes, 0n));
  if (kind === 'zero') return exact(bitsOf(value.negative, 0, 0n));
  const outcome = round(value.negative, value.significand, scaleOf(value), format, control);
  const { significand, scale, isInfinite } = outcome.value;
  const lowest = exponentMin - fractionBits;
  // The integer bit adds one to the exponent, also where a denormal was rounded up to the least normal number.
  const exponent = scale - lowest;
  const whole = normalTo(significand, format.precisionBits);
  const bits = isInfinite
    ? bitsOf(value.negative, exponentOnes, 0n)
    : bitsOf(value.negative, exponent + whole.carried, whole.significand);
  return { ...outcome, value: bits };
}

/** Undoes a carry out of the highest bit. */
function normalTo(significand: bigint, bits: number): { significand: bigint; carried: number } {
  const isCarried = significand >> BigInt(bits) !== 0n;
  return isCarried ? { significand: significand >> 1n, carried: 1 } : { significand, carried: 0 };
}

/** A signed whole number. */
export function fromInteger(value: bigint): Extended {
  if (value === 0n) return zero(false);
  const negative = value < 0n;
  const magnitude = negative ? -value : value;
  const length = bitLength(magnitude);
  return {
    negative,
    exponent: BIAS + length - 1,
    significand: magnitude << BigInt(64 - length),
  };
}

/** The magnitude of a finite number, rounded to a whole one. Larger than any integer format where it is 2^80 or more. */
export function wholeOf(value: Extended, control: number): Outcome<bigint> {
  const scale = Math.min(scaleOf(value), 80);
  const { quotient, isInexact, roundedUp } = roundedShift(
    value.significand,
    Math.min(-scale, 80),
    value.negative,
    roundingOf(control),
  );
  return { value: quotient, exceptions: isInexact ? PRECISION : 0, roundedUp };
}

/** A signed integer of so many bits, rounded as the control word says; the integer indefinite where it does not fit. */
export function toInteger(value: Extended, bits: 16 | 32 | 64, control: number): Outcome<bigint> {
  const least = -(1n << BigInt(bits - 1));
  return toWhole(value, control, least, -least - 1n) ?? exact(least, INVALID);
}

function toWhole(value: Extended, control: number, least: bigint, most: bigint): Outcome<bigint> | undefined {
  const kind = kindOf(value);
  if (kind === 'unsupported' || kind === 'infinity' || isNotANumber(kind)) return undefined;
  const outcome = wholeOf(value, control);
  const signed = value.negative ? -outcome.value : outcome.value;
  return signed < least || signed > most ? undefined : { ...outcome, value: signed };
}

const DECIMAL_MAX = 10n ** 18n - 1n;
const DECIMAL_SIGN = 1n << 79n;
const DECIMAL_INDEFINITE = 0xffffc000000000000000n;

/** 18 decimal digits and a sign in 80 bits (Intel SDM volume 1, section 4.7). Digits above 9 count as they are. */
export function fromDecimal(bits: bigint): Extended {
  let magnitude = 0n;
  for (let digit = 17; digit >= 0; digit--) magnitude = magnitude * 10n + ((bits >> BigInt(4 * digit)) & 15n);
  return { ...fromInteger(magnitude), negative: (bits & DECIMAL_SIGN) !== 0n };
}

export function toDecimal(value: Extended, control: number): Outcome<bigint> {
  const whole = toWhole(value, control, -DECIMAL_MAX, DECIMAL_MAX);
  if (whole === undefined) return exact(DECIMAL_INDEFINITE, INVALID);
  const magnitude = whole.value < 0n ? -whole.value : whole.value;
  // Its decimal digits read as hexadecimal ones are packed.
  const digits = BigInt(`0x${magnitude}`);
  return { ...whole, value: value.negative ? digits | DECIMAL_SIGN : digits };
}
