import type { Operand } from '../instruction.ts';
import type { Expression, FloatFormat } from '../lifted/form.ts';
import { type Builder, numeric, v128 } from './builder.ts';

export const ZEROS = v128(0n);

/** The type that carries one number of the format, and its operations on lanes. */
export const scalarType = (format: FloatFormat): 'i32' | 'i64' => (format === 'f32' ? 'i32' : 'i64');

const shapeOf = (format: FloatFormat): 'i32x4' | 'i64x2' => (format === 'f32' ? 'i32x4' : 'i64x2');

/** The lowest lane of a vector, as bits. */
export const lowestLane = (format: FloatFormat, vector: Expression): Expression =>
  numeric(`${shapeOf(format)}.extract_lane`, [vector], 0);

/** The vector with another lowest lane. */
export const withLowestLane = (format: FloatFormat, vector: Expression, lane: Expression): Expression =>
  numeric(`${shapeOf(format)}.replace_lane`, [vector, lane], 0);

/** One number: the lowest lane of a register, or so much of memory, which need not be aligned. */
export function readScalar(build: Builder, operand: Operand, format: FloatFormat): Expression {
  if (operand.kind === 'register') return lowestLane(format, build.readVector(operand));
  return build.read(operand, format === 'f32' ? 32 : 64);
}

/** Writes the lowest lane of a register, and leaves the others. */
export function writeLowestLane(
  build: Builder,
  operand: Operand,
  format: FloatFormat,
  lane: Expression,
): void {
  build.writeVector(operand, withLowestLane(format, build.readVector(operand), lane));
}

/** A register whole, or 8 bytes of memory with zeros above them, which need not be aligned. */
export function readLowerHalf(build: Builder, operand: Operand): Expression {
  if (operand.kind === 'register') return build.readVector(operand);
  return withLowestLane('f64', ZEROS, build.read(operand, 64));
}

/** An immediate of 8 bits, 0 to 255. */
export function immediateByte(operand: Operand): number {
  if (operand.kind !== 'immediate') throw new TypeError(`a ${operand.kind} is no immediate`);
  return Number(BigInt.asUintN(8, operand.value));
}
