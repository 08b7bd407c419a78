import { PE, PRECISION_MASKED, ROUNDING } from '../float/mxcsr.ts';
import { LAYOUT } from '../layout.ts';
import type { Expression, FloatFormat, FloatOperation } from '../lifted/form.ts';
import type { Callees } from './callees.ts';
import type { Code, ValueType } from './encoder.ts';
import { floatCallCode } from './float-call.ts';
import { isRounding } from './float-functions.ts';
import type { Locals } from './locals.ts';
import { ordinaryLanes, VECTOR_OPERATIONS } from './ordinary-lanes.ts';

export type FloatExpression = Expression & { readonly op: 'float' };

/** Leaves something on the stack. */
type Push = () => void;

/** Numbers of a format, their bits shifted left by one, so that the sign is gone. */
const SHIFTED = {
  f32: { integer: 'i32', shape: 'i32x4', lanes: 4, leastNormal: 2n ** 24n, infinity: 0xff00_0000n },
  f64: { integer: 'i64', shape: 'i64x2', lanes: 2, leastNormal: 2n ** 53n, infinity: 0xffe0_0000_0000_0000n },
} as const;

/** Operations whose result has lanes as wide as those of the operands. */
const LANEWISE: ReadonlySet<FloatOperation> = new Set([
  'add',
  'sub',
  'mul',
  'div',
  'sqrt',
  'min',
  'max',
  'compare',
]);

/** Predicates of `compare` where no operand is a NaN; 3 and 7 ask for NaNs only. */
const PREDICATES = ['eq', 'lt', 'le', undefined, 'ne', 'ge', 'gt', undefined] as const;

/**
 * Code for floating point of SSE. WebAssembly rounds to nearest and has no flags: its operation is taken where that is all
 * that happens on the processor, too. So the operands are no NaNs and not denormal, the result is an ordinary number, and
 * that it was rounded is a flag that is set already, as it is soon in every program. All else is called.
 */
export class FloatCode {
  /** How to leave an operand as a number, by the local that has its bits, where there is a shorter way. */
  private readonly numbers = new Map<number, Push>();

  constructor(
    private readonly code: Code,
    private readonly locals: Locals,
    private readonly ownAt: number,
    private readonly callees: Callees,
  ) {}

  /** Takes the operands’ bits and leaves those of the result. `numbers`: see `number`. */
  float(expression: FloatExpression, numbers: readonly (Push | undefined)[], giveUp: () => void): void {
    this.write(expression, numbers, giveUp, () => {});
  }

  /**
   * The same, but leaves a number, for what goes on in a vector: the way through bits takes time. `numbers`: each leaves an
   * operand as a number, where it is to be had without that way.
   */
  number(expression: FloatExpression, numbers: readonly (Push | undefined)[], giveUp: () => void): void {
    const format = expression.type === 'i64' ? 'f64' : 'f32';
    this.write(expression, numbers, giveUp, () => this.ofBits(format), format);
  }

  private write(
    expression: FloatExpression,
    numbers: readonly (Push | undefined)[],
    giveUp: () => void,
    finish: () => void,
    type: ValueType = expression.type,
  ): void {
    const { code } = this;
    const operands = expression.operands.map(({ type }) => this.locals.temporary(type));
    for (const local of [...operands].reverse()) code.set(local);
    for (const [place, push] of numbers.entries())
      if (push !== undefined) this.numbers.set(operands[place], push);
    code.block(type);
    const done = code.depth;
    if (!expression.packed || LANEWISE.has(expression.operation)) {
      code.block();
      if (expression.packed) this.vectorsInPlace(expression, operands, done, code.depth);
      else this.inPlace(expression, operands, code.depth);
      finish();
      code.branch(done);
      code.end();
    }
    this.byFunction(expression, operands, done, finish);
    for (const [place, local] of operands.entries()) {
      code.constant32(0);
      code.get(local);
      const { type } = expression.operands[place];
      if (type === 'i32') code.numeric('i64.extend_i32_u');
      code.store(type === 'v128' ? 16 : 8, this.ownAt + LAYOUT.operands + 16 * place);
    }
    code.constant32(floatCallCode(expression));
    code.callSlot(this.callees.runtime('float'));
    code.if();
    giveUp();
    code.end();
    code.constant32(0);
    code.load(
      expression.type === 'v128' ? 16 : expression.type === 'i64' ? 8 : 4,
      this.ownAt + LAYOUT.scratch,
    );
    finish();
    code.end();
    this.numbers.clear();
  }

  /** All lanes at once where all of them are ordinary, else lane by lane. */
  private vectorsInPlace(
    expression: FloatExpression,
    operands: readonly number[],
    done: number,
    otherwise: number,
  ): void {
    const { code, locals } = this;
    const operation = VECTOR_OPERATIONS.find((one) => one === expression.operation);
    if (operation !== undefined) {
      code.block();
      this.mustRoundSilently(otherwise);
      ordinaryLanes(code, locals, operation, expression.format, operands, code.depth);
      code.branch(done);
      code.end();
    }
    this.lanesInPlace(expression, operands, otherwise);
  }

