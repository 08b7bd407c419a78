import type { Operand } from '../instruction.ts';
import type { Expression, Width } from '../lifted/form.ts';
import { type Builder, constant, i64, type Lift, numeric } from './builder.ts';
import { widthOf } from './integer-operands.ts';

/** Both halves of a product, by name; `overflow` is not zero where the upper half says more than the lower one. */
interface Product {
  readonly low: Expression;
  readonly high: Expression;
  readonly overflow: Expression;
}

/** Numbers of 8 and 16 bits: the product fits an i32. */
function narrowProduct(
  build: Builder,
  width: 8 | 16,
  isSigned: boolean,
  left: Expression,
  right: Expression,
): Product {
  const wide = (value: Expression): Expression => (isSigned ? build.signed(width, value) : value);
  const product = build.let(numeric('i32.mul', [wide(left), wide(right)]));
  const low = build.let(build.truncated(width, product));
  const high = build.let(
    build.truncated(width, numeric('i32.shr_u', [product, constant(32, BigInt(width))])),
  );
  const fits = isSigned ? build.signed(width, low) : low;
  return { low, high, overflow: numeric('i32.xor', [product, fits]) };
}

/** Numbers of 32 bits: the product fits an i64. */
function doubleProduct(build: Builder, isSigned: boolean, left: Expression, right: Expression): Product {
  const extended = isSigned ? 'i64.extend_i32_s' : 'i64.extend_i32_u';
  const product = build.let(numeric('i64.mul', [numeric(extended, [left]), numeric(extended, [right])]));
  const low = build.let(numeric('i32.wrap_i64', [product]));
  const high = build.let(numeric('i32.wrap_i64', [numeric('i64.shr_u', [product, i64(32n)])]));
  const spread = isSigned ? numeric('i32.shr_s', [low, constant(32, 31n)]) : constant(32, 0n);
  return { low, high, overflow: numeric('i32.xor', [high, spread]) };
}

/** Numbers of 64 bits: by their halves of 32 (Hacker's Delight, section 8-2). */
function quadProduct(build: Builder, isSigned: boolean, left: Expression, right: Expression): Product {
  const half = i64(0xffffffffn);
  const lowerOf = (value: Expression): Expression => build.let(numeric('i64.and', [value, half]));
  const upperOf = (value: Expression): Expression => build.let(numeric('i64.shr_u', [value, i64(32n)]));
  const times = (one: Expression, other: Expression): Expression => numeric('i64.mul', [one, other]);
  const plus = (one: Expression, other: Expression): Expression => numeric('i64.add', [one, other]);
  const [leftLower, leftUpper] = [lowerOf(left), upperOf(left)];
  const [rightLower, rightUpper] = [lowerOf(right), upperOf(right)];
  const first = build.let(plus(times(leftUpper, rightLower), upperOf(times(leftLower, rightLower))));
  const second = build.let(plus(times(leftLower, rightUpper), lowerOf(first)));
  const unsigned = plus(times(leftUpper, rightUpper), plus(upperOf(first), upperOf(second)));
  const low = build.let(times(left, right));
  const sign = (value: Expression): Expression => numeric('i64.shr_s', [value, i64(63n)]);
  if (!isSigned) {
    const high = build.let(unsigned);
    return { low, high, overflow: high };
  }
  // A negative number was taken for one that is greater by 2^64.
  const tooMuch = plus(numeric('i64.and', [sign(left), right]), numeric('i64.and', [sign(right), left]));
  const high = build.let(numeric('i64.sub', [unsigned, tooMuch]));
  return { low, high, overflow: numeric('i64.xor', [high, sign(low)]) };
}

function productOf(
  build: Builder,
  width: Width,
  isSigned: boolean,
  left: Expression,
  right: Expression,
): Product {
  if (width === 64) return quadProduct(build, isSigned, left, right);
  if (width === 32) return doubleProduct(build, isSigned, left, right);
  return narrowProduct(build, width, isSigned, left, right);
}

const recordProduct = (build: Builder, width: Width, { low, overflow }: Product): void =>
  build.recordFlags('mul', width, constant(width, 0n), overflow, low);

const PAIRS: Readonly<Record<16 | 32 | 64, readonly [low: string, high: string]>> = {
  16: ['ax', 'dx'],
  32: ['eax', 'edx'],
  64: ['rax', 'rdx'],
};

/** The accumulator times the operand, to the accumulator and the data register; of bytes, to ax. */
const multiply =
  (isSigned: boolean): Lift =>
  (build, { operands: [operand] }) => {
    const width = widthOf(operand);
    const [lower, upper] = width === 8 ? ['al', 'ah'] : PAIRS[width];
    const right = build.let(build.read(operand, width));
    const left = build.let(build.general(lower));
    const product = productOf(build, width, isSigned, left, right);
    build.setGeneral(lower, product.low);
    build.setGeneral(upper, product.high);
    recordProduct(build, width, product);
  };

const multiplyTo = (build: Builder, destination: Operand, first: Operand, second: Operand): void => {
  const width = widthOf(destination);
  const left = build.let(build.read(first, width));
  const right = build.let(build.read(second, width));
  const product = productOf(build, width, true, left, right);
  build.write(destination, width, product.low);
  recordProduct(build, width, product);
};

const multiplySigned: Lift = (build, instruction) => {
  const [destination, first, second] = instruction.operands;
  if (first === undefined) multiply(true)(build, instruction);
  else if (second === undefined) multiplyTo(build, destination, destination, first);
  else multiplyTo(build, destination, first, second);
};

export const multiplyLifts: Readonly<Record<string, Lift>> = {
  mul: multiply(false),
  imul: multiplySigned,
};
