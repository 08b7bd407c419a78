import type { Expression } from '../lifted/form.ts';
import type { NumericOperation } from '../lifted/numeric.ts';
import { type Builder, i32, type Lift, numeric, v128 } from './builder.ts';
import { generalRegister } from './register-names.ts';
import { immediateByte } from './sse-operands.ts';
import { shuffle } from './sse-shuffles.ts';

type Combine = (build: Builder, left: Expression, right: Expression) => Expression;

/** Destination and source to destination. */
const combine =
  (combined: Combine): Lift =>
  (build, { operands: [to, from] }) =>
    build.writeVector(to, combined(build, build.readVector(to), build.readVector(from)));

const lanes = (operation: NumericOperation): Lift =>
  combine((_, left, right) => numeric(operation, [left, right]));

/** The upper halves of the products of words. */
const upperProducts = (sign: 's' | 'u'): Lift =>
  combine((build, left, right) => {
    const one = build.let(left);
    const other = build.let(right);
    return shuffle(
      2,
      [1, 3, 5, 7, 9, 11, 13, 15],
      numeric(`i32x4.extmul_low_i16x8_${sign}`, [one, other]),
      numeric(`i32x4.extmul_high_i16x8_${sign}`, [one, other]),
    );
  });

/** The products of the even doublewords, 64 bits each. */
const evenProducts: Lift = combine((build, left, right) => {
  const even = (vector: Expression): Expression => {
    const named = build.let(vector);
    return shuffle(4, [0, 2, 0, 2], named, named);
  };
  return numeric('i64x2.extmul_low_i32x4_u', [even(left), even(right)]);
});

const LOWER_DOUBLEWORDS = v128((0xffffffffn << 64n) | 0xffffffffn);

/** For each half the sum of the absolute differences of its bytes. */
const sumOfDifferences: Lift = combine((build, left, right) => {
  const one = build.let(left);
  const other = build.let(right);
  // One of the two saturates to zero.
  const differences = numeric('v128.or', [
    numeric('i8x16.sub_sat_u', [one, other]),
    numeric('i8x16.sub_sat_u', [other, one]),
  ]);
  const words = numeric('i16x8.extadd_pairwise_i8x16_u', [differences]);
  const sums = build.let(numeric('i32x4.extadd_pairwise_i16x8_u', [words]));
  return numeric('i64x2.add', [
    numeric('v128.and', [sums, LOWER_DOUBLEWORDS]),
    numeric('i64x2.shr_u', [sums, i32(32)]),
  ]);
});

/** PMOVMSKB and the like: the sign of each lane to a general register. */
const signs =
  (operation: NumericOperation): Lift =>
  (build, { operands: [to, from] }) => {
    if (to.kind !== 'register') throw new TypeError('signs go to a register');
    const mask = numeric(operation, [build.readVector(from)]);
    build.setGeneral(to.register, build.resized(32, generalRegister(to.register).width, mask));
  };

const extractWord: Lift = (build, { operands: [to, from, immediate] }) => {
  // The form that stores to memory, and its twin, are SSE4.1.
  if (to.kind !== 'register' || build.instruction.form.includes('m16')) return build.trap('invalid opcode');
  const word = numeric('i16x8.extract_lane_u', [build.readVector(from)], immediateByte(immediate) & 7);
  build.setGeneral(to.register, build.resized(32, generalRegister(to.register).width, word));
};

const insertWord: Lift = (build, { operands: [to, from, immediate] }) => {
  const width = from.kind === 'register' ? generalRegister(from.register).width : 16;
  const word = build.resized(width, 32, build.read(from, width));
  const place = immediateByte(immediate) & 7;
  build.writeVector(to, numeric('i16x8.replace_lane', [build.readVector(to), word], place));
};

/** The complement of the destination and the source. */
const andNot = combine((_, left, right) => numeric('v128.andnot', [right, left]));

/** Arithmetic, comparisons and logic on whole numbers in lanes; words and signs to and from general registers. */
export const sseIntegers: Readonly<Record<string, Lift>> = {
  paddb: lanes('i8x16.add'),
  paddw: lanes('i16x8.add'),
  paddd: lanes('i32x4.add'),
  paddq: lanes('i64x2.add'),
  paddsb: lanes('i8x16.add_sat_s'),
  paddsw: lanes('i16x8.add_sat_s'),
  paddusb: lanes('i8x16.add_sat_u'),
  paddusw: lanes('i16x8.add_sat_u'),
  psubb: lanes('i8x16.sub'),
  psubw: lanes('i16x8.sub'),
  psubd: lanes('i32x4.sub'),
  psubq: lanes('i64x2.sub'),
  psubsb: lanes('i8x16.sub_sat_s'),
  psubsw: lanes('i16x8.sub_sat_s'),
  psubusb: lanes('i8x16.sub_sat_u'),
  psubusw: lanes('i16x8.sub_sat_u'),
  pmullw: lanes('i16x8.mul'),
  pmulhw: upperProducts('s'),
  pmulhuw: upperProducts('u'),
  pmuludq: evenProducts,
  pmaddwd: lanes('i32x4.dot_i16x8_s'),
  psadbw: sumOfDifferences,
  pavgb: lanes('i8x16.avgr_u'),
  pavgw: lanes('i16x8.avgr_u'),
  pminub: lanes('i8x16.min_u'),
  pmaxub: lanes('i8x16.max_u'),
  pminsw: lanes('i16x8.min_s'),
  pmaxsw: lanes('i16x8.max_s'),
  pcmpeqb: lanes('i8x16.eq'),
  pcmpeqw: lanes('i16x8.eq'),
  pcmpeqd: lanes('i32x4.eq'),
  pcmpgtb: lanes('i8x16.gt_s'),
  pcmpgtw: lanes('i16x8.gt_s'),
  pcmpgtd: lanes('i32x4.gt_s'),
  pand: lanes('v128.and'),
  andps: lanes('v128.and'),
  andpd: lanes('v128.and'),
  por: lanes('v128.or'),
  orps: lanes('v128.or'),
  orpd: lanes('v128.or'),
  pxor: lanes('v128.xor'),
  xorps: lanes('v128.xor'),
  xorpd: lanes('v128.xor'),
  pandn: andNot,
  andnps: andNot,
  andnpd: andNot,
  pmovmskb: signs('i8x16.bitmask'),
  movmskps: signs('i32x4.bitmask'),
  movmskpd: signs('i64x2.bitmask'),
  pextrw: extractWord,
  pinsrw: insertWord,
};
