import type { Expression, Width } from '../lifted/form.ts';
import { CF, OF } from '../registers.ts';
import { type Builder, i32, i64, type Lift, numeric } from './builder.ts';
import { bitOf, modify, widthOf } from './integer-operands.ts';
import { countOf, ifCounted, OF_BIT } from './shifts-count.ts';

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

export const rotationLifts: Readonly<Record<string, Lift>> = {
  rol: rotate(true),
  ror: rotate(false),
  rcl: rotateThroughCarry(true),
  rcr: rotateThroughCarry(false),
};
