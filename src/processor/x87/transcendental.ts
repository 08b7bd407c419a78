import { denormalOf, jammed, ofNaNs } from './arithmetic.ts';
import { BIAS, bitLength, type Extended, INTEGER_BIT, infinity, kindOf, scaleOf, zero } from './extended.ts';
import { arctangent, exponentialLessOne, ln2, logarithm, pi, sineAndCosine } from './fixed-point.ts';
import { EXTENDED, exact, invalid, type Outcome, PRECISION, roundExtended, ZERO_DIVIDE } from './rounding.ts';

/**
 * Transcendental instructions, rounded as the rounding control says; processors may be off by a unit in the last place
 * (Intel SDM volume 1, section 8.3.10). They always raise the precision exception, even where the result is exact.
 */

/** Bits behind the point beyond those that a small operand takes. */
const WORKING_BITS = 320;
/** Below this power of two, the first term of a series is the result up to its rounding. */
const TINY_EXPONENT = -130;

const exponentOf = (value: Extended): number => scaleOf(value) + bitLength(value.significand) - 1;

/** Bits behind the point that leave a number of this exponent its precision. */
const bitsFor = (exponent: number): number => WORKING_BITS + Math.max(0, -exponent);

/** The magnitude of a number with so many bits behind the point. */
function fixed(value: Extended, bits: number): bigint {
  const shift = scaleOf(value) + bits;
  return shift >= 0 ? value.significand << BigInt(shift) : value.significand >> BigInt(-shift);
}

/** A magnitude that is not exact, × 2^scale. */
function rounded(negative: boolean, magnitude: bigint, scale: number, control: number): Outcome<Extended> {
  const outcome = roundExtended(negative, magnitude | 1n, scale, EXTENDED, control);
  return { ...outcome, exceptions: outcome.exceptions | PRECISION };
}

const withDenormal = (outcome: Outcome<Extended>, ...operands: readonly Extended[]): Outcome<Extended> => ({
  ...outcome,
  exceptions: outcome.exceptions | denormalOf(...operands),
});

/** 2^x - 1 for -1 to 1; others come back as they are (F2XM1). */
export function powerLessOne(value: Extended, control: number): Outcome<Extended> {
  const nan = ofNaNs(value);
  if (nan !== undefined) return nan;
  const kind = kindOf(value);
  if (kind === 'zero') return exact(value);
  const minusOne: Extended = { negative: true, exponent: BIAS, significand: INTEGER_BIT };
  if (kind === 'infinity') return exact(value.negative ? minusOne : value);
  const exponent = exponentOf(value);
  const { negative } = value;
  if (exponent >= 0) {
    const isMinusOne = negative && exponent === 0 && value.significand === INTEGER_BIT;
    return exact(isMinusOne ? { ...minusOne, exponent: BIAS - 1 } : value, PRECISION);
  }
  if (exponent < TINY_EXPONENT) {
    const product = value.significand * ln2(WORKING_BITS);
    return withDenormal(rounded(negative, product, scaleOf(value) - WORKING_BITS, control), value);
  }
  const bits = bitsFor(exponent);
  const power = (fixed(value, bits) * ln2(bits)) >> BigInt(bits);
  const result = exponentialLessOne(negative ? -power : power, bits);
  return rounded(negative, negative ? -result : result, -bits, control);
}

/** The logarithm to base two of a magnitude × 2^scale, which is not zero, with so many bits behind the point. */
function binaryLogarithm(magnitude: bigint, scale: number, bits: number): bigint {
  const length = bitLength(magnitude);
  // 1 to 2, and where that is nearer to 2 than to 1, half of it.
  const mantissa = magnitude << BigInt(bits + 1 - length);
  const isUpper = mantissa * mantissa > 1n << BigInt(2 * bits + 1);
  const whole = BigInt(scale + length - 1 + (isUpper ? 1 : 0));
  const fraction = logarithm(isUpper ? mantissa >> 1n : mantissa, bits);
  return (whole << BigInt(bits)) + (fraction << BigInt(bits)) / ln2(bits);
}

