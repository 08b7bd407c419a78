import type { Expression, Width } from '../lifted/form.ts';
import { OF } from '../registers.ts';
import { type Builder, constant, i32, type Lift, numeric } from './builder.ts';
import { bitOf, modify, widthOf } from './integer-operands.ts';
import { countOf, ifCounted, OF_BIT } from './shifts-count.ts';

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

export const doubleShiftLifts: Readonly<Record<string, Lift>> = {
  shld: doubleShift(true),
  shrd: doubleShift(false),
};
