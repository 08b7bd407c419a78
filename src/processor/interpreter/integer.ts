import type { Evaluations } from './evaluations.ts';

const bool = (holds: boolean): number => (holds ? 1 : 0);
const unsigned32 = (value: number): number => value >>> 0;
const unsigned64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const signed64 = (value: bigint): bigint => BigInt.asIntN(64, value);

/** WebAssembly traps here, and no instruction may come to it: a lift asks for a divide error before. */
function divisible(isDefined: boolean): void {
  if (!isDefined) throw new RangeError('lifted code divides where WebAssembly traps');
}

const MIN_64 = 1n << 63n;
const ALL_64 = (1n << 64n) - 1n;

function countLeadingZeros64(value: bigint): bigint {
  const upper = Number(value >> 32n);
  return BigInt(upper !== 0 ? Math.clz32(upper) : 32 + Math.clz32(Number(value & 0xffffffffn)));
}

function countTrailingZeros32(value: number): number {
  return value === 0 ? 32 : 31 - Math.clz32(value & -value);
}

function countOnes32(value: number): number {
  let ones = 0;
  for (let left = value; left !== 0; left &= left - 1) ones++;
  return ones;
}

function rotateLeft32(value: number, count: number): number {
  return (value << (count & 31)) | (value >>> (-count & 31));
}

function rotateLeft64(value: bigint, count: bigint): bigint {
  const places = count & 63n;
  return unsigned64((value << places) | (value >> (64n - places)));
}

/** The operations on i32 and i64. */
export const integerOperations: Evaluations<'i32.' | 'i64.'> = {
  'i32.eqz': (value) => bool(value === 0),
  'i32.eq': (left, right) => bool(left === right),
  'i32.ne': (left, right) => bool(left !== right),
  'i32.lt_s': (left, right) => bool(left < right),
  'i32.lt_u': (left, right) => bool(unsigned32(left) < unsigned32(right)),
  'i32.gt_s': (left, right) => bool(left > right),
  'i32.gt_u': (left, right) => bool(unsigned32(left) > unsigned32(right)),
  'i32.le_s': (left, right) => bool(left <= right),
  'i32.le_u': (left, right) => bool(unsigned32(left) <= unsigned32(right)),
  'i32.ge_s': (left, right) => bool(left >= right),
  'i32.ge_u': (left, right) => bool(unsigned32(left) >= unsigned32(right)),
  'i64.eqz': (value) => bool(value === 0n),
  'i64.eq': (left, right) => bool(left === right),
  'i64.ne': (left, right) => bool(left !== right),
  'i64.lt_s': (left, right) => bool(signed64(left) < signed64(right)),
  'i64.lt_u': (left, right) => bool(left < right),
  'i64.gt_s': (left, right) => bool(signed64(left) > signed64(right)),
  'i64.gt_u': (left, right) => bool(left > right),
  'i64.le_s': (left, right) => bool(signed64(left) <= signed64(right)),
  'i64.le_u': (left, right) => bool(left <= right),
  'i64.ge_s': (left, right) => bool(signed64(left) >= signed64(right)),
  'i64.ge_u': (left, right) => bool(left >= right),
  'i32.clz': (value) => Math.clz32(value),
  'i32.ctz': countTrailingZeros32,
  'i32.popcnt': countOnes32,
  'i32.add': (left, right) => (left + right) | 0,
  'i32.sub': (left, right) => (left - right) | 0,
  'i32.mul': (left, right) => Math.imul(left, right),
  'i32.div_s': (left, right) => {
    divisible(right !== 0 && !(left === -0x80000000 && right === -1));
    return (left / right) | 0;
  },
  'i32.div_u': (left, right) => {
    divisible(right !== 0);
    return (unsigned32(left) / unsigned32(right)) | 0;
  },
  'i32.rem_s': (left, right) => {
    divisible(right !== 0);
    return (left % right) | 0;
  },
  'i32.rem_u': (left, right) => {
    divisible(right !== 0);
    return (unsigned32(left) % unsigned32(right)) | 0;
  },
  'i32.and': (left, right) => left & right,
  'i32.or': (left, right) => left | right,
  'i32.xor': (left, right) => left ^ right,
  'i32.shl': (left, right) => left << right,
  'i32.shr_s': (left, right) => left >> right,
  'i32.shr_u': (left, right) => (left >>> right) | 0,
  'i32.rotl': rotateLeft32,
  'i32.rotr': (left, right) => rotateLeft32(left, -right),
  'i64.clz': countLeadingZeros64,
  'i64.ctz': (value) => (value === 0n ? 64n : 63n - countLeadingZeros64(value & -value)),
  'i64.popcnt': (value) =>
    BigInt(countOnes32(Number(value >> 32n)) + countOnes32(Number(value & 0xffffffffn))),
  'i64.add': (left, right) => BigInt.asUintN(64, left + right),
  'i64.sub': (left, right) => BigInt.asUintN(64, left - right),
  'i64.mul': (left, right) => BigInt.asUintN(64, left * right),
  'i64.div_s': (left, right) => {
    divisible(right !== 0n && !(left === MIN_64 && right === ALL_64));
    return unsigned64(signed64(left) / signed64(right));
  },
  'i64.div_u': (left, right) => {
    divisible(right !== 0n);
    return left / right;
  },
  'i64.rem_s': (left, right) => {
    divisible(right !== 0n);
    return unsigned64(signed64(left) % signed64(right));
  },
  'i64.rem_u': (left, right) => {
    divisible(right !== 0n);
    return left % right;
  },
  'i64.and': (left, right) => left & right,
  'i64.or': (left, right) => left | right,
  'i64.xor': (left, right) => left ^ right,
  'i64.shl': (left, right) => BigInt.asUintN(64, left << (right & 63n)),
  'i64.shr_s': (left, right) => unsigned64(signed64(left) >> (right & 63n)),
  'i64.shr_u': (left, right) => left >> (right & 63n),
  'i64.rotl': rotateLeft64,
  'i64.rotr': (left, right) => rotateLeft64(left, 64n - (right & 63n)),
  'i32.wrap_i64': (value) => Number(BigInt.asIntN(32, value)),
  'i64.extend_i32_s': (value) => unsigned64(BigInt(value)),
  'i64.extend_i32_u': (value) => BigInt(unsigned32(value)),
  'i32.extend8_s': (value) => (value << 24) >> 24,
  'i32.extend16_s': (value) => (value << 16) >> 16,
  'i64.extend8_s': (value) => unsigned64(BigInt.asIntN(8, value)),
  'i64.extend16_s': (value) => unsigned64(BigInt.asIntN(16, value)),
  'i64.extend32_s': (value) => unsigned64(BigInt.asIntN(32, value)),
};
