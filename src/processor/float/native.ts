import type { FloatFormat, FloatOperation } from '../lifted/form.ts';
import { CF, ZF } from '../registers.ts';
import { BINARY32, BINARY64 } from './format.ts';
import { bitsOf, isOrdinary, numberOf } from './host-numbers.ts';
import { PE, ROUNDING } from './mxcsr.ts';
import { nativeArithmetic } from './native-arithmetic.ts';
import type { FloatResult } from './round.ts';

/**
 * The operation by the host’s doubles, for operands that are zero or normal, and results far from where a format ends:
 * nearly always. `undefined` says nothing: take the other way.
 */
export function evaluateNatively(
  operation: FloatOperation,
  format: FloatFormat,
  operands: readonly bigint[],
  mxcsr: number,
  predicate: number,
): FloatResult | undefined {
  if (operation === 'from i32') return fromInteger(format, Number(BigInt.asIntN(32, operands[0])));
  if (operation === 'from i64') return fromInteger(format, Number(BigInt.asIntN(64, operands[0])));
  const left = numberOf(format, operands[0]);
  const right = operands.length === 1 ? left : numberOf(format, operands[1]);
  if (!isOrdinary(format, left) || !isOrdinary(format, right)) return undefined;
  const isToNearest = (mxcsr & ROUNDING) === 0;
  switch (operation) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'sqrt':
      return isToNearest ? nativeArithmetic(operation, format, left, right) : undefined;
    case 'min':
      return exact(left < right ? operands[0] : operands[1]);
    case 'max':
      return exact(left > right ? operands[0] : operands[1]);
    case 'compare':
      return exact(compares(left, right, predicate) ? ONES[format] : 0n);
    case 'ucomi':
    case 'comi':
      return left < right ? LESS : left > right ? GREATER : EQUAL;
    case 'to i32':
      return isToNearest ? toInteger(32, left, nearest(left)) : undefined;
    case 'to i64':
      return isToNearest ? toInteger(64, left, nearest(left)) : undefined;
    case 'to i32 truncated':
      return toInteger(32, left, Math.trunc(left));
    case 'to i64 truncated':
      return toInteger(64, left, Math.trunc(left));
    case 'to f64':
      return exact(bitsOf('f64', left));
    case 'to f32':
      return isToNearest ? toSingle(left) : undefined;
  }
}

const exact = (bits: bigint): FloatResult => ({ bits, flags: 0 });

const ONES = { f32: BINARY32.ones, f64: BINARY64.ones } as const;
const LESS = exact(BigInt(CF));
const EQUAL = exact(BigInt(ZF));
const GREATER = exact(0n);

/** Of numbers, of which none is a NaN. */
function compares(left: number, right: number, predicate: number): boolean {
  const base = predicate & 3;
  const holds = base === 0 ? left === right : base === 1 ? left < right : base === 2 && left <= right;
  return holds === predicate < 4;
}

/** Whole numbers up to these are in the format. */
const WHOLE_MOST = { f32: 2 ** 24, f64: 2 ** 53 - 1 } as const;

function fromInteger(format: FloatFormat, value: number): FloatResult | undefined {
  return Math.abs(value) <= WHOLE_MOST[format] ? exact(bitsOf(format, value)) : undefined;
}

/** The nearest whole number, the even one of two; for numbers below 2^51. */
function nearest(value: number): number {
  const magic = 1.5 * 2 ** 52;
  return Math.abs(value) < 2 ** 51 ? value + magic - magic : Number.NaN;
}

function toInteger(widthBits: 32 | 64, value: number, whole: number): FloatResult | undefined {
  const limit = widthBits === 32 ? 2 ** 31 : 2 ** 53;
  if (!(whole >= -limit && whole < limit)) return undefined;
  return { bits: BigInt.asUintN(widthBits, BigInt(whole)), flags: whole === value ? 0 : PE };
}

function toSingle(value: number): FloatResult | undefined {
  const rounded = Math.fround(value);
  // The least normal number may be one that was tiny.
  if (!isOrdinary('f32', value) || !isOrdinary('f32', rounded)) return undefined;
  return { bits: bitsOf('f32', rounded), flags: rounded === value ? 0 : PE };
}
