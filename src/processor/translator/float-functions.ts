import { PRECISION_MASKED, ROUNDING } from '../float/mxcsr.ts';
import type { FloatFormat, FloatOperation } from '../lifted/form.ts';
import type { ValueType } from './encoder.ts';
import { pushIsInexact } from './float-exactness.ts';
import { FloatWriter } from './float-writer.ts';
import type { FunctionType, ModuleBuilder } from './module.ts';

/** Operations of SSE that round, and so may raise PE. */
const ROUNDING_OPERATIONS = [
  'add',
  'sub',
  'mul',
  'div',
  'sqrt',
  'from i32',
  'from i64',
  'to i32',
  'to i64',
  'to i32 truncated',
  'to i64 truncated',
  'to f32',
] as const satisfies readonly FloatOperation[];
type RoundingOperation = (typeof ROUNDING_OPERATIONS)[number];

/** One of them on one number. */
export interface RoundingFloat {
  readonly operation: RoundingOperation;
  readonly format: FloatFormat;
}

export const isRounding = (operation: FloatOperation): operation is RoundingOperation =>
  ROUNDING_OPERATIONS.some((one) => one === operation);

type BitsType = 'i32' | 'i64';

/** Types of the bits that the operation takes, and of those that it gives. */
function typesOf({ operation, format }: RoundingFloat): { operands: readonly BitsType[]; result: BitsType } {
  const own = format === 'f32' ? 'i32' : 'i64';
  switch (operation) {
    case 'sqrt':
      return { operands: [own], result: own };
    case 'from i32':
      return { operands: ['i32'], result: own };
    case 'from i64':
      return { operands: ['i64'], result: own };
    case 'to i32':
    case 'to i32 truncated':
    case 'to f32':
      return { operands: [own], result: 'i32' };
    case 'to i64':
    case 'to i64 truncated':
      return { operands: [own], result: 'i64' };
    default:
      return { operands: [own, own], result: own };
  }
}

/**
 * `(bits…) -> (bits, i32)`: the result and 0; or 1 where only the interpreter knows it: with NaNs, infinities, denormals
 * and what comes near them, with another rounding, or where PE is not masked. Raises PE.
 */
export function floatFunctionType(scalar: RoundingFloat): FunctionType {
  const { operands, result } = typesOf(scalar);
  return { parameters: operands, results: [result, 'i32'] };
}

/** The name by which it is exported and imported. */
export const floatFunctionName = ({ operation, format }: RoundingFloat): string =>
  `float ${operation} ${format}`;

