import type { Operand } from '../instruction.ts';
import type { Expression, Width } from '../lifted/form.ts';
import { CF, OF } from '../registers.ts';
import { type Builder, constant, i32, i64, type Lift, numeric } from './builder.ts';
import { bitOf, modify, widthOf } from './integer-operands.ts';

/** Bits of a count that matter (Intel SDM volume 2, SAL/SAR/SHL/SHR): 5, or 6 for a number of 64 bits. */
const countMask = (width: Width): number => (width === 64 ? 63 : 31);

/** The count of a shift or rotation as an i32, by name. */
function countOf(build: Builder, width: Width, operand: Operand): Expression {
  if (operand.kind === 'immediate') return i32(Number(operand.value) & countMask(width));
  return build.let(numeric('i32.and', [build.read(operand, 8), i32(countMask(width))]));
}

/** A count of 0 leaves all flags alone. */
function ifCounted(build: Builder, count: Expression, body: () => void): void {
  if (count.op !== 'constant') build.if(count, body);
  else if (count.value !== 0) body();
}

const shift =
  (flags: 'shl' | 'shr' | 'sar', operation: 'shl' | 'shr_u' | 'shr_s'): Lift =>
  (build, instruction) => {
    const [destination, counted] = instruction.operands;
    const count = countOf(build, widthOf(destination), counted);
    const { width, old, result } = modify(build, instruction, (old, width) =>
      build.arithmetic(
        width,
        operation,
        operation === 'shr_s' ? build.signed(width, old) : old,
        build.resized(32, width, count),
      ),
    );
    ifCounted(build, count, () =>
      build.recordFlags(flags, width, old, build.resized(32, width, count), result),
    );
  };

const OF_BIT = Math.log2(OF);

/** To the left: the sign differs from the carry. To the right: the two uppermost bits differ. */
function rotationOverflow(
  build: Builder,
  width: Width,
  result: Expression,
  carry: Expression,
  isLeft: boolean,
): Expression {
  const sign = bitOf(build, width, result, width - 1);
  const other = isLeft ? carry : bitOf(build, width, result, width - 2);
  return numeric('i32.xor', [sign, other]);
}

const rotate =
  (isLeft: boolean): Lift =>
  (build, instruction) => {
    const [destination, counted] = instruction.operands;
    const count = countOf(build, widthOf(destination), counted);
    const { width, result } = modify(build, instruction, (old, width) => {
      if (width >= 32)
        return build.arithmetic(width, isLeft ? 'rotl' : 'rotr', old, build.resized(32, width, count));
      const by = numeric('i32.and', [count, i32(width - 1)]);
      const back = numeric('i32.sub', [i32(width), by]);
      return numeric('i32.or', [
        numeric('i32.shl', [old, isLeft ? by : back]),
        numeric('i32.shr_u', [old, isLeft ? back : by]),
      ]);
    });
    ifCounted(build, count, () => {
      const carry = build.let(bitOf(build, width, result, isLeft ? 0 : width - 1));
      const overflow = rotationOverflow(build, width, result, carry, isLeft);
      build.setFlags(numeric('i32.or', [carry, numeric('i32.shl', [overflow, i32(OF_BIT)])]), CF | OF);
    });
  };