/** A number times a logarithm in fixed point. */
function product(
  factor: Extended,
  logarithmOfOther: bigint,
  bits: number,
  control: number,
): Outcome<Extended> {
  const isNegative = logarithmOfOther < 0n;
  const magnitude = (isNegative ? -logarithmOfOther : logarithmOfOther) * factor.significand;
  // A whole logarithm, of a power of two, is exact.
  const isWhole = BigInt.asUintN(bits, logarithmOfOther) === 0n;
  const outcome = roundExtended(
    factor.negative !== isNegative,
    isWhole ? magnitude : magnitude | 1n,
    scaleOf(factor) - bits,
    EXTENDED,
    control,
  );
  return { ...outcome, exceptions: outcome.exceptions | PRECISION };
}

/** factor × log2(value) (FYL2X). */
export function timesLogarithm(value: Extended, factor: Extended, control: number): Outcome<Extended> {
  const nan = ofNaNs(value, factor);
  if (nan !== undefined) return nan;
  const kind = kindOf(value);
  const factorKind = kindOf(factor);
  if (kind === 'zero') {
    if (factorKind === 'zero') return invalid();
    return exact(infinity(!factor.negative), factorKind === 'infinity' ? 0 : ZERO_DIVIDE);
  }
  if (value.negative) return invalid();
  if (kind === 'infinity')
    return factorKind === 'zero' ? invalid() : withDenormal(exact(infinity(factor.negative)), factor);
  const bits = WORKING_BITS;
  const isOne = value.significand === INTEGER_BIT && value.exponent === BIAS;
  const isBelowOne = value.exponent < BIAS;
  if (factorKind === 'infinity')
    return isOne ? invalid() : withDenormal(exact(infinity(factor.negative !== isBelowOne)), value);
  if (isOne || factorKind === 'zero')
    return withDenormal(exact(zero(factor.negative !== isBelowOne)), value, factor);
  const result = binaryLogarithm(value.significand, scaleOf(value), bits);
  return withDenormal(product(factor, result, bits, control), value, factor);
}

/** factor × log2(value + 1), for a value that is not far from zero (FYL2XP1). At -1 and below the value comes back. */
export function timesLogarithmOfOneMore(
  value: Extended,
  factor: Extended,
  control: number,
): Outcome<Extended> {
  const nan = ofNaNs(value, factor);
  if (nan !== undefined) return nan;
  const kind = kindOf(value);
  const factorKind = kindOf(factor);
  const negative = value.negative !== factor.negative;
  if (kind === 'infinity')
    return value.negative || factorKind === 'zero'
      ? invalid()
      : withDenormal(exact(infinity(factor.negative)), factor);
  if (factorKind === 'infinity')
    return kind === 'zero' ? invalid() : withDenormal(exact(infinity(negative)), value);
  if (kind === 'zero' || factorKind === 'zero') return withDenormal(exact(zero(negative)), value, factor);
  const exponent = exponentOf(value);
  if (value.negative && exponent >= 0) return exact(value, PRECISION);
  if (exponent < TINY_EXPONENT) {
    const scale = scaleOf(value) + scaleOf(factor);
    const shift = 2 * WORKING_BITS;
    const dividend = (value.significand * factor.significand) << BigInt(shift);
    const quotient = dividend / ln2(WORKING_BITS);
    return withDenormal(rounded(negative, quotient, scale - shift + WORKING_BITS, control), value, factor);
  }
  const bits = bitsFor(exponent);
  const one = 1n << BigInt(bits);
  // Beyond 2^130 one more makes no difference that could be seen.
  const isHuge = exponent > -TINY_EXPONENT;
  const magnitude = fixed(value, bits);
  const sum = value.negative ? one - magnitude : one + magnitude;
  const result = isHuge
    ? binaryLogarithm(value.significand, scaleOf(value), bits)
    : binaryLogarithm(sum, -bits, bits + 128);
  return withDenormal(product(factor, result, isHuge ? bits : bits + 128, control), value, factor);
}

