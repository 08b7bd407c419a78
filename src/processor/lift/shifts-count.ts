import type { Operand } from '../instruction.ts';
import type { Expression, Width } from '../lifted/form.ts';
import { OF } from '../registers.ts';
import { type Builder, i32, numeric } from './builder.ts';

/** The overflow flag, by its place. */
export const OF_BIT = Math.log2(OF);

/** Bits of a count that matter (Intel SDM volume 2, SAL/SAR/SHL/SHR): 5, or 6 for a number of 64 bits. */
const countMask = (width: Width): number => (width === 64 ? 63 : 31);

/** The count of a shift or rotation as an i32, by name. */
export function countOf(build: Builder, width: Width, operand: Operand): Expression {
  if (operand.kind === 'immediate') return i32(Number(operand.value) & countMask(width));
  return build.let(numeric('i32.and', [build.read(operand, 8), i32(countMask(width))]));
}

/** A count of 0 leaves all flags alone. */
export function ifCounted(build: Builder, count: Expression, body: () => void): void {
  if (count.op !== 'constant') build.if(count, body);
  else if (count.value !== 0) body();
}
