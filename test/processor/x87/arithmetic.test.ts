import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arithmetic,
  integerRoot,
  roundedToInteger,
  squareRoot,
} from '../../../src/processor/x87/arithmetic.ts';
import { C0, C3, compared, UNORDERED } from '../../../src/processor/x87/comparison.ts';
import {
  BINARY32,
  BINARY64,
  fromBinary,
  fromDecimal,
  fromInteger,
  toBinary,
  toDecimal,
  toInteger,
} from '../../../src/processor/x87/conversions.ts';
import {
  bitLength,
  EXPONENT_MAX,
  type Extended,
  INTEGER_BIT,
  kindOf,
} from '../../../src/processor/x87/extended.ts';
import { remainderOf } from '../../../src/processor/x87/remainder.ts';
import { PRECISION } from '../../../src/processor/x87/rounding.ts';
import { extracted, scaled } from '../../../src/processor/x87/scaling.ts';
import { holds } from '../../support/many.ts';
import { extendedOf, numberOf } from './doubles.ts';

const FILE = 'test/processor/x87/arithmetic.test.ts';
/** To nearest, with 64 bits, and with 53. */
const EXTENDED = 0x37f;
const DOUBLE = 0x27f;
/** The same with 64 bits to each other direction. */
const DOWN = 0x77f;
const UP = 0xb7f;

/** Numbers whose sums, products and quotients are normal in 64 bits. */
const middling = fc
  .tuple(fc.double({ min: 1, max: 2, noNaN: true }), fc.integer({ min: -200, max: 200 }), fc.boolean())
  .map(([fraction, exponent, negative]) => (negative ? -1 : 1) * fraction * 2 ** exponent);

const finite = fc
  .record({
    negative: fc.boolean(),
    exponent: fc.integer({ min: 1, max: EXPONENT_MAX - 1 }),
    significand: fc.bigInt({ min: INTEGER_BIT, max: 2n * INTEGER_BIT - 1n }),
  })
  .map((value): Extended => value);

const sameNumber = (got: Extended, expected: number): void => expect(numberOf(got)).toBe(expected);

