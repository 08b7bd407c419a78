import type { FloatFormat } from '../lifted/form.ts';
import { PE } from './mxcsr.ts';
import type { FloatResult } from './round.ts';

/**
 * Arithmetic on the host’s doubles, for operands and results far from overflow, underflow and NaNs, rounded to nearest:
 * there its result is the processor’s, and whether it is exact is computed, too. `undefined` says nothing: take the other way.
 */
type NativeOperation = 'add' | 'sub' | 'mul' | 'div' | 'sqrt';

const doubles = new Float64Array(2);
const bits64 = new BigUint64Array(doubles.buffer);
const singles = new Float32Array(2);
const bits32 = new Uint32Array(singles.buffer);

/** Bounds in which errors of products are numbers, and splitting a number does not overflow. */
const LEAST = 2 ** -880;
const MOST = 2 ** 900;
const LEAST_SINGLE = 2 ** -126;
const MOST_SINGLE = (2 - 2 ** -23) * 2 ** 127;

const isMedium = (value: number): boolean => {
  const magnitude = Math.abs(value);
  return magnitude >= LEAST && magnitude <= MOST;
};

/** What a product lacks of the exact one (Dekker). */
function productError(left: number, right: number, product: number): number {
  const wideLeft = 134217729 * left;
  const wideRight = 134217729 * right;
  const highLeft = wideLeft - (wideLeft - left);
  const highRight = wideRight - (wideRight - right);
  const lowLeft = left - highLeft;
  const lowRight = right - highRight;
  return lowLeft * lowRight - (product - highLeft * highRight - lowLeft * highRight - highLeft * lowRight);
}

/** What a sum lacks of the exact one (Knuth). */
function sumError(left: number, right: number, sum: number): number {
  const rightPart = sum - left;
  return left - (sum - rightPart) + (right - rightPart);
}

const isNormalOrZero = (value: number, least: number): boolean => value === 0 || Math.abs(value) >= least;

/** Whether the result is exact; `undefined` where that, or the result, is not sure. */
function isExactDouble(
  operation: NativeOperation,
  left: number,
  right: number,
  result: number,
): boolean | undefined {
  switch (operation) {
    case 'add':
    case 'sub': {
      if (!(isMedium(left) || left === 0) || !(isMedium(right) || right === 0)) return undefined;
      if (!isNormalOrZero(result, LEAST)) return undefined;
      return sumError(left, operation === 'add' ? right : -right, result) === 0;
    }
    case 'mul':
      if (!isMedium(left) || !isMedium(right) || !isMedium(result)) return undefined;
      return productError(left, right, result) === 0;
    case 'div':
      if (!isMedium(left) || !isMedium(right) || !isMedium(result)) return undefined;
      return result * right === left && productError(result, right, left) === 0;
    case 'sqrt':
      if (!isMedium(left) || left < 0) return undefined;
      return result * result === left && productError(result, result, left) === 0;
  }
}

/** The same for operands that are singles, where `wide` is the result in double precision, which rounds to `result`. */
function isExactSingle(
  operation: NativeOperation,
  left: number,
  right: number,
  wide: number,
  result: number,
): boolean | undefined {
  const magnitude = Math.abs(wide);
  if (!isNormalOrZero(left, LEAST_SINGLE) || !(Math.abs(left) <= MOST_SINGLE)) return undefined;
  if (operation !== 'sqrt' && (!isNormalOrZero(right, LEAST_SINGLE) || !(Math.abs(right) <= MOST_SINGLE)))
    return undefined;
  if (!(magnitude >= LEAST_SINGLE) && magnitude !== 0) return undefined;
  if (!(Math.abs(result) <= MOST_SINGLE)) return undefined;
  switch (operation) {
    case 'add':
    case 'sub':
      return wide === result && sumError(left, operation === 'add' ? right : -right, wide) === 0;
    case 'mul':
      return wide === result;
    case 'div':
      return result * right === left;
    case 'sqrt':
      return result * result === left;
  }
}

function operate(operation: NativeOperation, left: number, right: number): number {
  switch (operation) {
    case 'add':
      return left + right;
    case 'sub':
      return left - right;
    case 'mul':
      return left * right;
    case 'div':
      return left / right;
    case 'sqrt':
      return Math.sqrt(left);
  }
}

export function evaluateNative(
  operation: NativeOperation,
  format: FloatFormat,
  left: bigint,
  right: bigint,
): FloatResult | undefined {
  if (format === 'f64') {
    bits64[0] = left;
    bits64[1] = right;
    const result = operate(operation, doubles[0], doubles[1]);
    const isExact = isExactDouble(operation, doubles[0], doubles[1], result);
    if (isExact === undefined) return undefined;
    doubles[0] = result;
    return { bits: bits64[0], flags: isExact ? 0 : PE };
  }
  bits32[0] = Number(left);
  bits32[1] = Number(right);
  // Rounding twice, to doubles and then to singles, gives the same as rounding once: 53 bits are more than 2 × 24 + 1.
  const wide = operate(operation, singles[0], singles[1]);
  const result = Math.fround(wide);
  const isExact = isExactSingle(operation, singles[0], singles[1], wide, result);
  if (isExact === undefined) return undefined;
  singles[0] = result;
  return { bits: BigInt(bits32[0]), flags: isExact ? 0 : PE };
}
