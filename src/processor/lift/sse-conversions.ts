import type { FloatFormat, FloatOperation } from '../lifted/form.ts';
import type { Lift } from './builder.ts';
import { generalRegister } from './register-names.ts';
import { readLowerHalf, readScalar, scalarType, writeLowestLane } from './sse-operands.ts';

/** CVTSI2SS and the like. */
const fromGeneral =
  (format: FloatFormat): Lift =>
  (build, { operands: [to, from] }) => {
    const isWide =
      from.kind === 'register'
        ? generalRegister(from.register).width === 64
        : from.kind === 'memory' && from.sizeBytes === 8;
    const operation = isWide ? 'from i64' : 'from i32';
    const operand = build.read(from, isWide ? 64 : 32);
    writeLowestLane(build, to, format, build.float(operation, format, scalarType(format), [operand]));
  };

/** CVTSS2SI and the like. */
const toGeneral =
  (format: FloatFormat, isTruncated: boolean): Lift =>
  (build, { operands: [to, from] }) => {
    if (to.kind !== 'register') throw new TypeError(`${build.instruction.mnemonic} writes to a register`);
    const type = generalRegister(to.register).width === 64 ? 'i64' : 'i32';
    const operation: FloatOperation = isTruncated ? `to ${type} truncated` : `to ${type}`;
    build.setGeneral(to.register, build.float(operation, format, type, [readScalar(build, from, format)]));
  };

/** CVTSS2SD, CVTSD2SS. */
const toFormat =
  (from: FloatFormat, to: FloatFormat): Lift =>
  (build, { operands: [target, source] }) => {
    const operand = readScalar(build, source, from);
    writeLowestLane(build, target, to, build.float(`to ${to}`, from, scalarType(to), [operand]));
  };

/** From lanes of 16 bytes; `half`: of 8, to lanes twice as wide. Zeros above. */
const packed =
  (operation: FloatOperation, format: FloatFormat, source: 'whole' | 'half'): Lift =>
  (build, { operands: [to, from] }) => {
    const operand = source === 'half' ? readLowerHalf(build, from) : build.readVector(from);
    build.writeVector(to, build.float(operation, format, 'v128', [operand]));
  };

/** Conversions between formats and integers. */
export const sseConversions: Readonly<Record<string, Lift>> = {
  cvtsi2ss: fromGeneral('f32'),
  cvtsi2sd: fromGeneral('f64'),
  cvtss2si: toGeneral('f32', false),
  cvtsd2si: toGeneral('f64', false),
  cvttss2si: toGeneral('f32', true),
  cvttsd2si: toGeneral('f64', true),
  cvtss2sd: toFormat('f32', 'f64'),
  cvtsd2ss: toFormat('f64', 'f32'),
  cvtdq2ps: packed('from i32', 'f32', 'whole'),
  cvtdq2pd: packed('from i32', 'f64', 'half'),
  cvtps2dq: packed('to i32', 'f32', 'whole'),
  cvttps2dq: packed('to i32 truncated', 'f32', 'whole'),
  cvtpd2dq: packed('to i32', 'f64', 'whole'),
  cvttpd2dq: packed('to i32 truncated', 'f64', 'whole'),
  cvtps2pd: packed('to f64', 'f32', 'half'),
  cvtpd2ps: packed('to f32', 'f64', 'whole'),
};
