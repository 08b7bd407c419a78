import type { Lift } from './builder.ts';
import { modify, widthOf } from './integer-operands.ts';
import { countOf, ifCounted } from './shifts-count.ts';
import { doubleShiftLifts } from './shifts-double.ts';
import { rotationLifts } from './shifts-rotate.ts';

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

export const shiftLifts: Readonly<Record<string, Lift>> = {
  shl: shift('shl', 'shl'),
  sal: shift('shl', 'shl'),
  shr: shift('shr', 'shr_u'),
  sar: shift('sar', 'shr_s'),
  ...doubleShiftLifts,
  ...rotationLifts,
};
