import { bitLifts } from './bits.ts';
import type { Lift } from './builder.ts';
import { controlLifts } from './control.ts';
import { arithmeticLifts } from './integer-arithmetic.ts';
import { compareExchangeLifts } from './integer-compare-exchange.ts';
import { divideLifts } from './integer-divide.ts';
import { moveLifts } from './integer-moves.ts';
import { multiplyLifts } from './integer-multiply.ts';
import { stackLifts } from './integer-stack.ts';
import { shiftLifts } from './shifts.ts';
import { stringLifts } from './strings.ts';
import { systemLifts } from './system.ts';
import { flagLifts } from './system-flags.ts';

/** All that is not floating point or vectors. */
export const integerLifts: Readonly<Record<string, Lift>> = {
  ...moveLifts,
  ...stackLifts,
  ...arithmeticLifts,
  ...multiplyLifts,
  ...divideLifts,
  ...compareExchangeLifts,
  ...shiftLifts,
  ...bitLifts,
  ...stringLifts,
  ...controlLifts,
  ...systemLifts,
  ...flagLifts,
};
