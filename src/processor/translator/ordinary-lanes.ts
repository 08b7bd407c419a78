import type { FloatFormat, FloatOperation } from '../lifted/form.ts';
import type { Code } from './encoder.ts';
import type { Locals } from './locals.ts';

/** Operations that WebAssembly has on vectors. */
export const VECTOR_OPERATIONS = [
  'add',
  'sub',
  'mul',
  'div',
  'sqrt',
] as const satisfies readonly FloatOperation[];
type VectorOperation = (typeof VECTOR_OPERATIONS)[number];

/** How the exponents lie in the bits of a vector. */
const EXPONENT = {
  f32: { bits: 8n, at: 23n, laneBits: 32n, vector: 'f32x4', shape: 'i32x4' },
  f64: { bits: 11n, at: 52n, laneBits: 64n, vector: 'f64x2', shape: 'i64x2' },
} as const;

/** 1 in each of four lanes. */
const LANES_OF_1 = 0x0000_0001_0000_0001_0000_0001_0000_0001n;

/**
 * Leaves the result of an operation on all lanes at once, or goes to the label where a lane of an operand or of the result is
 * not an ordinary number: a zero, a denormal, an infinity, a NaN, or next to one. All exceptions but PE need such a lane.
 */
export function ordinaryLanes(
  code: Code,
  locals: Locals,
  operation: VectorOperation,
  format: FloatFormat,
  operands: readonly number[],
  otherwise: number,
): void {
  const result = locals.temporary('v128');
  for (const operand of operands) code.get(operand);
  code.floatVector(`${EXPONENT[format].vector}.${operation}`);
  code.set(result);
  // The least exponent of all may come of rounding up, which is an underflow.
  mustHaveExponents(code, format, result, 2n, otherwise);
  for (const operand of operands) mustHaveExponents(code, format, operand, 1n, otherwise);
  code.get(result);
}

/** Goes to the label unless the exponents of all lanes lie in between: `margin` away from those of zeros and of infinities. */
function mustHaveExponents(
  code: Code,
  format: FloatFormat,
  vector: number,
  margin: 1n | 2n,
  otherwise: number,
): void {
  const { bits, at, laneBits, shape } = EXPONENT[format];
  const lanes = (lane: bigint): bigint => (laneBits === 64n ? lane | (lane << 64n) : lane * LANES_OF_1);
  // Added to the exponent, the margin makes those beyond it less than twice the margin, modulo the size of an exponent.
  code.get(vector);
  code.constantVector(lanes(margin << at));
  code.numeric(`${shape}.add`);
  code.constantVector(lanes(((1n << bits) - 2n * margin) << at));
  code.numeric('v128.and');
  code.floatVector(`${shape}.all_true`);
  code.numeric('i32.eqz');
  code.branchIf(otherwise);
}