describe('numbers of 80 bits', () => {
  it('round to 53 bits as JavaScript does', () => {
    holds(
      fc.property(middling, middling, (x, y) => {
        const [left, right] = [extendedOf(x), extendedOf(y)];
        sameNumber(arithmetic('add', left, right, DOUBLE).value, x + y);
        sameNumber(arithmetic('sub', left, right, DOUBLE).value, x - y);
        sameNumber(arithmetic('subr', left, right, DOUBLE).value, y - x);
        sameNumber(arithmetic('mul', left, right, DOUBLE).value, x * y);
        sameNumber(arithmetic('div', left, right, DOUBLE).value, x / y);
        sameNumber(arithmetic('divr', left, right, DOUBLE).value, y / x);
        sameNumber(squareRoot(extendedOf(Math.abs(x)), DOUBLE).value, Math.sqrt(Math.abs(x)));
      }),
      2000,
      FILE,
    );
  });

  it('lie between what rounding down and up give, which differ where the result is inexact', () => {
    holds(
      fc.property(
        finite,
        finite,
        fc.constantFrom('add', 'sub', 'mul', 'div' as const),
        (left, right, operation) => {
          const [down, nearest, up] = [DOWN, EXTENDED, UP].map((control) =>
            arithmetic(operation, left, right, control),
          );
          const order = [down, up].map(({ value }) => compared(value, nearest.value, true).value);
          expect([C0, C3]).toContain(order[0]);
          expect([0, C3]).toContain(order[1]);
          const isExact = (nearest.exceptions & PRECISION) === 0;
          expect(compared(down.value, up.value, true).value).toBe(isExact ? C3 : C0);
        },
      ),
      1000,
      FILE,
    );
  });

  it('are what the exact sum is, where it fits', () => {
    holds(
      fc.property(fc.bigInt(-(2n ** 62n), 2n ** 62n), fc.bigInt(-(2n ** 62n), 2n ** 62n), (x, y) => {
        const sum = arithmetic('add', fromInteger(x), fromInteger(y), EXTENDED);
        expect(toInteger(sum.value, 64, EXTENDED)).toEqual({ value: x + y, exceptions: 0, roundedUp: false });
      }),
      500,
      FILE,
    );
  });

  it('come back from every format that holds them', () => {
    holds(
      fc.property(
        fc.bigInt(0n, 2n ** 64n - 1n),
        fc.bigInt(0n, 10n ** 18n - 1n),
        fc.boolean(),
        (bits, whole, negative) => {
          const wide = fromBinary(bits, BINARY64);
          if (kindOf(wide) !== 'signaling') expect(toBinary(wide, BINARY64, EXTENDED).value).toBe(bits);
          const narrow = fromBinary(bits >> 32n, BINARY32);
          if (kindOf(narrow) !== 'signaling')
            expect(toBinary(narrow, BINARY32, EXTENDED).value).toBe(bits >> 32n);
          const signed = BigInt.asIntN(64, bits);
          expect(toInteger(fromInteger(signed), 64, EXTENDED).value).toBe(signed);
          const decimal = BigInt(
            `0x${negative ? '8000' : '0000'}${whole.toString().padStart(18, '0').slice(-16)}`,
          );
          expect(toDecimal(fromDecimal(decimal), EXTENDED).value).toBe(decimal);
        },
      ),
      1000,
      FILE,
    );
  });

  it('are rounded to whole numbers as JavaScript does', () => {
    holds(
      fc.property(fc.double({ min: -1e17, max: 1e17, noNaN: true }), (x) => {
        sameNumber(roundedToInteger(extendedOf(x), DOWN).value, Math.floor(x));
        sameNumber(roundedToInteger(extendedOf(x), UP).value, Math.ceil(x));
        sameNumber(roundedToInteger(extendedOf(x), 0xf7f).value, Math.trunc(x));
      }),
      500,
      FILE,
    );
  });

  it('have the remainder of JavaScript, by as many steps as it takes', () => {
    holds(
      fc.property(middling, middling, (x, y) => {
        let value = extendedOf(x);
        for (let steps = 0; ; steps++) {
          expect(steps).toBeLessThan(20);
          const { remainder, isPartial } = remainderOf(value, extendedOf(y), false, EXTENDED).value;
          value = remainder;
          if (!isPartial) break;
        }
        sameNumber(value, x % y);
      }),
      500,
      FILE,
    );
  });

  it('are put together again from exponent and significand', () => {
    holds(
      fc.property(finite, (value) => {
        const { exponent, significand } = extracted(value).value;
        expect(scaled(significand, exponent, EXTENDED).value).toEqual(value);
      }),
      300,
      FILE,
    );
  });

  it('are ordered as JavaScript orders them', () => {
    const any = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, -1));
    holds(
      fc.property(any, any, (x, y) => {
        const expected = Number.isNaN(x) || Number.isNaN(y) ? UNORDERED : x === y ? C3 : x < y ? C0 : 0;
        expect(compared(extendedOf(x), extendedOf(y), true).value).toBe(expected);
      }),
      500,
      FILE,
    );
  });

  it('rest on a length and a root of whole numbers that are right', () => {
    holds(
      fc.property(fc.bigInt(1n, 2n ** 600n), (value) => {
        expect(bitLength(value)).toBe(value.toString(2).length);
        const root = integerRoot(value);
        expect(root * root <= value && (root + 1n) * (root + 1n) > value).toBe(true);
      }),
      500,
      FILE,
    );
    for (let power = 1; power < 700; power++) {
      expect(bitLength(2n ** BigInt(power))).toBe(power + 1);
      expect(bitLength(2n ** BigInt(power) - 1n)).toBe(power);
    }
  });
});
