import type { Lift } from './builder.ts';
import { sseConversions } from './sse-conversions.ts';
import { sseFloat } from './sse-float.ts';
import { sseIntegers } from './sse-integers.ts';
import { sseMoves } from './sse-moves.ts';
import { sseShifts } from './sse-shifts.ts';
import { sseShuffles } from './sse-shuffles.ts';
import { sseState } from './sse-state.ts';

/** SSE and SSE2 on vector and general registers. `movsd` and `cmpsd` are here those of SSE, not of strings. */
export const sseLifts: Readonly<Record<string, Lift>> = {
  ...sseMoves,
  ...sseShuffles,
  ...sseIntegers,
  ...sseShifts,
  ...sseFloat,
  ...sseConversions,
  ...sseState,
};
