import { denormalOf, ofNaNs } from './arithmetic.ts';
import { bitLength, type Extended, kindOf, scaleOf, zero } from './extended.ts';
import { EXTENDED, exact, invalid, type Outcome, roundExtended } from './rounding.ts';

export interface Remainder {
  readonly remainder: Extended;
  /** Low three bits of the magnitude of the quotient; nothing where there is none. */
  readonly quotient: number | undefined;
  /** The exponents are too far apart: the remainder is one of a larger multiple of the divisor. */
  readonly isPartial: boolean;
}

/** An exponent difference that is reduced at once. */
const COMPLETE_BELOW = 64;

/**
 * The remainder of a division whose quotient is truncated (FPREM), or rounded to nearest (FPREM1). By how much a partial one
 * reduces the exponent is left to the processor, between 32 and 63 bits.
 * Source: Intel SDM volume 2, FPREM and FPREM1.
 */
export function remainderOf(
  dividend: Extended,
  divisor: Extended,
  isNearest: boolean,
  control: number,
): Outcome<Remainder> {
  const complete = (outcome: Outcome<Extended>, quotient = 0n, isPartial = false): Outcome<Remainder> => ({
    ...outcome,
    value: { remainder: outcome.value, quotient: Number(BigInt.asUintN(3, quotient)), isPartial },
  });
  const withoutQuotient = (outcome: Outcome<Extended>): Outcome<Remainder> => ({
    ...outcome,
    value: { remainder: outcome.value, quotient: undefined, isPartial: false },
  });
  const nan = ofNaNs(dividend, divisor);
  if (nan !== undefined) return withoutQuotient(nan);
  const kind = kindOf(dividend);
  const divisorKind = kindOf(divisor);
  if (kind === 'infinity' || divisorKind === 'zero') return withoutQuotient(invalid());
  const exceptions = denormalOf(dividend, divisor);
  if (kind === 'zero') return complete(exact(dividend, exceptions));
  const difference = exponentOf(dividend) - exponentOf(divisor);
  // A number below half the divisor is its own remainder, and one below the divisor when it is truncated.
  if (divisorKind === 'infinity' || difference < (isNearest ? -1 : 0)) {
    const { negative, significand } = dividend;
    const outcome = roundExtended(negative, significand, scaleOf(dividend), EXTENDED, control);
    return complete({ ...outcome, exceptions: outcome.exceptions | exceptions });
  }
  const isPartial = difference >= COMPLETE_BELOW;
  const lowest = isPartial ? difference - partialBits(difference) : 0;
  // Both in units of the lower of the two; a partial step leaves the low bits of the quotient.
  const scale = Math.min(scaleOf(dividend), scaleOf(divisor) + lowest);
  const left = dividend.significand << BigInt(scaleOf(dividend) - scale);
  const right = divisor.significand << BigInt(scaleOf(divisor) + lowest - scale);
  let quotient = left / right;
  let rest = left - quotient * right;
  if (isNearest && !isPartial) {
    const twice = 2n * rest;
    if (twice > right || (twice === right && (quotient & 1n) === 1n)) {
      quotient += 1n;
      rest -= right;
    }
  }
  const outcome =
    rest === 0n
      ? exact(zero(dividend.negative))
      : roundExtended(
          rest < 0n ? !dividend.negative : dividend.negative,
          rest < 0n ? -rest : rest,
          scale,
          EXTENDED,
          control,
        );
  return complete(
    { ...outcome, exceptions: outcome.exceptions | exceptions },
    isPartial ? 0n : quotient,
    isPartial,
  );
}

const exponentOf = (value: Extended): number => scaleOf(value) + bitLength(value.significand);

/** 32 to 63, so that the difference that remains is a multiple of 32. */
const partialBits = (difference: number): number => 32 + (difference % 32);
