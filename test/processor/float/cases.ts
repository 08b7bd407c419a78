import fc from 'fast-check';
import type { FloatFormat, FloatOperation } from '../../../src/processor/lifted/form.ts';

export interface FloatCase {
  readonly operation: FloatOperation;
  readonly format: FloatFormat;
  readonly immediate?: number;
  readonly mxcsr: number;
  readonly left: bigint;
  readonly right: bigint;
}

type Named = Pick<FloatCase, 'operation' | 'format' | 'immediate'>;

const inBoth = (operation: FloatOperation, immediate?: number): Named[] =>
  (['f32', 'f64'] as const).map((format) => ({
    operation,
    format,
    ...(immediate !== undefined && { immediate }),
  }));

/** In the order of `native-float.c`. */
export const OPERATIONS: readonly Named[] = [
  ...(['add', 'sub', 'mul', 'div', 'sqrt', 'min', 'max'] as const).flatMap((one) => inBoth(one)),
  ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((predicate) => inBoth('compare', predicate)),
  ...(
    [
      'ucomi',
      'comi',
      'from i32',
      'from i64',
      'to i32',
      'to i64',
      'to i32 truncated',
      'to i64 truncated',
    ] as const
  ).flatMap((one) => inBoth(one)),
  { operation: 'to f32', format: 'f64' },
  { operation: 'to f64', format: 'f32' },
];

const bits64 = (value: number): bigint => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
};
const bits32 = (value: number): bigint => {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return BigInt(view.getUint32(0));
};

const NUMBERS = [
  0,
  1,
  1.5,
  3,
  0.1,
  0.5,
  2.5,
  2 ** 31,
  2 ** 31 - 0.5,
  2 ** 52 + 1,
  2 ** 63,
  2 ** 62,
  1e300,
  1e-310,
];

/** Numbers where something changes: denormals, limits, NaNs of both kinds with something in them. */
const SPECIAL: Readonly<Record<FloatFormat, readonly bigint[]>> = {
  f32: [
    ...NUMBERS.map(bits32),
    ...[0x1n, 0x2n, 0x400000n, 0x7fffffn, 0x800000n, 0x800001n, 0x1000000n],
    ...[0x7f7fffffn, 0x7f800000n, 0x7f800001n, 0x7fa00123n, 0x7fc00000n, 0x7fc00456n, 0x7fffffffn],
    ...[0x4effffffn, 0x5effffffn, 0x3f000001n, 0x3effffffn, 0x3f7fffffn, 0x33800000n],
  ],
  f64: [
    ...NUMBERS.map(bits64),
    ...[0x1n, 0x2n, 0x8000000000000n, 0xfffffffffffffn, 0x10000000000000n, 0x10000000000001n],
    ...[0x7fefffffffffffffn, 0x7ff0000000000000n, 0x7ff0000000000001n, 0x7ff4000000000123n],
    ...[0x7ff8000000000000n, 0x7ff8000000000456n, 0x7fffffffffffffffn, 0x3fdfffffffffffffn],
    // Where singles begin, end, and become denormal.
    ...[0x36a0000000000000n, 0x3690000000000000n, 0x380fffffffffffffn, 0x380fffffe0000000n],
    ...[0x380fffffefffffffn, 0x47efffffefffffffn, 0x47effffff0000000n, 0x7ff0000010000000n],
    ...[0x41dfffffffc00000n, 0x41dfffffffe00000n, 0xc1e0000000000000n, 0xc1e0000000100000n],
    ...[0x43dfffffffffffffn, 0x43e0000000000000n, 0x3ff0000000000001n, 0x3ca0000000000000n],
  ],
};

export function anyBits(format: FloatFormat): fc.Arbitrary<bigint> {
  const width = format === 'f32' ? 32n : 64n;
  const fraction = format === 'f32' ? 23n : 52n;
  const bias = format === 'f32' ? 127n : 1023n;
  const sign = 1n << (width - 1n);
  const any = fc.bigInt({ min: 0n, max: (1n << width) - 1n });
  const part = fc.bigInt({ min: 0n, max: (1n << fraction) - 1n });
  const withExponent = (min: bigint, max: bigint): fc.Arbitrary<bigint> =>
    fc
      .tuple(fc.bigInt({ min, max }), part, fc.boolean())
      .map(
        ([exponent, significand, isNegative]) =>
          (isNegative ? sign : 0n) | (exponent << fraction) | significand,
      );
  return fc.oneof(
    any,
    {
      arbitrary: fc
        .tuple(fc.constantFrom(...SPECIAL[format]), fc.boolean())
        .map(([bits, isNegative]) => (isNegative ? bits ^ sign : bits)),
      weight: 4,
    },
    { arbitrary: withExponent(bias - 3n, bias + 3n), weight: 2 },
    withExponent(0n, 3n),
    withExponent(2n * bias - 2n, 2n * bias),
    withExponent(bias / 2n - 15n, bias / 2n + 2n),
    withExponent(bias + 20n, bias + 70n),
    fc.integer({ min: -1000, max: 1000 }).map(format === 'f32' ? bits32 : bits64),
  );
}

const anyInteger = (widthBits: number): fc.Arbitrary<bigint> =>
  fc.oneof(
    fc.bigInt({ min: 0n, max: (1n << BigInt(widthBits)) - 1n }),
    fc
      .tuple(fc.integer({ min: 0, max: widthBits - 1 }), fc.integer({ min: -3, max: 3 }))
      .map(([power, more]) => BigInt.asUintN(widthBits, (1n << BigInt(power)) + BigInt(more))),
  );

/** All roundings, denormals as zeros, flushing to zero, and flags that are set before. */
const anyMxcsr: fc.Arbitrary<number> = fc
  .tuple(
    fc.constantFrom(0, 0, 0, 0x2000, 0x4000, 0x6000),
    fc.constantFrom(0, 0, 0x40),
    fc.constantFrom(0, 0, 0x8000),
    fc.constantFrom(0, 0, 0x2d),
  )
  .map((parts) => parts.reduce((sum, part) => sum | part, 0x1f80));

export const anyCase: fc.Arbitrary<FloatCase> = fc.constantFrom(...OPERATIONS).chain((named) => {
  const operand =
    named.operation === 'from i32'
      ? anyInteger(32)
      : named.operation === 'from i64'
        ? anyInteger(64)
        : anyBits(named.format);
  return fc
    .tuple(anyMxcsr, operand, operand)
    .map(([mxcsr, left, right]) => ({ ...named, mxcsr, left, right }));
});

/** A case as a line for `native-float.c`. */
export const lineOf = ({ operation, format, immediate, mxcsr, left, right }: FloatCase): string => {
  const place = OPERATIONS.findIndex(
    (one) => one.operation === operation && one.format === format && one.immediate === immediate,
  );
  return [place, mxcsr, left, right].map((number) => number.toString(16)).join(' ');
};

/** The case of a line, which may go on with its result. */
export function caseOf(line: string): FloatCase {
  const [place, mxcsr, left, right] = line.split(' ').map((digits) => BigInt(`0x${digits}`));
  return { ...OPERATIONS[Number(place)], mxcsr: Number(mxcsr), left, right };
}
