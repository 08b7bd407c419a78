import type { Expression } from '../lifted/form.ts';
import type { NumericOperation } from '../lifted/numeric.ts';
import { type Lift, numeric } from './builder.ts';
import { immediateByte } from './sse-operands.ts';

/** Lanes of so many bytes, by number through both vectors. */
export function shuffle(
  laneBytes: number,
  lanes: readonly number[],
  first: Expression,
  second: Expression,
): Expression {
  const bytes = lanes.flatMap((lane) =>
    Array.from({ length: laneBytes }, (_, byte) => lane * laneBytes + byte),
  );
  return numeric('i8x16.shuffle', [first, second], bytes);
}

/** The four two-bit fields of a byte, from the lowest. */
const fields = (byte: number): readonly number[] => [0, 2, 4, 6].map((shift) => (byte >> shift) & 3);

/** Interleaves the lanes of a half of both operands. */
function unpack(laneBytes: number, half: 'low' | 'high'): Lift {
  const count = 16 / laneBytes;
  const from = half === 'low' ? 0 : count / 2;
  const lanes = Array.from({ length: count }, (_, place) => from + (place >> 1) + (place % 2) * count);
  return (build, { operands: [to, source] }) =>
    build.writeVector(to, shuffle(laneBytes, lanes, build.readVector(to), build.readVector(source)));
}

/** Both operands with lanes of half the width, those of the first below. */
const narrow =
  (operation: NumericOperation): Lift =>
  (build, { operands: [to, source] }) =>
    build.writeVector(to, numeric(operation, [build.readVector(to), build.readVector(source)]));

/** PSHUFD and the like: the lanes of one operand, chosen by the immediate. */
const permute =
  (laneBytes: number, lanesOf: (byte: number) => readonly number[]): Lift =>
  (build, { operands: [to, source, immediate] }) => {
    const vector = build.let(build.readVector(source));
    build.writeVector(to, shuffle(laneBytes, lanesOf(immediateByte(immediate)), vector, vector));
  };

/** SHUFPS, SHUFPD: lanes of the first operand below, of the second above. */
const select =
  (laneBytes: number, lanesOf: (byte: number) => readonly number[]): Lift =>
  (build, { operands: [to, source, immediate] }) => {
    const lanes = lanesOf(immediateByte(immediate));
    build.writeVector(to, shuffle(laneBytes, lanes, build.readVector(to), build.readVector(source)));
  };

const selectSingles = (byte: number): readonly number[] =>
  fields(byte).map((lane, place) => (place < 2 ? lane : lane + 4));

/** Shuffles, and what interleaves or narrows lanes. */
export const sseShuffles: Readonly<Record<string, Lift>> = {
  pshufd: permute(4, fields),
  pshuflw: permute(2, (byte) => [...fields(byte), 4, 5, 6, 7]),
  pshufhw: permute(2, (byte) => [0, 1, 2, 3, ...fields(byte).map((lane) => lane + 4)]),
  shufps: select(4, selectSingles),
  shufpd: select(8, (byte) => [byte & 1, 2 + ((byte >> 1) & 1)]),
  punpcklbw: unpack(1, 'low'),
  punpcklwd: unpack(2, 'low'),
  punpckldq: unpack(4, 'low'),
  punpcklqdq: unpack(8, 'low'),
  punpckhbw: unpack(1, 'high'),
  punpckhwd: unpack(2, 'high'),
  punpckhdq: unpack(4, 'high'),
  punpckhqdq: unpack(8, 'high'),
  unpcklps: unpack(4, 'low'),
  unpckhps: unpack(4, 'high'),
  unpcklpd: unpack(8, 'low'),
  unpckhpd: unpack(8, 'high'),
  packsswb: narrow('i8x16.narrow_i16x8_s'),
  packuswb: narrow('i8x16.narrow_i16x8_u'),
  packssdw: narrow('i16x8.narrow_i32x4_s'),
};
