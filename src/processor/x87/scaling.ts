import { denormalOf, ofNaNs } from './arithmetic.ts';
import { fromInteger, wholeOf } from './conversions.ts';
import { BIAS, bitLength, type Extended, infinity, kindOf, scaleOf, zero } from './extended.ts';
import { EXTENDED, exact, invalid, type Outcome, roundExtended, ZERO_DIVIDE } from './rounding.ts';

/** Further than from the smallest to the largest number, and within what an adjusted exponent can hide. */
const POWER_MAX = 0x10000n;
/** Rounds to zero. */
const TRUNCATING = 0xc00;

/** A number times two to the power of another, which is truncated. Source: Intel SDM volume 2, FSCALE. */
export function scaled(value: Extended, power: Extended, control: number): Outcome<Extended> {
  const nan = ofNaNs(value, power);
  if (nan !== undefined) return nan;
  const kind = kindOf(value);
  const exceptions = denormalOf(value, power);
  if (kindOf(power) === 'infinity') {
    if (kind === (power.negative ? 'infinity' : 'zero')) return invalid();
    return exact(power.negative ? zero(value.negative) : infinity(value.negative), exceptions);
  }
  if (kind === 'zero' || kind === 'infinity') return exact(value, exceptions);
  const { value: whole } = wholeOf(power, TRUNCATING);
  const by = Number(whole < POWER_MAX ? whole : POWER_MAX);
  const scale = scaleOf(value) + (power.negative ? -by : by);
  const outcome = roundExtended(value.negative, value.significand, scale, EXTENDED, control);
  return { ...outcome, exceptions: outcome.exceptions | exceptions };
}

/** Exponent and significand of a number, as two numbers. Source: Intel SDM volume 2, FXTRACT. */
export function extracted(value: Extended): Outcome<{ exponent: Extended; significand: Extended }> {
  const nan = ofNaNs(value);
  if (nan !== undefined) return { ...nan, value: { exponent: nan.value, significand: nan.value } };
  const kind = kindOf(value);
  if (kind === 'zero') return exact({ exponent: infinity(true), significand: value }, ZERO_DIVIDE);
  if (kind === 'infinity') return exact({ exponent: infinity(false), significand: value });
  const length = bitLength(value.significand);
  return exact(
    {
      exponent: fromInteger(BigInt(scaleOf(value) + length - 1)),
      significand: {
        negative: value.negative,
        exponent: BIAS,
        significand: length === 64 ? value.significand : value.significand << BigInt(64 - length),
      },
    },
    denormalOf(value),
  );
}
