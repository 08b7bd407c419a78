import { type BinaryFormat, type Finite, finite, isInfinite, isNegative, isZero } from './format.ts';
import { IE, ROUND_DOWN, ROUNDING, ZE } from './mxcsr.ts';
import { denormalFlag, propagated } from './operands.ts';
import { type FloatResult, lengthBits, rounded } from './round.ts';

/**
 * Arithmetic in whole numbers: exact for every operand and rounding. Operands are as `seen`. A NaN comes before all other
 * exceptions, an invalid operation and a division by zero before DE. Source: Intel SDM volume 1, section 4.9.2.
 */
type Arithmetic = (format: BinaryFormat, left: bigint, right: bigint, mxcsr: number) => FloatResult;

const invalid = ({ indefinite }: BinaryFormat): FloatResult => ({ bits: indefinite, flags: IE });

/** Zero with the sign of an exact sum that vanishes. */
const vanished = (format: BinaryFormat, mxcsr: number): bigint =>
  (mxcsr & ROUNDING) === ROUND_DOWN ? format.sign : 0n;

const withFlags = ({ bits, flags }: FloatResult, more: number): FloatResult => ({
  bits,
  flags: flags | more,
});

const add: Arithmetic = (format, left, right, mxcsr) => {
  const isUnlike = isNegative(format, left) !== isNegative(format, right);
  if (isInfinite(format, left) && isInfinite(format, right) && isUnlike) return invalid(format);
  const flags = denormalFlag(format, [left, right]);
  if (isInfinite(format, left)) return { bits: left, flags };
  if (isInfinite(format, right)) return { bits: right, flags };
  if (isZero(format, left) && isZero(format, right))
    return { bits: isUnlike ? vanished(format, mxcsr) : left, flags };
  const one = finite(format, left);
  const other = finite(format, right);
  const exponent = Math.min(one.exponent, other.exponent);
  const term = (number: Finite): bigint => {
    const magnitude = number.significand << BigInt(number.exponent - exponent);
    return number.isNegative ? -magnitude : magnitude;
  };
  const sum = term(one) + term(other);
  if (sum === 0n) return { bits: vanished(format, mxcsr), flags };
  const significand = sum < 0n ? -sum : sum;
  return withFlags(
    rounded(format, { isNegative: sum < 0n, significand, exponent, hasRest: false }, mxcsr),
    flags,
  );
};

const multiply: Arithmetic = (format, left, right, mxcsr) => {
  const sign = (left ^ right) & format.sign;
  const hasInfinity = isInfinite(format, left) || isInfinite(format, right);
  const hasZero = isZero(format, left) || isZero(format, right);
  if (hasInfinity && hasZero) return invalid(format);
  const flags = denormalFlag(format, [left, right]);
  if (hasInfinity) return { bits: sign | format.infinity, flags };
  if (hasZero) return { bits: sign, flags };
  const one = finite(format, left);
  const other = finite(format, right);
  const exact = {
    isNegative: sign !== 0n,
    significand: one.significand * other.significand,
    exponent: one.exponent + other.exponent,
    hasRest: false,
  };
  return withFlags(rounded(format, exact, mxcsr), flags);
};

const divide: Arithmetic = (format, left, right, mxcsr) => {
  const sign = (left ^ right) & format.sign;
  if (isInfinite(format, left) && isInfinite(format, right)) return invalid(format);
  if (isZero(format, left) && isZero(format, right)) return invalid(format);
  if (isZero(format, right))
    return { bits: sign | format.infinity, flags: isInfinite(format, left) ? 0 : ZE };
  const flags = denormalFlag(format, [left, right]);
  if (isInfinite(format, left)) return { bits: sign | format.infinity, flags };
  if (isInfinite(format, right) || isZero(format, left)) return { bits: sign, flags };
  const one = finite(format, left);
  const other = finite(format, right);
  const enough = format.fractionBits + 4 + lengthBits(other.significand) - lengthBits(one.significand);
  const dividend = one.significand << BigInt(enough);
  const significand = dividend / other.significand;
  const exact = {
    isNegative: sign !== 0n,
    significand,
    exponent: one.exponent - enough - other.exponent,
    hasRest: significand * other.significand !== dividend,
  };
  return withFlags(rounded(format, exact, mxcsr), flags);
};

/** Operation on two operands. */
export const ARITHMETIC: Readonly<Record<'add' | 'sub' | 'mul' | 'div', Arithmetic>> = {
  add: (format, left, right, mxcsr) => propagated(format, [left, right]) ?? add(format, left, right, mxcsr),
  sub: (format, left, right, mxcsr) =>
    propagated(format, [left, right]) ?? add(format, left, right ^ format.sign, mxcsr),
  mul: (format, left, right, mxcsr) =>
    propagated(format, [left, right]) ?? multiply(format, left, right, mxcsr),
  div: (format, left, right, mxcsr) =>
    propagated(format, [left, right]) ?? divide(format, left, right, mxcsr),
};

/** The largest whole number whose square is not above this one. */
function wholeRoot(value: bigint): bigint {
  let root = 1n << BigInt((lengthBits(value) + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

export function squareRoot(format: BinaryFormat, bits: bigint, mxcsr: number): FloatResult {
  const nan = propagated(format, [bits]);
  if (nan !== undefined) return nan;
  if (isZero(format, bits)) return { bits, flags: 0 };
  if (isNegative(format, bits)) return invalid(format);
  if (isInfinite(format, bits)) return { bits, flags: 0 };
  const { significand, exponent } = finite(format, bits);
  // An even exponent, and a root with more bits than the format has.
  const enough = 2 * format.fractionBits + 8 - lengthBits(significand);
  const shift = enough + ((exponent - enough) & 1);
  const square = significand << BigInt(shift);
  const root = wholeRoot(square);
  const exact = {
    isNegative: false,
    significand: root,
    exponent: (exponent - shift) / 2,
    hasRest: root * root !== square,
  };
  return withFlags(rounded(format, exact, mxcsr), denormalFlag(format, [bits]));
}