/** Rotates the number with the carry flag above it. */
const rotateThroughCarry =
  (isLeft: boolean): Lift =>
  (build, instruction) => {
    const [destination, counted] = instruction.operands;
    const width = widthOf(destination);
    const masked = countOf(build, width, counted);
    // Of numbers of 8 and 16 bits 9 and 17 bits go round.
    const count = width >= 32 ? masked : build.let(numeric('i32.rem_u', [masked, i32(width + 1)]));
    const carry = build.let(build.condition('b'));
    const by = build.let(numeric('i64.extend_i32_u', [count]));
    const back = build.let(numeric('i64.sub', [i64(BigInt(width)), by]));
    const { old, result } = modify(build, instruction, (old) => {
      const number = build.resized(width, 64, old);
      const once = isLeft ? 'i64.shr_u' : 'i64.shl';
      const cut = numeric(once, [numeric(once, [number, i64(1n)]), back]);
      const place = isLeft ? numeric('i64.sub', [by, i64(1n)]) : back;
      const carried = numeric('i64.shl', [numeric('i64.extend_i32_u', [carry]), place]);
      // Where the count is 0 nothing comes in.
      const comesIn = numeric('i64.sub', [
        i64(0n),
        numeric('i64.extend_i32_u', [numeric('i64.ne', [by, i64(0n)])]),
      ]);
      return build.resized(
        64,
        width,
        numeric('i64.or', [
          numeric(isLeft ? 'i64.shl' : 'i64.shr_u', [number, by]),
          numeric('i64.and', [numeric('i64.or', [cut, carried]), comesIn]),
        ]),
      );
    });
    ifCounted(build, count, () => {
      const place = isLeft ? back : numeric('i64.sub', [by, i64(1n)]);
      const out = numeric('i64.shr_u', [build.resized(width, 64, old), place]);
      build.setFlags(numeric('i32.and', [numeric('i32.wrap_i64', [out]), i32(1)]), CF);
    });
    ifCounted(build, masked, () => {
      const overflow = rotationOverflow(build, width, result, build.condition('b'), isLeft);
      build.setFlags(numeric('i32.shl', [overflow, i32(OF_BIT)]), OF);
    });
  };

/** Numbers of 16 bits side by side in 32: a count of 16 takes the second one whole. */
function shiftedPair(isLeft: boolean, old: Expression, filler: Expression, count: Expression): Expression {
  const sixteen = i32(16);
  const [upper, lower] = isLeft ? [old, filler] : [filler, old];
  const pair = numeric('i32.or', [numeric('i32.shl', [upper, sixteen]), lower]);
  return isLeft
    ? numeric('i32.shr_u', [numeric('i32.shl', [pair, count]), sixteen])
    : numeric('i32.shr_u', [pair, count]);
}

function shiftedAndFilled(
  build: Builder,
  width: Width,
  isLeft: boolean,
  old: Expression,
  filler: Expression,
  count: Expression,
): Expression {
  const by = build.resized(32, width, count);
  const [forth, back] = isLeft ? ['shl', 'shr_u'] : ['shr_u', 'shl'];
  // By one and the rest, since a shift by the whole width would be one by 0.
  const rest = build.arithmetic(width, 'sub', constant(width, BigInt(width - 1)), by);
  const once = build.arithmetic(width, back, filler, constant(width, 1n));
  return build.arithmetic(
    width,
    'or',
    build.arithmetic(width, forth, old, by),
    build.arithmetic(width, back, once, rest),
  );
}

/** Shifts the first operand, and fills it up from the second. */
const doubleShift =
  (isLeft: boolean): Lift =>
  (build, instruction) => {
    const [destination, source, counted] = instruction.operands;
    const count = countOf(build, widthOf(destination), counted);
    const filler = build.let(build.read(source, widthOf(destination)));
    const { width, old, result } = modify(build, instruction, (old, width) =>
      width === 16
        ? shiftedPair(isLeft, old, filler, count)
        : shiftedAndFilled(build, width, isLeft, old, filler, count),
    );
    ifCounted(build, count, () => {
      const by = build.resized(32, width, count);
      build.recordFlags(isLeft ? 'shl' : 'shr', width, old, by, result);
      if (isLeft) return;
      // The sign has changed.
      const changed = build.arithmetic(width, 'xor', old, result);
      const sign = bitOf(build, width, changed, width - 1);
      build.setFlags(numeric('i32.shl', [sign, i32(OF_BIT)]), OF);
    });
  };

export const shiftLifts: Readonly<Record<string, Lift>> = {
  shl: shift('shl', 'shl'),
  sal: shift('shl', 'shl'),
  shr: shift('shr', 'shr_u'),
  sar: shift('sar', 'shr_s'),
  rol: rotate(true),
  ror: rotate(false),
  rcl: rotateThroughCarry(true),
  rcr: rotateThroughCarry(false),
  shld: doubleShift(true),
  shrd: doubleShift(false),
};
