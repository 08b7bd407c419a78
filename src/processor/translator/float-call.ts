import { evaluateFloat } from '../float/evaluate.ts';
import { FloatException, raise } from '../float/exceptions.ts';
import { evaluatePackedFloat } from '../float/packed.ts';
import { LAYOUT } from '../layout.ts';
import { type Expression, FLOAT_OPERATIONS } from '../lifted/form.ts';
import type { Processor } from '../processor.ts';

/** Which operation a call asks for, as a number. */
export function floatCallCode({
  operation,
  format,
  packed,
  operands,
  immediate = 0,
}: Expression & { readonly op: 'float' }): number {
  const bits = [Number(format === 'f64'), Number(packed), operands.length - 1];
  const flags = bits.reduce((code, bit, place) => code | (bit << place), 0);
  return flags | (immediate << 3) | (FLOAT_OPERATIONS.indexOf(operation) << 6);
}

/**
 * Evaluates what translated code does not do in place: operands and result are where the layout says. Gives 1 where that
 * raises an exception that MXCSR does not mask.
 */
export function callFloat(processor: Processor, code: number): number {
  const { view, ownAt } = processor.memory;
  const vectorAt = (offset: number): bigint =>
    view.getBigUint64(ownAt + offset, true) | (view.getBigUint64(ownAt + offset + 8, true) << 64n);
  const format = (code & 1) === 0 ? 'f32' : 'f64';
  const isPacked = (code & 2) !== 0;
  const operands = [LAYOUT.operands, LAYOUT.operands + 16]
    .slice(0, 1 + ((code >> 2) & 1))
    .map((offset) => (isPacked ? vectorAt(offset) : vectorAt(offset) & 0xffff_ffff_ffff_ffffn));
  const evaluate = isPacked ? evaluatePackedFloat : evaluateFloat;
  const { bits, flags } = evaluate(
    FLOAT_OPERATIONS[code >> 6],
    format,
    operands,
    processor.mxcsr,
    (code >> 3) & 7,
  );
  try {
    raise(processor, flags);
  } catch (error) {
    if (error instanceof FloatException) return 1;
    throw error;
  }
  view.setBigUint64(ownAt + LAYOUT.scratch, BigInt.asUintN(64, bits), true);
  view.setBigUint64(ownAt + LAYOUT.scratch + 8, bits >> 64n, true);
  return 0;
}