/** Adds the function of an operation to a module, and exports it. */
export function defineFloatFunction(module: ModuleBuilder, scalar: RoundingFloat, ownAt: number): void {
  const code = new FloatFunction(scalar, ownAt).write();
  module.define(floatFunctionType(scalar), LOCALS, code, floatFunctionName(scalar));
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** In which errors of products are numbers, and splitting a number does not overflow. */
const MEDIUM: Bounds = { least: 2 ** -880, most: 2 ** 900 };
const NORMAL: Readonly<Record<FloatFormat, Bounds>> = {
  f32: { least: 2 ** -126, most: (2 - 2 ** -23) * 2 ** 127 },
  f64: { least: 2 ** -1022, most: Number.MAX_VALUE },
};
/** Whole numbers up to this are doubles. */
const WHOLE_MOST = 2 ** 53 - 1;

/** Left, right, wide, result, and four temporaries, behind the parameters. */
const LOCALS: readonly ValueType[] = Array.from({ length: 8 }, () => 'f64');

class FloatFunction {
  private readonly code: FloatWriter;
  private readonly operands: readonly BitsType[];
  private readonly left: number;
  private readonly right: number;
  private readonly wide: number;
  private readonly result: number;

  constructor(
    private readonly scalar: RoundingFloat,
    ownAt: number,
  ) {
    this.code = new FloatWriter(ownAt);
    this.operands = typesOf(scalar).operands;
    const first = this.operands.length;
    [this.left, this.right, this.wide, this.result] = [first, first + 1, first + 2, first + 3];
  }

  write(): FloatWriter {
    const { code } = this;
    code.block();
    this.body();
    code.constant32(0);
    code.return();
    code.end();
    if (typesOf(this.scalar).result === 'i32') code.constant32(0);
    else code.constant64(0);
    code.constant32(1);
    return code;
  }

  /** Leaves the result on the stack. */
  private body(): void {
    const { operation } = this.scalar;
    switch (operation) {
      case 'add':
      case 'sub':
      case 'mul':
      case 'div':
      case 'sqrt':
        this.arithmetic(operation);
        break;
      case 'from i32':
      case 'from i64':
        this.fromInteger(operation === 'from i32' ? 'i32' : 'i64');
        break;
      case 'to i32':
        this.toInteger('i32', 'f64.nearest');
        break;
      case 'to i64':
        this.toInteger('i64', 'f64.nearest');
        break;
      case 'to i32 truncated':
        this.toInteger('i32', 'f64.trunc');
        break;
      case 'to i64 truncated':
        this.toInteger('i64', 'f64.trunc');
        break;
      case 'to f32':
        this.toSingle();
        break;
    }
  }

  /** Operands as doubles, each of them zero or within bounds. */
  private takeOperands(bounds: Bounds): void {
    const { code } = this;
    const locals = [this.left, this.right].slice(0, this.operands.length);
    for (const [parameter, local] of locals.entries()) {
      code.get(parameter);
      if (this.scalar.format === 'f64') code.float('f64.reinterpret_i64');
      else {
        code.float('f32.reinterpret_i32');
        code.float('f64.promote_f32');
      }
      code.set(local);
      code.requireMagnitude(local, bounds);
    }
  }

  private pushBits(format: FloatFormat, local: number): void {
    this.code.get(local);
    if (format === 'f32') this.code.float('f32.demote_f64');
    this.code.float(format === 'f32' ? 'i32.reinterpret_f32' : 'i64.reinterpret_f64');
  }

  /** Rounded to nearest, and PE may be raised. */
  private requirePlainRounding(): void {
    this.code.requireMxcsr(ROUNDING | PRECISION_MASKED, PRECISION_MASKED);
  }

  private arithmetic(operation: 'add' | 'sub' | 'mul' | 'div' | 'sqrt'): void {
    const { code, left, right, wide, result } = this;
    const { format } = this.scalar;
    const bounds = format === 'f64' ? MEDIUM : NORMAL.f32;
    this.requirePlainRounding();
    this.takeOperands(bounds);
    if (operation === 'sub') {
      code.get(right);
      code.float('f64.neg');
      code.set(right);
    }
    const computed = operation === 'sub' ? 'add' : operation;
    code.get(left);
    if (computed !== 'sqrt') code.get(right);
    code.float(`f64.${computed}`);
    code.set(wide);
    // What is invalid or a division by zero is no number here.
    code.requireMagnitude(wide, bounds);
    if (computed === 'mul' || computed === 'div') this.requireNotVanished(computed);
    this.round(format);
    const temporaries = [result + 1, result + 2, result + 3, result + 4] as const;
    code.raisePrecision(() =>
      pushIsInexact(code, computed, format, { left, right, wide, result, temporaries }),
    );
    this.pushBits(format, result);
  }

  /** A zero must come of a zero. */
  private requireNotVanished(operation: 'mul' | 'div'): void {
    const { code } = this;
    const isZero = (local: number, comparison: 'f64.eq' | 'f64.ne'): void => {
      code.get(local);
      code.constantDouble(0);
      code.float(comparison);
    };
    isZero(this.wide, 'f64.ne');
    isZero(this.left, 'f64.eq');
    code.numeric('i32.or');
    if (operation === 'mul') {
      isZero(this.right, 'f64.eq');
      code.numeric('i32.or');
    }
    code.require();
  }

  /** From `wide` to `result`. */
  private round(format: FloatFormat): void {
    const { code } = this;
    code.get(this.wide);
    if (format === 'f32') {
      code.float('f32.demote_f64');
      code.float('f64.promote_f32');
    }
    code.set(this.result);
    if (format === 'f32') code.requireMagnitude(this.result, NORMAL.f32);
  }

  private fromInteger(type: 'i32' | 'i64'): void {
    const { code, wide, result } = this;
    const { format } = this.scalar;
    code.get(0);
    code.float(`f64.convert_${type}_s`);
    code.set(wide);
    code.requireMagnitude(wide, { least: 1, most: WHOLE_MOST });
    if (format === 'f32') {
      this.requirePlainRounding();
      this.round('f32');
      code.raisePrecision(() => code.onLocals('f64.ne', wide, result));
    }
    this.pushBits(format, format === 'f32' ? result : wide);
  }

  private toInteger(type: 'i32' | 'i64', rounding: 'f64.nearest' | 'f64.trunc'): void {
    const { code, left, result } = this;
    this.requirePlainRounding();
    this.takeOperands(NORMAL[this.scalar.format]);
    code.get(left);
    code.float(rounding);
    code.set(result);
    code.requireMagnitude(result, { least: 1, most: type === 'i32' ? 2 ** 31 - 1 : 2 ** 62 });
    code.raisePrecision(() => code.onLocals('f64.ne', left, result));
    code.get(result);
    code.float(`${type}.trunc_f64_s`);
  }

  private toSingle(): void {
    const { code, left, wide, result } = this;
    this.requirePlainRounding();
    this.takeOperands(NORMAL.f32);
    code.get(left);
    code.set(wide);
    this.round('f32');
    code.raisePrecision(() => code.onLocals('f64.ne', left, result));
    this.pushBits('f32', result);
  }
}
