import type { FloatFormat } from '../lifted/form.ts';

/** A binary interchange format of IEEE 754, and its special numbers as the processor makes them. */
export interface BinaryFormat {
  readonly widthBits: number;
  /** Stored bits of the significand; the one in front of them is implied. */
  readonly fractionBits: number;
  readonly bias: number;
  /** All ones. */
  readonly exponentField: number;
  readonly sign: bigint;
  readonly fraction: bigint;
  /** Which bit of the fraction makes a NaN quiet. */
  readonly quiet: bigint;
  readonly infinity: bigint;
  /** The largest finite number. */
  readonly largest: bigint;
  /** The real indefinite: what invalid operations give. */
  readonly indefinite: bigint;
  readonly ones: bigint;
}

function binary(widthBits: number, fractionBits: number): BinaryFormat {
  const exponentBits = widthBits - 1 - fractionBits;
  const exponentField = 2 ** exponentBits - 1;
  const sign = 1n << BigInt(widthBits - 1);
  const infinity = BigInt(exponentField) << BigInt(fractionBits);
  const quiet = 1n << BigInt(fractionBits - 1);
  return {
    widthBits,
    fractionBits,
    bias: 2 ** (exponentBits - 1) - 1,
    exponentField,
    sign,
    fraction: (1n << BigInt(fractionBits)) - 1n,
    quiet,
    infinity,
    largest: infinity - 1n,
    indefinite: sign | infinity | quiet,
    ones: (1n << BigInt(widthBits)) - 1n,
  };
}

export const BINARY32 = binary(32, 23);
export const BINARY64 = binary(64, 52);

export const binaryFormat = (format: FloatFormat): BinaryFormat => (format === 'f32' ? BINARY32 : BINARY64);

/** Bits of a number without its sign. */
const magnitude = ({ sign }: BinaryFormat, bits: bigint): bigint => bits & (sign - 1n);

export const isNegative = ({ sign }: BinaryFormat, bits: bigint): boolean => (bits & sign) !== 0n;
export const isNotANumber = (format: BinaryFormat, bits: bigint): boolean =>
  magnitude(format, bits) > format.infinity;
export const isSignalling = (format: BinaryFormat, bits: bigint): boolean =>
  isNotANumber(format, bits) && (bits & format.quiet) === 0n;
export const isInfinite = (format: BinaryFormat, bits: bigint): boolean =>
  magnitude(format, bits) === format.infinity;
export const isZero = (format: BinaryFormat, bits: bigint): boolean => magnitude(format, bits) === 0n;
export const isDenormal = (format: BinaryFormat, bits: bigint): boolean =>
  !isZero(format, bits) && magnitude(format, bits) <= format.fraction;

/** A finite number that is not zero: `significand` × 2^`exponent`, and its sign. */
export interface Finite {
  readonly isNegative: boolean;
  readonly significand: bigint;
  readonly exponent: number;
}

/** Takes a finite number apart; a zero has the significand 0. */
export function finite(format: BinaryFormat, bits: bigint): Finite {
  const field = Number(magnitude(format, bits) >> BigInt(format.fractionBits));
  const fraction = bits & format.fraction;
  const significand = field === 0 ? fraction : fraction | (format.fraction + 1n);
  const exponent = Math.max(1, field) - format.bias - format.fractionBits;
  return { isNegative: isNegative(format, bits), significand, exponent };
}
