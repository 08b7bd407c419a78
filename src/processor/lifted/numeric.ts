import type { Type } from './type.ts';

/**
 * The arithmetic of the lifted form: operations of WebAssembly by their names in its specification, with what they mean
 * there. `immediate`: a lane number, or for `i8x16.shuffle` 16 lane numbers.
 */
interface Signature {
  readonly operands: readonly Type[];
  readonly result: Type;
  /** In the binary format: the opcode, or prefix and sub-opcode. */
  readonly opcode: readonly [number] | readonly [number, number];
  readonly immediate?: 'lane' | 'lanes';
}

/** One without an immediate; the types of operands and result are kept, so that others can be derived from the table. */
const op = <const Operands extends readonly Type[], Result extends Type>(
  operands: Operands,
  result: Result,
  opcode: Signature['opcode'],
) => ({ operands, result, opcode });

const i32 = ['i32'] as const;
const i64 = ['i64'] as const;
const v128 = ['v128'] as const;
const two32 = ['i32', 'i32'] as const;
const two64 = ['i64', 'i64'] as const;
const twoV = ['v128', 'v128'] as const;
const shift = ['v128', 'i32'] as const;

const unary32 = (opcode: number) => op(i32, 'i32', [opcode]);
const binary32 = (opcode: number) => op(two32, 'i32', [opcode]);
const unary64 = (opcode: number) => op(i64, 'i64', [opcode]);
const binary64 = (opcode: number) => op(two64, 'i64', [opcode]);
const compare64 = (opcode: number) => op(two64, 'i32', [opcode]);
const unaryV = (opcode: number) => op(v128, 'v128', [0xfd, opcode]);
const binaryV = (opcode: number) => op(twoV, 'v128', [0xfd, opcode]);
const shiftV = (opcode: number) => op(shift, 'v128', [0xfd, opcode]);
const extract = <Result extends Type>(result: Result, opcode: number) =>
  ({ ...op(v128, result, [0xfd, opcode]), immediate: 'lane' }) as const;
const replace = <Lane extends Type>(lane: Lane, opcode: number) =>
  ({ ...op(['v128', lane], 'v128', [0xfd, opcode]), immediate: 'lane' }) as const;
const splat = <Lane extends Type>(lane: Lane, opcode: number) => op([lane], 'v128', [0xfd, opcode]);

