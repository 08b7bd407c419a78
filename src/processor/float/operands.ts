import { type BinaryFormat, isDenormal, isNotANumber, isSignalling } from './format.ts';
import { DE, DENORMALS_ARE_ZEROS, IE } from './mxcsr.ts';
import type { FloatResult } from './round.ts';

/** The operand as the operation sees it: a zero of the same sign where denormals count as zeros. */
export const seen = (format: BinaryFormat, bits: bigint, mxcsr: number): bigint =>
  (mxcsr & DENORMALS_ARE_ZEROS) !== 0 && isDenormal(format, bits) ? bits & format.sign : bits;

/** DE, if an operand is denormal. */
export const denormalFlag = (format: BinaryFormat, operands: readonly bigint[]): number =>
  operands.some((bits) => isDenormal(format, bits)) ? DE : 0;

/** IE, if an operand is a signalling NaN. */
export const signallingFlag = (format: BinaryFormat, operands: readonly bigint[]): number =>
  operands.some((bits) => isSignalling(format, bits)) ? IE : 0;

/** What an operation gives if an operand is a NaN: the first such, made quiet. Source: Intel SDM volume 1, table 4-7. */
export function propagated(format: BinaryFormat, operands: readonly bigint[]): FloatResult | undefined {
  const first = operands.find((bits) => isNotANumber(format, bits));
  if (first === undefined) return undefined;
  return { bits: first | format.quiet, flags: signallingFlag(format, operands) };
}
