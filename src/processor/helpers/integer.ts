import type { Helpers } from '../helpers.ts';
import type { Processor } from '../processor.ts';

const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value);

/** A signed number of 128 bits from its halves. */
const joined = (high: bigint, low: bigint): bigint => (high << 64n) | unsigned(low);

/**
 * Division of 128 bits by 64, which WebAssembly does not have. `div64` and `idiv64` give the quotient of what is known to
 * fit; operands are the upper and the lower half of the dividend, and the divisor.
 */
export const integerHelpers: Helpers = {
  div64: (_processor: Processor, high: bigint, low: bigint, divisor: bigint): bigint =>
    BigInt.asIntN(64, joined(unsigned(high), low) / unsigned(divisor)),
  idiv64: (_processor: Processor, high: bigint, low: bigint, divisor: bigint): bigint =>
    joined(high, low) / divisor,
  /** The divisor is not zero. */
  'idiv64 overflows': (_processor: Processor, high: bigint, low: bigint, divisor: bigint): number => {
    const quotient = joined(high, low) / divisor;
    return quotient === BigInt.asIntN(64, quotient) ? 0 : 1;
  },
};