  /** Lane by lane; all of them, or none. */
  private lanesInPlace(expression: FloatExpression, vectors: readonly number[], otherwise: number): void {
    const { code, locals } = this;
    const { integer, shape, lanes } = SHIFTED[expression.format];
    const result = locals.temporary('v128');
    const operands = vectors.map(() => locals.temporary(integer));
    const lane = locals.temporary(integer);
    for (let place = 0; place < lanes; place++) {
      for (const [at, vector] of vectors.entries()) {
        code.get(vector);
        code.numeric(`${shape}.extract_lane`, place);
        code.set(operands[at]);
      }
      this.inPlace(expression, operands, otherwise);
      code.set(lane);
      // Every lane is set.
      code.get(result);
      code.get(lane);
      code.numeric(`${shape}.replace_lane`, place);
      code.set(result);
    }
    code.get(result);
  }

  /** Where PE is not set yet: a function that finds out whether it is raised. Goes to the label with its result. */
  private byFunction(
    { operation, format, packed }: FloatExpression,
    operands: readonly number[],
    done: number,
    finish: () => void,
  ): void {
    const { code } = this;
    if (packed || !isRounding(operation)) return;
    const isUnknown = this.locals.temporary('i32');
    for (const local of operands) code.get(local);
    code.callSlot(this.callees.float({ operation, format }));
    code.set(isUnknown);
    finish();
    code.get(isUnknown);
    code.numeric('i32.eqz');
    code.branchIf(done);
    code.drop();
  }

  /** Leaves the result of WebAssembly, or goes to the label where that is not the processor’s. */
  private inPlace(
    { operation, format, immediate = 0 }: FloatExpression,
    [left, right]: readonly number[],
    otherwise: number,
  ): void {
    const { code } = this;
    switch (operation) {
      case 'add':
      case 'sub':
      case 'mul':
      case 'div':
        this.mustRoundSilently(otherwise);
        this.mustNotBeDenormal(format, left, otherwise);
        this.mustNotBeDenormal(format, right, otherwise);
        this.push(format, left);
        this.push(format, right);
        code.float(`${format}.${operation}`);
        this.ordinary(format, otherwise, () => {
          if (operation === 'mul' || operation === 'div') this.isZero(format, left);
          else code.constant32(1);
          if (operation !== 'mul') return;
          this.isZero(format, right);
          code.numeric('i32.or');
        });
        return;
      case 'sqrt':
        this.mustRoundSilently(otherwise);
        this.mustNotBeDenormal(format, left, otherwise);
        this.push(format, left);
        code.float(`${format}.sqrt`);
        this.ordinary(format, otherwise, () => code.constant32(1));
        return;
      case 'min':
      case 'max':
        this.mustBeNumbers(format, left, right, otherwise);
        code.get(left);
        code.get(right);
        this.comparison(format, operation === 'min' ? 'lt' : 'gt', left, right);
        code.select();
        return;
      case 'compare':
        this.compare(format, immediate, left, right, otherwise);
        return;
      case 'ucomi':
      case 'comi':
        // CF and ZF.
        this.mustBeNumbers(format, left, right, otherwise);
        this.comparison(format, 'lt', left, right);
        this.comparison(format, 'eq', left, right);
        code.constant32(6);
        code.numeric('i32.shl');
        code.numeric('i32.or');
        return;
      case 'from i32':
      case 'from i64':
        if (!(operation === 'from i32' && format === 'f64')) this.mustRoundSilently(otherwise);
        code.get(left);
        code.float(`${format}.convert_${operation === 'from i32' ? 'i32' : 'i64'}_s`);
        this.bits(format);
        return;
      case 'to f64':
        this.mustBeNumbers(format, left, left, otherwise);
        this.push(format, left);
        code.float('f64.promote_f32');
        this.bits('f64');
        return;
      case 'to f32':
        this.mustRoundSilently(otherwise);
        this.mustNotBeDenormal(format, left, otherwise);
        this.push(format, left);
        code.float('f32.demote_f64');
        this.ordinary('f32', otherwise, () => this.isZero('f64', left));
        return;
      default:
        this.toInteger(operation, format, left, otherwise);
        return;
    }
  }

  /** Goes to the label unless rounding is to nearest and that a number was rounded has no effect. */
  private mustRoundSilently(otherwise: number): void {
    const { code } = this;
    code.constant32(0);
    code.load(4, this.ownAt + LAYOUT.mxcsr);
    code.constant32(ROUNDING | PRECISION_MASKED | PE);
    code.numeric('i32.and');
    code.constant32(PRECISION_MASKED | PE);
    code.numeric('i32.ne');
    code.branchIf(otherwise);
  }