export const NUMERIC = {
  'i32.eqz': unary32(0x45),
  'i32.eq': binary32(0x46),
  'i32.ne': binary32(0x47),
  'i32.lt_s': binary32(0x48),
  'i32.lt_u': binary32(0x49),
  'i32.gt_s': binary32(0x4a),
  'i32.gt_u': binary32(0x4b),
  'i32.le_s': binary32(0x4c),
  'i32.le_u': binary32(0x4d),
  'i32.ge_s': binary32(0x4e),
  'i32.ge_u': binary32(0x4f),
  'i64.eqz': op(i64, 'i32', [0x50]),
  'i64.eq': compare64(0x51),
  'i64.ne': compare64(0x52),
  'i64.lt_s': compare64(0x53),
  'i64.lt_u': compare64(0x54),
  'i64.gt_s': compare64(0x55),
  'i64.gt_u': compare64(0x56),
  'i64.le_s': compare64(0x57),
  'i64.le_u': compare64(0x58),
  'i64.ge_s': compare64(0x59),
  'i64.ge_u': compare64(0x5a),
  'i32.clz': unary32(0x67),
  'i32.ctz': unary32(0x68),
  'i32.popcnt': unary32(0x69),
  'i32.add': binary32(0x6a),
  'i32.sub': binary32(0x6b),
  'i32.mul': binary32(0x6c),
  'i32.div_s': binary32(0x6d),
  'i32.div_u': binary32(0x6e),
  'i32.rem_s': binary32(0x6f),
  'i32.rem_u': binary32(0x70),
  'i32.and': binary32(0x71),
  'i32.or': binary32(0x72),
  'i32.xor': binary32(0x73),
  'i32.shl': binary32(0x74),
  'i32.shr_s': binary32(0x75),
  'i32.shr_u': binary32(0x76),
  'i32.rotl': binary32(0x77),
  'i32.rotr': binary32(0x78),
  'i64.clz': unary64(0x79),
  'i64.ctz': unary64(0x7a),
  'i64.popcnt': unary64(0x7b),
  'i64.add': binary64(0x7c),
  'i64.sub': binary64(0x7d),
  'i64.mul': binary64(0x7e),
  'i64.div_s': binary64(0x7f),
  'i64.div_u': binary64(0x80),
  'i64.rem_s': binary64(0x81),
  'i64.rem_u': binary64(0x82),
  'i64.and': binary64(0x83),
  'i64.or': binary64(0x84),
  'i64.xor': binary64(0x85),
  'i64.shl': binary64(0x86),
  'i64.shr_s': binary64(0x87),
  'i64.shr_u': binary64(0x88),
  'i64.rotl': binary64(0x89),
  'i64.rotr': binary64(0x8a),
  'i32.wrap_i64': op(i64, 'i32', [0xa7]),
  'i64.extend_i32_s': op(i32, 'i64', [0xac]),
  'i64.extend_i32_u': op(i32, 'i64', [0xad]),
  'i32.extend8_s': unary32(0xc0),
  'i32.extend16_s': unary32(0xc1),
  'i64.extend8_s': unary64(0xc2),
  'i64.extend16_s': unary64(0xc3),
  'i64.extend32_s': unary64(0xc4),

  'i8x16.shuffle': { ...binaryV(0x0d), immediate: 'lanes' },
  'i8x16.splat': splat('i32', 0x0f),
  'i16x8.splat': splat('i32', 0x10),
  'i32x4.splat': splat('i32', 0x11),
  'i64x2.splat': splat('i64', 0x12),
  'i16x8.extract_lane_u': extract('i32', 0x19),
  'i16x8.replace_lane': replace('i32', 0x1a),
  'i32x4.extract_lane': extract('i32', 0x1b),
  'i32x4.replace_lane': replace('i32', 0x1c),
  'i64x2.extract_lane': extract('i64', 0x1d),
  'i64x2.replace_lane': replace('i64', 0x1e),
  'i8x16.eq': binaryV(0x23),
  'i8x16.gt_s': binaryV(0x27),
  'i16x8.eq': binaryV(0x2d),
  'i16x8.gt_s': binaryV(0x31),
  'i32x4.eq': binaryV(0x37),
  'i32x4.gt_s': binaryV(0x3b),
  'v128.not': unaryV(0x4d),
  'v128.and': binaryV(0x4e),
  'v128.andnot': binaryV(0x4f),
  'v128.or': binaryV(0x50),
  'v128.xor': binaryV(0x51),
  'i8x16.bitmask': op(v128, 'i32', [0xfd, 0x64]),
  'i8x16.narrow_i16x8_s': binaryV(0x65),
  'i8x16.narrow_i16x8_u': binaryV(0x66),
  'i8x16.add': binaryV(0x6e),
  'i8x16.add_sat_s': binaryV(0x6f),
  'i8x16.add_sat_u': binaryV(0x70),
  'i8x16.sub': binaryV(0x71),
  'i8x16.sub_sat_s': binaryV(0x72),
  'i8x16.sub_sat_u': binaryV(0x73),
  'i8x16.min_u': binaryV(0x77),
  'i8x16.max_u': binaryV(0x79),
  'i8x16.avgr_u': binaryV(0x7b),
  'i16x8.extadd_pairwise_i8x16_u': unaryV(0x7d),
  'i32x4.extadd_pairwise_i16x8_u': unaryV(0x7f),
  'i16x8.narrow_i32x4_s': binaryV(0x85),
  'i16x8.shl': shiftV(0x8b),
  'i16x8.shr_s': shiftV(0x8c),
  'i16x8.shr_u': shiftV(0x8d),
  'i16x8.add': binaryV(0x8e),
  'i16x8.add_sat_s': binaryV(0x8f),
  'i16x8.add_sat_u': binaryV(0x90),
  'i16x8.sub': binaryV(0x91),
  'i16x8.sub_sat_s': binaryV(0x92),
  'i16x8.sub_sat_u': binaryV(0x93),
  'i16x8.mul': binaryV(0x95),
  'i16x8.min_s': binaryV(0x96),
  'i16x8.max_s': binaryV(0x98),
  'i16x8.avgr_u': binaryV(0x9b),
  'i32x4.bitmask': op(v128, 'i32', [0xfd, 0xa4]),
  'i32x4.shl': shiftV(0xab),
  'i32x4.shr_s': shiftV(0xac),
  'i32x4.shr_u': shiftV(0xad),
  'i32x4.add': binaryV(0xae),
  'i32x4.sub': binaryV(0xb1),
  'i32x4.dot_i16x8_s': binaryV(0xba),
  'i32x4.extmul_low_i16x8_s': binaryV(0xbc),
  'i32x4.extmul_high_i16x8_s': binaryV(0xbd),
  'i32x4.extmul_low_i16x8_u': binaryV(0xbe),
  'i32x4.extmul_high_i16x8_u': binaryV(0xbf),
  'i64x2.bitmask': op(v128, 'i32', [0xfd, 0xc4]),
  'i64x2.shl': shiftV(0xcb),
  'i64x2.shr_u': shiftV(0xcd),
  'i64x2.add': binaryV(0xce),
  'i64x2.sub': binaryV(0xd1),
  'i64x2.extmul_low_i32x4_u': binaryV(0xde),
} as const satisfies Record<string, Signature>;

export type NumericOperation = keyof typeof NUMERIC;

export const NUMERIC_OPERATIONS = Object.keys(NUMERIC) as NumericOperation[];

/** Operands, result and encoding of an operation. */
export const signatureOf = (operation: NumericOperation): Signature => NUMERIC[operation];
