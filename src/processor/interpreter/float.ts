import { evaluateFloat } from '../float/evaluate.ts';
import { raise } from '../float/exceptions.ts';
import { evaluatePackedFloat } from '../float/packed.ts';
import type { Expression } from '../lifted/form.ts';
import type { Evaluate } from './frame.ts';
import { bitsOf, ofBits } from './values.ts';

/** Makes a floating-point expression ready, in which MXCSR collects the flags. */
export function floatEvaluation(
  { type, operation, format, packed, immediate }: Expression & { op: 'float' },
  operands: readonly Evaluate[],
): Evaluate {
  const evaluate = packed ? evaluatePackedFloat : evaluateFloat;
  return (frame) => {
    const { processor } = frame;
    const values = operands.map((operand) => bitsOf(operand(frame)));
    const { bits, flags } = evaluate(operation, format, values, processor.mxcsr, immediate);
    raise(processor, flags);
    return ofBits(type, bits);
  };
}
