import { BIAS, type Extended, INTEGER_BIT, zero } from './extended.ts';
import { roundingOf } from './rounding.ts';

/** A positive constant between its two neighbours: truncated, and whether it is nearer to the one above. */
interface Constant {
  readonly exponent: number;
  readonly truncated: bigint;
  readonly isNearerAbove: boolean;
}

/** FLD1 and its siblings: to 64 bits, rounded as the rounding control says. Source: Intel SDM volume 2, FLD1/FLDL2T/… */
const CONSTANTS: readonly Constant[] = [
  { exponent: 0, truncated: INTEGER_BIT, isNearerAbove: false },
  { exponent: 1, truncated: 0xd49a784bcd1b8afen, isNearerAbove: false }, // log2(10)
  { exponent: 0, truncated: 0xb8aa3b295c17f0bbn, isNearerAbove: true }, // log2(e)
  { exponent: 1, truncated: 0xc90fdaa22168c234n, isNearerAbove: true }, // pi
  { exponent: -2, truncated: 0x9a209a84fbcff798n, isNearerAbove: true }, // log10(2)
  { exponent: -1, truncated: 0xb17217f7d1cf79abn, isNearerAbove: true }, // ln(2)
];

/** In the order of their encodings: 1, log2(10), log2(e), pi, log10(2), ln(2), 0. */
export function constant(index: number, control: number): Extended {
  if (index === CONSTANTS.length) return zero(false);
  const { exponent, truncated, isNearerAbove } = CONSTANTS[index];
  const rounding = roundingOf(control);
  const isUp = index !== 0 && (rounding === 2 || (rounding === 0 && isNearerAbove));
  return {
    negative: false,
    exponent: exponent + BIAS,
    significand: isUp ? truncated + 1n : truncated,
  };
}
