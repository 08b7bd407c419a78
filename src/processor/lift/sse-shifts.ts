import type { Expression } from '../lifted/form.ts';
import { i32, i64, type Lift, numeric } from './builder.ts';
import { immediateByte, ZEROS } from './sse-operands.ts';
import { shuffle } from './sse-shuffles.ts';

type Shape = 'i16x8' | 'i32x4' | 'i64x2';

const WIDTHS: Readonly<Record<Shape, number>> = { i16x8: 16, i32x4: 32, i64x2: 64 };

/** Zeros where the count, of 64 bits, is not below the width. */
const logical =
  (shape: Shape, direction: 'shl' | 'shr_u'): Lift =>
  (build, { operands: [to, count] }) => {
    const width = WIDTHS[shape];
    if (count.kind === 'immediate') {
      const places = immediateByte(count);
      const shifted = numeric(`${shape}.${direction}`, [build.readVector(to), i32(places)]);
      return build.writeVector(to, places < width ? shifted : ZEROS);
    }
    const places = build.let(numeric('i64x2.extract_lane', [build.readVector(count)], 0));
    const shifted = numeric(`${shape}.${direction}`, [
      build.readVector(to),
      numeric('i32.wrap_i64', [places]),
    ]);
    const kept = numeric('i32x4.splat', [belowMask(places, width)]);
    build.writeVector(to, numeric('v128.and', [shifted, kept]));
  };

/** All ones in an i32 where the count is below the width, else 0. */
const belowMask = (count: Expression, width: number): Expression =>
  numeric('i32.sub', [i32(0), numeric('i64.lt_u', [count, i64(BigInt(width))])]);

/** Copies of the sign where the count is not below the width. */
const arithmetic =
  (shape: 'i16x8' | 'i32x4'): Lift =>
  (build, { operands: [to, count] }) => {
    const most = WIDTHS[shape] - 1;
    let places: Expression;
    if (count.kind === 'immediate') places = i32(Math.min(most, immediateByte(count)));
    else {
      const wide = build.let(numeric('i64x2.extract_lane', [build.readVector(count)], 0));
      const below = build.let(belowMask(wide, most + 1));
      places = numeric('i32.or', [
        numeric('i32.and', [below, numeric('i32.wrap_i64', [wide])]),
        numeric('i32.and', [numeric('i32.xor', [below, i32(-1)]), i32(most)]),
      ]);
    }
    build.writeVector(to, numeric(`${shape}.shr_s`, [build.readVector(to), places]));
  };

/** PSLLDQ, PSRLDQ: the whole vector by bytes; `direction` is that of a byte's number. */
const bytes =
  (direction: 1 | -1): Lift =>
  (build, { operands: [to, count] }) => {
    const places = immediateByte(count) * direction;
    const lanes = Array.from({ length: 16 }, (_, byte) => {
      const from = byte - places;
      return from >= 0 && from < 16 ? from : 16;
    });
    build.writeVector(to, shuffle(1, lanes, build.readVector(to), ZEROS));
  };

/** Shifts of lanes and of whole vectors. */
export const sseShifts: Readonly<Record<string, Lift>> = {
  psllw: logical('i16x8', 'shl'),
  pslld: logical('i32x4', 'shl'),
  psllq: logical('i64x2', 'shl'),
  psrlw: logical('i16x8', 'shr_u'),
  psrld: logical('i32x4', 'shr_u'),
  psrlq: logical('i64x2', 'shr_u'),
  psraw: arithmetic('i16x8'),
  psrad: arithmetic('i32x4'),
  pslldq: bytes(1),
  psrldq: bytes(-1),
};
