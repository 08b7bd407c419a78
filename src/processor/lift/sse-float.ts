import type { FloatFormat, FloatOperation } from '../lifted/form.ts';
import { ARITHMETIC_FLAGS } from '../registers.ts';
import { type Lift, numeric } from './builder.ts';
import {
  immediateByte,
  lowestLane,
  readScalar,
  scalarType,
  withLowestLane,
  writeLowestLane,
  ZEROS,
} from './sse-operands.ts';

/** All lanes of destination and source. */
const packed =
  (operation: FloatOperation, format: FloatFormat): Lift =>
  (build, { operands: [to, from, immediate] }) => {
    const operands = [build.readVector(to), build.readVector(from)];
    const predicate = immediate === undefined ? undefined : immediateByte(immediate) & 7;
    build.writeVector(to, build.float(operation, format, 'v128', operands, predicate));
  };

/** The lowest lane of destination and source; the others of the destination stay. */
const scalar =
  (operation: FloatOperation, format: FloatFormat): Lift =>
  (build, { operands: [to, from, immediate] }) => {
    const operands = [lowestLane(format, build.readVector(to)), readScalar(build, from, format)];
    const predicate = immediate === undefined ? undefined : immediateByte(immediate) & 7;
    const result = build.float(operation, format, scalarType(format), operands, predicate);
    writeLowestLane(build, to, format, result);
  };

/** COMISS and the like: ZF, PF and CF; the other flags are cleared. */
const toFlags =
  (operation: 'comi' | 'ucomi', format: FloatFormat): Lift =>
  (build, { operands: [left, right] }) => {
    const operands = [readScalar(build, left, format), readScalar(build, right, format)];
    build.setFlags(build.float(operation, format, 'i32', operands), ARITHMETIC_FLAGS);
  };

const packedRoot =
  (format: FloatFormat): Lift =>
  (build, { operands: [to, from] }) =>
    build.writeVector(to, build.float('sqrt', format, 'v128', [build.readVector(from)]));

const scalarRoot =
  (format: FloatFormat): Lift =>
  (build, { operands: [to, from] }) => {
    const root = build.float('sqrt', format, scalarType(format), [readScalar(build, from, format)]);
    writeLowestLane(build, to, format, root);
  };

const scalarEstimate =
  (helper: string): Lift =>
  (build, { operands: [to, from] }) =>
    writeLowestLane(build, to, 'f32', build.call('i32', helper, readScalar(build, from, 'f32')));

const packedEstimate =
  (helper: string): Lift =>
  (build, { operands: [to, from] }) => {
    const source = build.let(build.readVector(from));
    const estimate = (lane: number) =>
      build.call('i32', helper, numeric('i32x4.extract_lane', [source], lane));
    const result = [1, 2, 3].reduce(
      (vector, lane) => numeric('i32x4.replace_lane', [vector, estimate(lane)], lane),
      withLowestLane('f32', ZEROS, estimate(0)),
    );
    build.writeVector(to, result);
  };

/** The four mnemonics of an operation. */
const fourOf = (operation: FloatOperation, stem: string): Readonly<Record<string, Lift>> => ({
  [`${stem}ps`]: packed(operation, 'f32'),
  [`${stem}pd`]: packed(operation, 'f64'),
  [`${stem}ss`]: scalar(operation, 'f32'),
  [`${stem}sd`]: scalar(operation, 'f64'),
});

/** Arithmetic and comparisons in binary32 and binary64. */
export const sseFloat: Readonly<Record<string, Lift>> = {
  ...fourOf('add', 'add'),
  ...fourOf('sub', 'sub'),
  ...fourOf('mul', 'mul'),
  ...fourOf('div', 'div'),
  ...fourOf('min', 'min'),
  ...fourOf('max', 'max'),
  ...fourOf('compare', 'cmp'),
  sqrtps: packedRoot('f32'),
  sqrtpd: packedRoot('f64'),
  sqrtss: scalarRoot('f32'),
  sqrtsd: scalarRoot('f64'),
  rcpps: packedEstimate('sse.estimated reciprocal'),
  rcpss: scalarEstimate('sse.estimated reciprocal'),
  rsqrtps: packedEstimate('sse.estimated reciprocal root'),
  rsqrtss: scalarEstimate('sse.estimated reciprocal root'),
  comiss: toFlags('comi', 'f32'),
  comisd: toFlags('comi', 'f64'),
  ucomiss: toFlags('ucomi', 'f32'),
  ucomisd: toFlags('ucomi', 'f64'),
};
