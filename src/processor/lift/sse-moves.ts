import type { FloatFormat } from '../lifted/form.ts';
import { i32, i64, type Lift, numeric } from './builder.ts';
import { readScalar, withLowestLane, writeLowestLane, ZEROS } from './sse-operands.ts';

const whole =
  (isAligned: boolean): Lift =>
  (build, { operands: [to, from] }) =>
    build.writeVector(to, build.readVector(from, isAligned), isAligned);

/** MOVSS, MOVSD: from memory with zeros above, from a register only the lowest lane. */
const scalar =
  (format: FloatFormat): Lift =>
  (build, { operands: [to, from] }) => {
    const lane = readScalar(build, from, format);
    if (to.kind === 'memory') build.write(to, format === 'f32' ? 32 : 64, lane);
    else if (from.kind === 'memory') build.writeVector(to, withLowestLane(format, ZEROS, lane));
    else writeLowestLane(build, to, format, lane);
  };

/** MOVD, MOVQ: between a vector register and a general one or memory, or two vector registers; zeros above. */
const bits =
  (format: FloatFormat): Lift =>
  (build, { operands: [to, from] }) => {
    const width = format === 'f32' ? 32 : 64;
    const isVector = (operand: typeof to): boolean =>
      operand.kind === 'register' && operand.register.startsWith('xmm');
    const lane = isVector(from) ? readScalar(build, from, format) : build.read(from, width);
    if (isVector(to)) build.writeVector(to, withLowestLane(format, ZEROS, lane));
    else build.write(to, width, lane);
  };

/** MOVLPS, MOVHPS and the like: one half of a register and memory. */
const half =
  (place: 0 | 1): Lift =>
  (build, { operands: [to, from] }) => {
    if (to.kind === 'memory')
      build.write(to, 64, numeric('i64x2.extract_lane', [build.readVector(from)], place));
    else {
      const lanes = [build.readVector(to), build.read(from, 64)];
      build.writeVector(to, numeric('i64x2.replace_lane', lanes, place));
    }
  };

/** MOVHLPS, MOVLHPS: one half of a register to the other half of another. */
const halfAcross =
  (from: 0 | 1, to: 0 | 1): Lift =>
  (build, { operands: [target, source] }) => {
    const lane = numeric('i64x2.extract_lane', [build.readVector(source)], from);
    build.writeVector(target, numeric('i64x2.replace_lane', [build.readVector(target), lane], to));
  };

const nonTemporal: Lift = (build, { operands: [to, from] }) =>
  build.store(16, build.vectorAddress(to, true), build.readVector(from), true);

/** Stores the bytes at RDI whose sign is set in the mask. A page without any of them need not be there. */
const masked: Lift = (build, { operands: [to, from, mask] }) => {
  if (to.kind !== 'memory') throw new TypeError('maskmovdqu stores to memory');
  const address = build.let(build.address(to));
  const signs = build.let(numeric('i8x16.bitmask', [build.readVector(mask)]));
  const bytes = build.readVector(from);
  for (let place = 0; place < 16; place++) {
    build.if(numeric('i32.and', [signs, i32(1 << place)]), () => {
      const word = numeric('i16x8.extract_lane_u', [bytes], place >> 1);
      const byte =
        place % 2 === 0 ? numeric('i32.and', [word, i32(0xff)]) : numeric('i32.shr_u', [word, i32(8)]);
      build.store(1, numeric('i64.add', [address, i64(BigInt(place))]), byte, true);
    });
  }
};

/** Moves between vector registers, general registers and memory. */
export const sseMoves: Readonly<Record<string, Lift>> = {
  movaps: whole(true),
  movapd: whole(true),
  movdqa: whole(true),
  movups: whole(false),
  movupd: whole(false),
  movdqu: whole(false),
  movss: scalar('f32'),
  movsd: scalar('f64'),
  movd: bits('f32'),
  movq: bits('f64'),
  movlps: half(0),
  movlpd: half(0),
  movhps: half(1),
  movhpd: half(1),
  movhlps: halfAcross(1, 0),
  movlhps: halfAcross(0, 1),
  movntps: nonTemporal,
  movntpd: nonTemporal,
  movntdq: nonTemporal,
  maskmovdqu: masked,
};
