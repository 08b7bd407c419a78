import type { Evaluations } from './evaluations.ts';
import { signedLanes, unsignedLanes, vectorOfLanes, vectorOfWideLanes, wideLanes } from './lanes.ts';

type Binary = (left: bigint, right: bigint) => bigint;
type Shift = (vector: bigint, count: number) => bigint;
type Lane = 8 | 16 | 32;

const ALL = (1n << 128n) - 1n;

/** Each lane of the result out of the lanes of both operands. */
function lanewise(
  width: Lane,
  lanesOf: typeof signedLanes,
  operation: (left: number, right: number) => number,
): Binary {
  return (left, right) => {
    const others = lanesOf(width, right);
    return vectorOfLanes(
      width,
      lanesOf(width, left).map((lane, at) => operation(lane, others[at])),
    );
  };
}

const signed = (width: Lane, operation: (left: number, right: number) => number): Binary =>
  lanewise(width, signedLanes, operation);

const unsigned = (width: Lane, operation: (left: number, right: number) => number): Binary =>
  lanewise(width, unsignedLanes, operation);

const clampSigned = (width: Lane, value: number): number =>
  Math.min(Math.max(value, -(2 ** (width - 1))), 2 ** (width - 1) - 1);

const clampUnsigned = (width: Lane, value: number): number => Math.min(Math.max(value, 0), 2 ** width - 1);

const add = (left: number, right: number): number => left + right;
const subtract = (left: number, right: number): number => left - right;
const average = (left: number, right: number): number => (left + right + 1) >>> 1;
const equal = (left: number, right: number): number => (left === right ? -1 : 0);
const greater = (left: number, right: number): number => (left > right ? -1 : 0);

/** Both vectors' lanes cut to half their width, those of the left one first. */
const narrow =
  (from: 16 | 32, clamp: typeof clampSigned): Binary =>
  (left, right) => {
    const to = from === 32 ? 16 : 8;
    const lanes = [...signedLanes(from, left), ...signedLanes(from, right)];
    return vectorOfLanes(
      to,
      lanes.map((lane) => clamp(to, lane)),
    );
  };

/** Counts are taken modulo the width of a lane. */
const shift =
  (width: Lane, lanesOf: typeof signedLanes, operation: (lane: number, count: number) => number): Shift =>
  (vector, count) =>
    vectorOfLanes(
      width,
      lanesOf(width, vector).map((lane) => operation(lane, count & (width - 1))),
    );

const wide =
  (operation: Binary): Binary =>
  (left, right) => {
    const [low, high] = wideLanes(left);
    const [otherLow, otherHigh] = wideLanes(right);
    return vectorOfWideLanes(operation(low, otherLow), operation(high, otherHigh));
  };

/** Sums of neighbours. */
const pairwise =
  (from: 8 | 16) =>
  (vector: bigint): bigint => {
    const lanes = unsignedLanes(from, vector);
    const evens = lanes.filter((_, at) => at % 2 === 0);
    return vectorOfLanes(
      from === 8 ? 16 : 32,
      evens.map((lane, pair) => lane + lanes[2 * pair + 1]),
    );
  };

/** Products, twice as wide, of the four lower or upper lanes. */
const extendedProduct =
  (half: 'low' | 'high', lanesOf: typeof signedLanes): Binary =>
  (left, right) => {
    const from = half === 'low' ? 0 : 4;
    const others = lanesOf(16, right).slice(from, from + 4);
    const lanes = lanesOf(16, left).slice(from, from + 4);
    return vectorOfLanes(
      32,
      lanes.map((lane, at) => lane * others[at]),
    );
  };

function dotProducts(left: bigint, right: bigint): bigint {
  const others = signedLanes(16, right);
  const products = signedLanes(16, left).map((lane, at) => lane * others[at]);
  return vectorOfLanes(
    32,
    [0, 2, 4, 6].map((at) => products[at] + products[at + 1]),
  );
}

function signs(lanes: readonly number[]): number {
  return lanes.reduce((mask, lane, at) => (lane < 0 ? mask | (1 << at) : mask), 0);
}

function replaced(width: Lane, vector: bigint, value: number, lane: number): bigint {
  return vectorOfLanes(width, unsignedLanes(width, vector).with(lane, value));
}

function splat(width: Lane, value: number): bigint {
  return vectorOfLanes(width, new Array<number>(128 / width).fill(value));
}

