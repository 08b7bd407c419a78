import type { FloatFormat } from '../lifted/form.ts';
import { bitsOf, isOrdinary } from './host-numbers.ts';
import { PE } from './mxcsr.ts';
import type { FloatResult } from './round.ts';

/** Arithmetic rounded to nearest: the host’s result is the processor’s, and whether it is exact is computed, too. */
export type NativeOperation = 'add' | 'sub' | 'mul' | 'div' | 'sqrt';

/** Bounds in which errors of products are numbers, and splitting a number does not overflow. */
const LEAST = 2 ** -880;
const MOST = 2 ** 900;

const isMedium = (value: number): boolean => {
  const magnitude = Math.abs(value);
  return magnitude >= LEAST && magnitude <= MOST;
};

const isMediumOrZero = (value: number): boolean => value === 0 || isMedium(value);

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
      if (!isMediumOrZero(left) || !isMediumOrZero(right) || !isMediumOrZero(result)) return undefined;
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

/** The same for singles, where `wide` is the result in double precision, which rounds to `result`. */
function isExactSingle(
  operation: NativeOperation,
  left: number,
  right: number,
  wide: number,
  result: number,
): boolean | undefined {
  // A result that was tiny before it was rounded may be the least normal number.
  if (!isOrdinary('f32', wide) || !isOrdinary('f32', result)) return undefined;
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

export function nativeArithmetic(
  operation: NativeOperation,
  format: FloatFormat,
  left: number,
  right: number,
): FloatResult | undefined {
  const wide = operate(operation, left, right);
  // Rounding twice, to doubles and then to singles, gives the same as rounding once: 53 bits are more than 2 × 24 + 1.
  const result = format === 'f64' ? wide : Math.fround(wide);
  const isExact =
    format === 'f64'
      ? isExactDouble(operation, left, right, result)
      : isExactSingle(operation, left, right, wide, result);
  return isExact === undefined ? undefined : { bits: bitsOf(format, result), flags: isExact ? 0 : PE };
}