/** Arctangent of y / x in its quadrant, as atan2 (FPATAN). */
export function arctangentOf(y: Extended, x: Extended, control: number): Outcome<Extended> {
  const nan = ofNaNs(x, y);
  if (nan !== undefined) return nan;
  const [yKind, xKind] = [kindOf(y), kindOf(x)];
  const { negative } = y;
  const bits = WORKING_BITS;
  const eighths = (count: bigint): Outcome<Extended> =>
    withDenormal(rounded(negative, pi(bits) * count, -bits - 2, control), x, y);
  if (yKind === 'infinity') return eighths(xKind !== 'infinity' ? 2n : x.negative ? 3n : 1n);
  if (yKind === 'zero' || xKind === 'infinity')
    return x.negative ? eighths(4n) : withDenormal(exact(zero(negative)), x, y);
  if (xKind === 'zero') return eighths(2n);
  const scale = scaleOf(y) - scaleOf(x);
  const difference = exponentOf(y) - exponentOf(x);
  if (!x.negative && difference < TINY_EXPONENT) {
    const dividend = y.significand << 256n;
    const quotient = dividend / x.significand;
    const magnitude = jammed(quotient, dividend - quotient * x.significand);
    // A little less than the quotient, even where that is exact.
    return withDenormal(rounded(negative, 4n * magnitude - 1n, scale - 258, control), x, y);
  }
  return withDenormal(rounded(negative, angle(y, x, difference), -angleBits(difference), control), x, y);
}

const angleBits = (difference: number): number => bitsFor(Math.max(difference, TINY_EXPONENT));

/** The angle of a point, 0 to pi, without the sign of y. */
function angle(y: Extended, x: Extended, difference: number): bigint {
  const bits = angleBits(difference);
  const scale = scaleOf(y) - scaleOf(x);
  const isSteep = difference > 0;
  const [opposite, adjacent, shift] = isSteep ? [x, y, bits - scale] : [y, x, bits + scale];
  const tangent =
    shift >= 0
      ? (opposite.significand << BigInt(Math.min(shift, 2 * bits))) / adjacent.significand
      : (opposite.significand >> BigInt(-shift)) / adjacent.significand;
  const acute = arctangent(tangent, bits);
  const first = isSteep ? (pi(bits) >> 1n) - acute : acute;
  return x.negative ? pi(bits) - first : first;
}

/** The approximation of pi that reduces angles, × 2^66 (Intel SDM volume 1, section 8.3.8). */
const REDUCING_PI = 0xc90fdaa22168c234cn;

export interface Trigonometric {
  readonly sine: Outcome<Extended>;
  readonly cosine: Outcome<Extended>;
  readonly tangent: Outcome<Extended>;
}

/** Sine, cosine and tangent; nothing for an angle of 2^63 and above, which is out of range (FSIN, FCOS, FPTAN). */
export function trigonometric(value: Extended, control: number): Trigonometric | undefined {
  const same = (outcome: Outcome<Extended>): Trigonometric => ({
    sine: outcome,
    cosine: outcome,
    tangent: outcome,
  });
  const nan = ofNaNs(value);
  if (nan !== undefined) return same(nan);
  const kind = kindOf(value);
  if (kind === 'infinity') return same(invalid());
  const one: Extended = { negative: false, exponent: BIAS, significand: INTEGER_BIT };
  if (kind === 'zero') return { ...same(exact(value)), cosine: exact(one) };
  const exponent = exponentOf(value);
  if (exponent >= 63) return undefined;
  const { negative } = value;
  const precise = (outcome: Outcome<Extended>): Outcome<Extended> => withDenormal(outcome, value);
  if (exponent < TINY_EXPONENT) {
    // x less a little, x and a little, one less a little.
    const scale = scaleOf(value) - 130;
    const magnitude = value.significand << 130n;
    return {
      sine: precise(rounded(negative, magnitude - 1n, scale, control)),
      tangent: precise(rounded(negative, magnitude + 1n, scale, control)),
      cosine: precise(rounded(false, (1n << 200n) - 1n, -200, control)),
    };
  }
  const bits = bitsFor(exponent);
  const quarter = REDUCING_PI << BigInt(bits - 67);
  const magnitude = fixed(value, bits);
  const turns = (2n * magnitude + quarter) / (2n * quarter);
  const { sine, cosine } = sineAndCosine(magnitude - turns * quarter, bits);
  const [sines, cosines] = [
    [sine, cosine, -sine, -cosine],
    [cosine, -sine, -cosine, sine],
  ];
  const turn = Number(turns & 3n);
  const signed = (isOdd: boolean, result: bigint): Outcome<Extended> =>
    precise(rounded(result < 0n !== (isOdd && negative), result < 0n ? -result : result, -bits, control));
  const tangent = (sines[turn] << BigInt(bits)) / cosines[turn];
  return {
    sine: signed(true, sines[turn]),
    cosine: signed(false, cosines[turn]),
    tangent: signed(true, tangent),
  };
}
