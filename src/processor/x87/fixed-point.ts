import { integerRoot } from './arithmetic.ts';

/**
 * Elementary functions of fixed-point numbers: a bigint with so many bits behind the binary point. Their errors are a few
 * units of the last one for each term of a series; callers keep more than a hundred bits beyond what they round to.
 */

/** The series of artanh, or with alternating signs of arctan, of a number well below one. */
function oddSeries(value: bigint, bits: number, alternating: boolean): bigint {
  const shift = BigInt(bits);
  const square = (value * value) >> shift;
  let power = value;
  let sum = value;
  for (let denominator = 3n; power !== 0n && power !== -1n; denominator += 2n) {
    power = (power * square) >> shift;
    if (alternating) power = -power;
    sum += power / denominator;
  }
  return sum;
}

const artanh = (value: bigint, bits: number): bigint => oddSeries(value, bits, false);

/** arctan of 0 to 1. */
export function arctangent(value: bigint, bits: number): bigint {
  const one = 1n << BigInt(bits);
  // Three halvings of the angle leave less than an eighth.
  let tangent = value;
  for (let halving = 0; halving < 3; halving++) {
    const hypotenuse = integerRoot(one * one + tangent * tangent);
    tangent = (tangent << BigInt(bits)) / (one + hypotenuse);
  }
  return oddSeries(tangent, bits, true) << 3n;
}

/** The natural logarithm of 0.5 to 2. */
export function logarithm(value: bigint, bits: number): bigint {
  const one = 1n << BigInt(bits);
  return 2n * artanh(((value - one) << BigInt(bits)) / (value + one), bits);
}

/** e to the power of -1 to 1, less one. */
export function exponentialLessOne(value: bigint, bits: number): bigint {
  const shift = BigInt(bits);
  let term = value;
  let sum = value;
  for (let n = 2n; term !== 0n && term !== -1n; n++) {
    term = ((term * value) >> shift) / n;
    sum += term;
  }
  return sum;
}

/** Sine and cosine of -1 to 1. */
export function sineAndCosine(angle: bigint, bits: number): { sine: bigint; cosine: bigint } {
  const shift = BigInt(bits);
  let term = 1n << shift;
  const sums = [term, 0n];
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = ((term * angle) >> shift) / n;
    sums[Number(n & 1n)] += (n & 2n) === 0n ? term : -term;
  }
  return { cosine: sums[0], sine: sums[1] };
}

/** The longest that is needed: bits behind the point of the constants. */
const CONSTANT_BITS = 640;
const cut = (value: bigint, bits: number): bigint => value >> BigInt(CONSTANT_BITS - bits);

const one = 1n << BigInt(CONSTANT_BITS);
/** Machin’s formula. */
const PI = 16n * oddSeries(one / 5n, CONSTANT_BITS, true) - 4n * oddSeries(one / 239n, CONSTANT_BITS, true);
const LN2 = 2n * artanh(one / 3n, CONSTANT_BITS);

export const pi = (bits: number): bigint => cut(PI, bits);
export const ln2 = (bits: number): bigint => cut(LN2, bits);
