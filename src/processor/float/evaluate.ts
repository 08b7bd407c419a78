import type { FloatFormat, FloatOperation } from '../lifted/form.ts';
import { ARITHMETIC, squareRoot } from './arithmetic.ts';
import { compare, compareToFlags, extreme } from './compare.ts';
import { converted, fromInteger, toInteger } from './convert.ts';
import { BINARY32, BINARY64, binaryFormat } from './format.ts';
import { evaluateNatively } from './native.ts';
import { seen } from './operands.ts';
import type { FloatResult } from './round.ts';

export type { FloatResult } from './round.ts';

/**
 * One operation of SSE on one number: the result’s bits, unsigned, and the sticky flags of MXCSR that it raises, for `raise`.
 * Operands are unsigned bits of the format; of an integer for `from …`, where the format is that of the result. `immediate`:
 * predicate of `compare`. Source: Intel SDM volume 1, sections 4.8, 4.9 and 11.5.
 */
export function evaluateFloat(
  operation: FloatOperation,
  format: FloatFormat,
  operands: readonly bigint[],
  mxcsr: number,
  immediate = 0,
): FloatResult {
  return (
    evaluateNatively(operation, format, operands, mxcsr, immediate) ??
    evaluateExactly(operation, format, operands, mxcsr, immediate)
  );
}

/** The same in whole numbers, for all operands. */
export function evaluateExactly(
  operation: FloatOperation,
  format: FloatFormat,
  operands: readonly bigint[],
  mxcsr: number,
  immediate = 0,
): FloatResult {
  const binary = binaryFormat(format);
  if (operation === 'from i32') return fromInteger(binary, BigInt.asIntN(32, operands[0]), mxcsr);
  if (operation === 'from i64') return fromInteger(binary, BigInt.asIntN(64, operands[0]), mxcsr);
  const left = seen(binary, operands[0], mxcsr);
  const right = seen(binary, operands[1] ?? 0n, mxcsr);
  switch (operation) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
      return ARITHMETIC[operation](binary, left, right, mxcsr);
    case 'sqrt':
      return squareRoot(binary, left, mxcsr);
    case 'min':
    case 'max':
      return extreme(binary, operation, left, right);
    case 'compare':
      return compare(binary, left, right, immediate);
    case 'ucomi':
    case 'comi':
      return compareToFlags(binary, left, right, operation === 'ucomi');
    case 'to i32':
    case 'to i32 truncated':
      return toInteger(binary, 32, left, mxcsr, operation === 'to i32 truncated');
    case 'to i64':
    case 'to i64 truncated':
      return toInteger(binary, 64, left, mxcsr, operation === 'to i64 truncated');
    case 'to f32':
      return converted(binary, BINARY32, left, mxcsr);
    case 'to f64':
      return converted(binary, BINARY64, left, mxcsr);
  }
}