/** The operations on vectors. */
export const vectorOperations: Evaluations<'v128.' | `i${number}x${number}.`> = {
  'i8x16.shuffle': (left, right, lanes) => {
    const from = [...unsignedLanes(8, left), ...unsignedLanes(8, right)];
    return vectorOfLanes(
      8,
      lanes.map((lane) => from[lane]),
    );
  },
  'i8x16.splat': (value) => splat(8, value),
  'i16x8.splat': (value) => splat(16, value),
  'i32x4.splat': (value) => splat(32, value),
  'i64x2.splat': (value) => vectorOfWideLanes(value, value),
  'i16x8.extract_lane_u': (vector, lane) => unsignedLanes(16, vector)[lane],
  'i16x8.replace_lane': (vector, value, lane) => replaced(16, vector, value, lane),
  'i32x4.extract_lane': (vector, lane) => signedLanes(32, vector)[lane],
  'i32x4.replace_lane': (vector, value, lane) => replaced(32, vector, value, lane),
  'i64x2.extract_lane': (vector, lane) => wideLanes(vector)[lane],
  'i64x2.replace_lane': (vector, value, lane) => {
    const [low, high] = wideLanes(vector);
    return lane === 0 ? vectorOfWideLanes(value, high) : vectorOfWideLanes(low, value);
  },
  'i8x16.eq': signed(8, equal),
  'i8x16.gt_s': signed(8, greater),
  'i16x8.eq': signed(16, equal),
  'i16x8.gt_s': signed(16, greater),
  'i32x4.eq': signed(32, equal),
  'i32x4.gt_s': signed(32, greater),
  'v128.not': (vector) => vector ^ ALL,
  'v128.and': (left, right) => left & right,
  'v128.andnot': (left, right) => left & (right ^ ALL),
  'v128.or': (left, right) => left | right,
  'v128.xor': (left, right) => left ^ right,
  'i8x16.bitmask': (vector) => signs(signedLanes(8, vector)),
  'i8x16.narrow_i16x8_s': narrow(16, clampSigned),
  'i8x16.narrow_i16x8_u': narrow(16, clampUnsigned),
  'i8x16.add': signed(8, add),
  'i8x16.add_sat_s': signed(8, (left, right) => clampSigned(8, left + right)),
  'i8x16.add_sat_u': unsigned(8, (left, right) => clampUnsigned(8, left + right)),
  'i8x16.sub': signed(8, subtract),
  'i8x16.sub_sat_s': signed(8, (left, right) => clampSigned(8, left - right)),
  'i8x16.sub_sat_u': unsigned(8, (left, right) => clampUnsigned(8, left - right)),
  'i8x16.min_u': unsigned(8, Math.min),
  'i8x16.max_u': unsigned(8, Math.max),
  'i8x16.avgr_u': unsigned(8, average),
  'i16x8.extadd_pairwise_i8x16_u': pairwise(8),
  'i32x4.extadd_pairwise_i16x8_u': pairwise(16),
  'i16x8.narrow_i32x4_s': narrow(32, clampSigned),
  'i16x8.shl': shift(16, unsignedLanes, (lane, count) => lane << count),
  'i16x8.shr_s': shift(16, signedLanes, (lane, count) => lane >> count),
  'i16x8.shr_u': shift(16, unsignedLanes, (lane, count) => lane >>> count),
  'i16x8.add': signed(16, add),
  'i16x8.add_sat_s': signed(16, (left, right) => clampSigned(16, left + right)),
  'i16x8.add_sat_u': unsigned(16, (left, right) => clampUnsigned(16, left + right)),
  'i16x8.sub': signed(16, subtract),
  'i16x8.sub_sat_s': signed(16, (left, right) => clampSigned(16, left - right)),
  'i16x8.sub_sat_u': unsigned(16, (left, right) => clampUnsigned(16, left - right)),
  'i16x8.mul': signed(16, Math.imul),
  'i16x8.min_s': signed(16, Math.min),
  'i16x8.max_s': signed(16, Math.max),
  'i16x8.avgr_u': unsigned(16, average),
  'i32x4.bitmask': (vector) => signs(signedLanes(32, vector)),
  'i32x4.shl': shift(32, unsignedLanes, (lane, count) => lane << count),
  'i32x4.shr_s': shift(32, signedLanes, (lane, count) => lane >> count),
  'i32x4.shr_u': shift(32, unsignedLanes, (lane, count) => lane >>> count),
  'i32x4.add': signed(32, add),
  'i32x4.sub': signed(32, subtract),
  'i32x4.dot_i16x8_s': dotProducts,
  'i32x4.extmul_low_i16x8_s': extendedProduct('low', signedLanes),
  'i32x4.extmul_high_i16x8_s': extendedProduct('high', signedLanes),
  'i32x4.extmul_low_i16x8_u': extendedProduct('low', unsignedLanes),
  'i32x4.extmul_high_i16x8_u': extendedProduct('high', unsignedLanes),
  'i64x2.bitmask': (vector) => Number(((vector >> 63n) & 1n) | ((vector >> 126n) & 2n)),
  'i64x2.shl': (vector, count) => {
    const [low, high] = wideLanes(vector);
    const places = BigInt(count & 63);
    return vectorOfWideLanes(low << places, high << places);
  },
  'i64x2.shr_u': (vector, count) => {
    const [low, high] = wideLanes(vector);
    const places = BigInt(count & 63);
    return vectorOfWideLanes(low >> places, high >> places);
  },
  'i64x2.add': wide((left, right) => left + right),
  'i64x2.sub': wide((left, right) => left - right),
  'i64x2.extmul_low_i32x4_u': (left, right) => {
    const [low, next] = unsignedLanes(32, left);
    const [otherLow, otherNext] = unsignedLanes(32, right);
    return vectorOfWideLanes(BigInt(low) * BigInt(otherLow), BigInt(next) * BigInt(otherNext));
  },
};
