import { denormalOf } from './arithmetic.ts';
import { type Extended, isNotANumber, type Kind, kindOf, scaleOf } from './extended.ts';
import { exact, INVALID, type Outcome } from './rounding.ts';

/** Condition codes of the status word. */
export const C0 = 0x0100;
export const C1 = 0x0200;
export const C2 = 0x0400;
export const C3 = 0x4000;

export const UNORDERED = C3 | C2 | C0;

/**
 * Compares, and gives C3, C2 and C0. A quiet comparison refuses no QNaN.
 * Source: Intel SDM volume 2, FCOM and FUCOM.
 */
export function compared(left: Extended, right: Extended, isQuiet: boolean): Outcome<number> {
  const kinds = [kindOf(left), kindOf(right)];
  if (kinds.includes('unsupported')) return exact(UNORDERED, INVALID);
  if (kinds.some(isNotANumber))
    return exact(UNORDERED, isQuiet && !kinds.includes('signaling') ? 0 : INVALID);
  const order = orderOf(left, right);
  return exact(order === 0 ? C3 : order < 0 ? C0 : 0, denormalOf(left, right));
}

/** Below, equal to or above zero as `left` is to `right`, neither of them a NaN. */
function orderOf(left: Extended, right: Extended): number {
  if (kindOf(left) === 'zero' && kindOf(right) === 'zero') return 0;
  if (left.negative !== right.negative) return left.negative ? -1 : 1;
  const order = magnitudeOrder(left, right);
  return left.negative ? -order : order;
}

function magnitudeOrder(left: Extended, right: Extended): number {
  // Encodings of the same sign are in the order of their values, but for the exponents 0 and 1, which mean the same.
  const difference = scaleOf(left) - scaleOf(right);
  if (difference !== 0) return difference;
  if (left.significand === right.significand) return 0;
  return left.significand < right.significand ? -1 : 1;
}

const CODES: Readonly<Record<Kind, number>> = {
  unsupported: 0,
  quiet: C0,
  signaling: C0,
  normal: C2,
  infinity: C2 | C0,
  zero: C3,
  denormal: C3 | C2,
};

/** C3, C2 and C0 of the kind of a number, and C1 of its sign (FXAM). */
export const examined = (value: Extended): number => CODES[kindOf(value)] | (value.negative ? C1 : 0);

/** What FXAM says of an empty register besides the sign. */
export const EMPTY_CODE = C3 | C0;
