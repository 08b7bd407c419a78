import type { Instruction, Operand } from '../instruction.ts';
import type { AccessSize, Expression, Width } from '../lifted/form.ts';
import { type Builder, i32, numeric } from './builder.ts';
import { generalRegister } from './register-names.ts';

/** Width of a general register, or of what lies in memory. */
export function widthOf(operand: Operand): Width {
  if (operand.kind === 'register') return generalRegister(operand.register).width;
  if (operand.kind === 'memory') return (operand.sizeBytes * 8) as Width;
  throw new TypeError(`an ${operand.kind} has no width of its own`);
}

/** The bytes that a number of this width takes in memory. */
export const bytesOf = (width: Width): AccessSize => (width / 8) as AccessSize;

/** Bit `position` of a number, as 0 or 1 in an i32. */
export function bitOf(build: Builder, width: Width, value: Expression, position: number): Expression {
  const shifted = build.arithmetic(width, 'shr_u', value, build.resized(32, width, i32(position)));
  return numeric('i32.and', [width === 64 ? numeric('i32.wrap_i64', [shifted]) : shifted, i32(1)]);
}

/**
 * Reads the first operand, changes it and writes it back; gives both numbers by name. One with a LOCK prefix is a fence: what
 * was flushed before it is accepted before its store can be seen.
 */
export function modify(
  build: Builder,
  { operands: [destination], lock }: Instruction,
  change: (old: Expression, width: Width) => Expression,
): { readonly width: Width; readonly old: Expression; readonly result: Expression } {
  const width = widthOf(destination);
  if (destination.kind !== 'memory') {
    const old = build.let(build.read(destination, width));
    const result = build.let(build.truncated(width, change(old, width)));
    build.write(destination, width, result);
    return { width, old, result };
  }
  const address = build.let(build.address(destination));
  const old = build.let(build.load(bytesOf(width), address));
  const result = build.let(build.truncated(width, change(old, width)));
  if (lock) build.emit({ op: 'fence', instruction: 'locked' });
  build.store(bytesOf(width), address, result);
  return { width, old, result };
}
