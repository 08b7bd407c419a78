import { wholeOf } from './conversions.ts';
import {
  bitLength,
  type Extended,
  infinity,
  isNotANumber,
  type Kind,
  kindOf,
  propagatedNaN,
  scaleOf,
  zero,
} from './extended.ts';
import {
  DENORMAL,
  EXTENDED,
  exact,
  formatOf,
  INVALID,
  invalid,
  type Outcome,
  roundExtended,
  roundingOf,
  ZERO_DIVIDE,
} from './rounding.ts';

export type Arithmetic = 'add' | 'mul' | 'sub' | 'subr' | 'div' | 'divr';

/** The exception that operands raise by being denormal. */
export const denormalOf = (...operands: readonly Extended[]): number =>
  operands.some((operand) => kindOf(operand) === 'denormal' || operand.fromDenormal === true) ? DENORMAL : 0;

/** What comes of operands that are NaN or unsupported, or nothing where none is. */
export function ofNaNs(...operands: readonly Extended[]): Outcome<Extended> | undefined {
  const kinds = operands.map(kindOf);
  if (kinds.includes('unsupported')) return invalid();
  if (!kinds.some(isNotANumber)) return undefined;
  const [left, right = left] = operands;
  return exact(propagatedNaN(left, right), kinds.includes('signaling') ? INVALID : 0);
}

/** The bits that are not needed for rounding, as one. */
export const jammed = (quotient: bigint, rest: bigint): bigint => (rest === 0n ? quotient : quotient | 1n);

/** One of the four operations, rounded as the control word says. `subr` and `divr` have their operands the other way round. */
export function arithmetic(
  operation: Arithmetic,
  left: Extended,
  right: Extended,
  control: number,
): Outcome<Extended> {
  switch (operation) {
    case 'subr':
      return arithmetic('sub', right, left, control);
    case 'divr':
      return arithmetic('div', right, left, control);
  }
  const [leftKind, rightKind] = [kindOf(left), kindOf(right)];
  const isUsual = leftKind === 'normal' && rightKind === 'normal';
  const nan = isUsual ? undefined : ofNaNs(left, right);
  if (nan !== undefined) return nan;
  const outcome = OPERATIONS[operation](left, right, leftKind, rightKind, control);
  if ((outcome.exceptions & (INVALID | ZERO_DIVIDE)) !== 0) return outcome;
  if (isUsual && left.fromDenormal !== true && right.fromDenormal !== true) return outcome;
  return { ...outcome, exceptions: outcome.exceptions | denormalOf(left, right) };
}

type Operation = (
  left: Extended,
  right: Extended,
  leftKind: Kind,
  rightKind: Kind,
  control: number,
) => Outcome<Extended>;

const add: Operation = (left, right, leftKind, rightKind, control) => {
  if (leftKind === 'infinity' || rightKind === 'infinity') {
    if (leftKind === rightKind && left.negative !== right.negative) return invalid();
    return exact(infinity(leftKind === 'infinity' ? left.negative : right.negative));
  }
  const isDown = roundingOf(control) === 1;
  if (leftKind === 'zero' && rightKind === 'zero')
    return exact(zero(left.negative === right.negative ? left.negative : isDown));
  const [large, small] =
    leftKind === 'zero' || (rightKind !== 'zero' && scaleOf(left) < scaleOf(right))
      ? [right, left]
      : [left, right];
  const distance = scaleOf(large) - scaleOf(small);
  // Further away than any rounding looks, a number counts as one unit.
  const shift = Math.min(distance, 130);
  const unit = small.significand === 0n ? 0n : 1n;
  const smallMagnitude = distance > 130 ? unit : small.significand;
  const scaled = large.significand << BigInt(shift);
  const sum = large.negative === small.negative ? scaled + smallMagnitude : scaled - smallMagnitude;
  if (sum === 0n) return exact(zero(isDown));
  const negative = sum < 0n ? !large.negative : large.negative;
  return roundExtended(negative, sum < 0n ? -sum : sum, scaleOf(large) - shift, formatOf(control), control);
};

const OPERATIONS: Readonly<Record<'add' | 'sub' | 'mul' | 'div', Operation>> = {
  add,
  sub: (left, right, leftKind, rightKind, control) =>
    add(left, { ...right, negative: !right.negative }, leftKind, rightKind, control),
  mul: (left, right, leftKind, rightKind, control) => {
    const negative = left.negative !== right.negative;
    if (leftKind === 'infinity' || rightKind === 'infinity')
      return leftKind === 'zero' || rightKind === 'zero' ? invalid() : exact(infinity(negative));
    const product = left.significand * right.significand;
    return roundExtended(negative, product, scaleOf(left) + scaleOf(right), formatOf(control), control);
  },
  div: (left, right, leftKind, rightKind, control) => {
    const negative = left.negative !== right.negative;
    if (leftKind === 'infinity') return rightKind === 'infinity' ? invalid() : exact(infinity(negative));
    if (rightKind === 'infinity') return exact(zero(negative));
    if (rightKind === 'zero') return leftKind === 'zero' ? invalid() : exact(infinity(negative), ZERO_DIVIDE);
    // Two bits behind the last one of the quotient, whatever the lengths of the operands.
    const shift = 67 + 64;
    const dividend = left.significand << BigInt(shift);
    const quotient = dividend / right.significand;
    const magnitude = jammed(quotient, dividend - quotient * right.significand);
    const scale = scaleOf(left) - scaleOf(right) - shift;
    return roundExtended(negative, magnitude, scale, formatOf(control), control);
  },
};

/** The square root, rounded as the control word says. */
export function squareRoot(value: Extended, control: number): Outcome<Extended> {
  const nan = ofNaNs(value);
  if (nan !== undefined) return nan;
  const kind = kindOf(value);
  if (kind === 'zero') return exact(value);
  if (value.negative) return invalid();
  if (kind === 'infinity') return exact(value);
  const scale = scaleOf(value);
  // At least 134 bits, and an even power of two.
  const least = 134 - bitLength(value.significand);
  const shift = ((scale - least) & 1) === 0 ? least : least + 1;
  const square = value.significand << BigInt(shift);
  const root = integerRoot(square);
  const magnitude = jammed(root, square - root * root);
  const outcome = roundExtended(false, magnitude, (scale - shift) / 2, formatOf(control), control);
  return { ...outcome, exceptions: outcome.exceptions | denormalOf(value) };
}

/** The largest whole number whose square is not above this one. */
export function integerRoot(square: bigint): bigint {
  if (square < 2n) return square;
  // Newton's iteration falls from above to it.
  let root = 1n << BigInt((bitLength(square) + 1) >> 1);
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** To a whole number, as the rounding control says. */
export function roundedToInteger(value: Extended, control: number): Outcome<Extended> {
  const nan = ofNaNs(value);
  if (nan !== undefined) return nan;
  const kind = kindOf(value);
  if (kind === 'zero' || kind === 'infinity' || scaleOf(value) >= 0) return exact(value);
  const whole = wholeOf(value, control);
  const outcome = roundExtended(value.negative, whole.value, 0, EXTENDED, control);
  return {
    value: outcome.value,
    exceptions: whole.exceptions | denormalOf(value),
    roundedUp: whole.roundedUp,
  };
}