  private mustNotBeDenormal(format: FloatFormat, local: number, otherwise: number): void {
    const { code } = this;
    const { integer, leastNormal } = SHIFTED[format];
    // Less one: then zero is the largest.
    this.shifted(format, () => code.get(local));
    this.constant(format, -1n);
    code.numeric(`${integer}.add`);
    this.constant(format, leastNormal - 1n);
    code.numeric(`${integer}.lt_u`);
    code.branchIf(otherwise);
  }

  /** Neither NaNs nor denormal. */
  private mustBeNumbers(format: FloatFormat, left: number, right: number, otherwise: number): void {
    const { code } = this;
    const { integer, infinity } = SHIFTED[format];
    for (const local of new Set([left, right])) {
      this.shifted(format, () => code.get(local));
      this.constant(format, infinity);
      code.numeric(`${integer}.gt_u`);
      code.branchIf(otherwise);
      this.mustNotBeDenormal(format, local, otherwise);
    }
  }

  /**
   * Takes a number and leaves its bits; goes to the label where it is not between the least normal one and infinity. It may
   * be zero where `zeros` leaves that it is so exactly.
   */
  private ordinary(format: FloatFormat, otherwise: number, zeros: () => void): void {
    const { code } = this;
    const { integer, leastNormal, infinity } = SHIFTED[format];
    const result = this.locals.temporary(integer);
    this.bits(format);
    code.set(result);
    // The least normal one may have been rounded up, which is an underflow.
    this.shifted(format, () => code.get(result));
    this.constant(format, -(leastNormal + 1n));
    code.numeric(`${integer}.add`);
    this.constant(format, infinity - (leastNormal + 1n));
    code.numeric(`${integer}.ge_u`);
    code.if();
    this.isZero(format, result);
    zeros();
    code.numeric('i32.and');
    code.numeric('i32.eqz');
    code.branchIf(otherwise);
    code.end();
    code.get(result);
  }

  private isZero(format: FloatFormat, local: number): void {
    this.shifted(format, () => this.code.get(local));
    this.code.numeric(`${SHIFTED[format].integer}.eqz`);
  }

  private compare(
    format: FloatFormat,
    predicate: number,
    left: number,
    right: number,
    otherwise: number,
  ): void {
    const { code } = this;
    this.mustBeNumbers(format, left, right, otherwise);
    const comparison = PREDICATES[predicate];
    const { integer } = SHIFTED[format];
    this.constant(format, 0n);
    if (comparison === undefined) code.constant32(predicate >> 2);
    else this.comparison(format, comparison, left, right);
    if (integer === 'i64') code.numeric('i64.extend_i32_u');
    code.numeric(`${integer}.sub`);
  }

  private toInteger(operation: FloatOperation, format: FloatFormat, left: number, otherwise: number): void {
    const { code } = this;
    const width = operation.startsWith('to i32') ? 32 : 64;
    this.mustRoundSilently(otherwise);
    this.mustNotBeDenormal(format, left, otherwise);
    const rounded = this.locals.temporary(SHIFTED[format].integer);
    this.push(format, left);
    if (!operation.endsWith('truncated')) code.float(`${format}.nearest`);
    this.bits(format);
    code.set(rounded);
    const limit = 2 ** (width - 1);
    for (const [comparison, bound] of [
      ['ge', -limit],
      ['lt', limit],
    ] as const) {
      this.push(format, rounded);
      this.constant(format, bitsOfNumber(format, bound));
      this.ofBits(format);
      code.float(`${format}.${comparison}`);
      code.numeric('i32.eqz');
      code.branchIf(otherwise);
    }
    this.push(format, rounded);
    code.float(`i${width}.trunc_${format}_s`);
  }

  private comparison(
    format: FloatFormat,
    comparison: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge',
    left: number,
    right: number,
  ): void {
    this.push(format, left);
    this.push(format, right);
    this.code.float(`${format}.${comparison}`);
  }

  /** Leaves the number whose bits are in a local. */
  private push(format: FloatFormat, local: number): void {
    const push = this.numbers.get(local);
    if (push !== undefined) {
      push();
      return;
    }
    this.code.get(local);
    this.ofBits(format);
  }

  private ofBits(format: FloatFormat): void {
    this.code.float(format === 'f64' ? 'f64.reinterpret_i64' : 'f32.reinterpret_i32');
  }

  private bits(format: FloatFormat): void {
    this.code.float(format === 'f64' ? 'i64.reinterpret_f64' : 'i32.reinterpret_f32');
  }

  private shifted(format: FloatFormat, push: () => void): void {
    push();
    this.constant(format, 1n);
    this.code.numeric(`${SHIFTED[format].integer}.shl`);
  }

  private constant(format: FloatFormat, value: bigint): void {
    if (format === 'f64') this.code.constant64(value);
    else this.code.constant32(Number(BigInt.asIntN(32, value)));
  }
}

function bitsOfNumber(format: FloatFormat, value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (format === 'f64') {
    view.setFloat64(0, value);
    return view.getBigUint64(0);
  }
  view.setFloat32(0, value);
  return BigInt(view.getUint32(0));
}
