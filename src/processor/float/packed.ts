import type { FloatFormat, FloatOperation } from '../lifted/form.ts';
import { evaluateFloat } from './evaluate.ts';
import { binaryFormat } from './format.ts';
import type { FloatResult } from './round.ts';

/** Bits of a lane of the operands, and of the result. */
function laneWidths(operation: FloatOperation, format: FloatFormat): { from: number; to: number } {
  const width = binaryFormat(format).widthBits;
  switch (operation) {
    case 'from i32':
      return { from: 32, to: width };
    case 'from i64':
      return { from: 64, to: width };
    case 'to i32':
    case 'to i32 truncated':
    case 'to f32':
      return { from: width, to: 32 };
    case 'to i64':
    case 'to i64 truncated':
    case 'to f64':
      return { from: width, to: 64 };
    default:
      return { from: width, to: width };
  }
}

/**
 * The operation on every lane of vectors of 128 bits, unsigned. Where lanes of operands and result differ in width there are
 * as many as of the wider ones, from the lowest on, and zeros above them. The flags are those of all lanes together.
 */
export function evaluatePackedFloat(
  operation: FloatOperation,
  format: FloatFormat,
  operands: readonly bigint[],
  mxcsr: number,
  immediate?: number,
): FloatResult {
  const { from, to } = laneWidths(operation, format);
  const lanes = 128 / Math.max(from, to);
  let bits = 0n;
  let flags = 0;
  for (let lane = 0; lane < lanes; lane++) {
    const numbers = operands.map((vector) => BigInt.asUintN(from, vector >> BigInt(lane * from)));
    const result = evaluateFloat(operation, format, numbers, mxcsr, immediate);
    bits |= result.bits << BigInt(lane * to);
    flags |= result.flags;
  }
  return { bits, flags };
}
