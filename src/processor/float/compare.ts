import { CF, PF, ZF } from '../registers.ts';
import { type BinaryFormat, isNegative, isNotANumber } from './format.ts';
import { IE } from './mxcsr.ts';
import { denormalFlag, signallingFlag } from './operands.ts';
import type { FloatResult } from './round.ts';

type Order = 'less' | 'equal' | 'greater' | 'unordered';

/** A number as a whole one of the same order; both zeros are 0. */
const ordinal = (format: BinaryFormat, bits: bigint): bigint =>
  isNegative(format, bits) ? format.sign - bits : bits;

function order(format: BinaryFormat, left: bigint, right: bigint): Order {
  if (isNotANumber(format, left) || isNotANumber(format, right)) return 'unordered';
  const one = ordinal(format, left);
  const other = ordinal(format, right);
  return one < other ? 'less' : one > other ? 'greater' : 'equal';
}

/** IE as a comparison raises it: for every NaN, or, if it is quiet, for a signalling one; else DE. */
function flagsOf(format: BinaryFormat, operands: readonly bigint[], isQuiet: boolean): number {
  if (!operands.some((bits) => isNotANumber(format, bits))) return denormalFlag(format, operands);
  return isQuiet ? signallingFlag(format, operands) : IE;
}

/** The second operand where one is a NaN or both are equal. */
export function extreme(
  format: BinaryFormat,
  which: 'min' | 'max',
  left: bigint,
  right: bigint,
): FloatResult {
  const isLeft = order(format, left, right) === (which === 'min' ? 'less' : 'greater');
  return { bits: isLeft ? left : right, flags: flagsOf(format, [left, right], false) };
}

/** EQ, LT, LE, UNORD; the other four are their negations. LT and LE raise IE for every NaN. */
const PREDICATES: readonly (readonly Order[])[] = [['equal'], ['less'], ['less', 'equal'], ['unordered']];

/** All ones where the predicate, 0 to 7, holds. */
export function compare(format: BinaryFormat, left: bigint, right: bigint, predicate: number): FloatResult {
  const base = predicate & 3;
  const isAmong = PREDICATES[base].includes(order(format, left, right));
  const flags = flagsOf(format, [left, right], base === 0 || base === 3);
  return { bits: isAmong === predicate < 4 ? format.ones : 0n, flags };
}

const COMPARISON_FLAGS: Readonly<Record<Order, bigint>> = {
  less: BigInt(CF),
  equal: BigInt(ZF),
  greater: 0n,
  unordered: BigInt(ZF | PF | CF),
};

/** ZF, PF and CF as bits of RFLAGS. */
export const compareToFlags = (
  format: BinaryFormat,
  left: bigint,
  right: bigint,
  isQuiet: boolean,
): FloatResult => ({
  bits: COMPARISON_FLAGS[order(format, left, right)],
  flags: flagsOf(format, [left, right], isQuiet),
});
