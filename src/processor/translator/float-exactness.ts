import type { FloatFormat } from '../lifted/form.ts';
import type { FloatWriter } from './float-writer.ts';

/** Locals, all of them doubles. */
export interface ArithmeticLocals {
  readonly left: number;
  /** For `sqrt` that of `left`. */
  readonly right: number;
  /** The result in double precision, and rounded to the format. */
  readonly wide: number;
  readonly result: number;
  readonly temporaries: readonly [number, number, number, number];
}

/** Leaves an i32: 1 where the result is not exact. See `float/native-arithmetic.ts`, which says why. */
export function pushIsInexact(
  code: FloatWriter,
  operation: 'add' | 'mul' | 'div' | 'sqrt',
  format: FloatFormat,
  locals: ArithmeticLocals,
): void {
  const { left, right, wide, result } = locals;
  if (operation === 'add') {
    pushSumError(code, locals);
    code.constantDouble(0);
    code.float('f64.ne');
    if (format === 'f64') return;
    code.onLocals('f64.ne', wide, result);
    code.numeric('i32.or');
    return;
  }
  if (operation === 'mul') {
    if (format === 'f32') code.onLocals('f64.ne', wide, result);
    else pushHasProductError(code, left, right, result, locals.temporaries);
    return;
  }
  // The operand again, from the result.
  const factor = operation === 'div' ? right : result;
  code.onLocals('f64.mul', result, factor);
  code.get(left);
  code.float('f64.ne');
  if (format === 'f32') return;
  pushHasProductError(code, result, factor, left, locals.temporaries);
  code.numeric('i32.or');
}

/** What a sum lacks of the exact one (Knuth). */
function pushSumError(code: FloatWriter, { left, right, wide, temporaries }: ArithmeticLocals): void {
  const [rightPart] = temporaries;
  code.onLocals('f64.sub', wide, left);
  code.set(rightPart);
  code.get(left);
  code.onLocals('f64.sub', wide, rightPart);
  code.float('f64.sub');
  code.onLocals('f64.sub', right, rightPart);
  code.float('f64.add');
}

/** Splits a number into two of half as many bits (Veltkamp). */
function split(code: FloatWriter, value: number, high: number, low: number): void {
  code.constantDouble(2 ** 27 + 1);
  code.get(value);
  code.float('f64.mul');
  code.tee(high);
  code.onLocals('f64.sub', high, value);
  code.float('f64.sub');
  code.set(high);
  code.onLocals('f64.sub', value, high);
  code.set(low);
}

/** Whether a product lacks something of the exact one (Dekker). */
function pushHasProductError(
  code: FloatWriter,
  left: number,
  right: number,
  product: number,
  [highLeft, lowLeft, highRight, lowRight]: ArithmeticLocals['temporaries'],
): void {
  split(code, left, highLeft, lowLeft);
  split(code, right, highRight, lowRight);
  code.get(product);
  for (const [one, other] of [
    [highLeft, highRight],
    [lowLeft, highRight],
    [highLeft, lowRight],
  ] as const) {
    code.onLocals('f64.mul', one, other);
    code.float('f64.sub');
  }
  code.onLocals('f64.mul', lowLeft, lowRight);
  code.float('f64.ne');
}
