import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Draws } from '../../../src/kernel/draw.ts';
import {
  arctangentOf,
  powerLessOne,
  timesLogarithm,
  timesLogarithmOfOneMore,
  trigonometric,
} from '../../../src/processor/x87/transcendental.ts';
import { holds, runs } from '../../support/many.ts';
import { extendedOf, numberOf } from './doubles.ts';
import { drawStart } from './draw-start.ts';
import { type End, REGISTERS_AT, type Start, stateText } from './machine-state.ts';
import { Modelled } from './run-modelled.ts';
import { canRunNatively, runNatively } from './run-native.ts';

const FILE = 'test/processor/x87/transcendental.test.ts';
const CONTROL = 0x37f;

const INSTRUCTIONS = [
  { name: 'f2xm1', bytes: [0xd9, 0xf0] },
  { name: 'fyl2x', bytes: [0xd9, 0xf1] },
  { name: 'fptan', bytes: [0xd9, 0xf2] },
  { name: 'fpatan', bytes: [0xd9, 0xf3] },
  { name: 'fyl2xp1', bytes: [0xd9, 0xf9] },
  { name: 'fsincos', bytes: [0xd9, 0xfb] },
  { name: 'fsin', bytes: [0xd9, 0xfe] },
  { name: 'fcos', bytes: [0xd9, 0xff] },
];

/** Half of the cases have numbers of usual size on top of the stack, with all exceptions masked. */
function startOf(name: string, index: number): Start {
  const start = drawStart(name, 'none', index);
  const draws = new Draws(20260101n, `${name}, usual`, index);
  const view = new DataView(start.state.buffer);
  view.setUint16(0, view.getUint16(0, true) | 0x3f, true);
  if (draws.chance(500)) return start;
  for (const register of [0, 1]) {
    const at = REGISTERS_AT + 10 * register;
    view.setUint8(at + 7, view.getUint8(at + 7) | 0x80);
    const isPositive = name === 'fyl2x' && register === 0;
    // FYL2XP1 is defined near zero only.
    const exponent = name === 'fyl2xp1' ? 16381 - draws.below(70) : 16383 - 12 + draws.below(16);
    view.setUint16(at + 8, exponent | (isPositive ? 0 : draws.below(2) << 15), true);
  }
  return start;
}

const encoding = (state: Uint8Array, register: number): { high: number; low: bigint } => {
  const view = new DataView(state.buffer, state.byteOffset);
  const at = REGISTERS_AT + 10 * register;
  return { high: view.getUint16(at + 8, true), low: view.getBigUint64(at, true) };
};

/** Units in the last place between two results, by their encodings. */
function distance(left: { high: number; low: bigint }, right: { high: number; low: bigint }): bigint {
  if (left.high >> 15 !== right.high >> 15) return 1n << 80n;
  const order = ({ high, low }: { high: number; low: bigint }): bigint =>
    (BigInt(high & 0x7fff) << 63n) + BigInt.asUintN(63, low);
  const difference = order(left) - order(right);
  return difference < 0n ? -difference : difference;
}

/** TOP, C2 and the exceptions that do not tell of rounding; and tags. */
const words = ({ state }: End): string => {
  const view = new DataView(state.buffer, state.byteOffset);
  return `status ${(view.getUint16(4, true) & 0x3c4f).toString(16)} tags ${view.getUint16(8, true).toString(16)}`;
};

/** What is not the same but for a unit in the last place. */
function difference(expected: End, got: End): string | undefined {
  if (words(expected) !== words(got)) return 'words';
  for (let register = 0; register < 8; register++) {
    const [left, right] = [expected, got].map(({ state }) => encoding(state, register));
    if (distance(left, right) > 1n) return `ST(${register})`;
  }
  return undefined;
}

const isDefined = ({ name }: { name: string }, { state }: Start): boolean => {
  const { high } = encoding(state, 0);
  const exponent = high & 0x7fff;
  if (name === 'f2xm1') return exponent < 16383;
  return name !== 'fyl2xp1' || exponent < 16381 || exponent === 0x7fff;
};

/** Where the library of JavaScript rounds well. */
const usual = fc.double({ min: -30, max: 30, noNaN: true }).filter((x) => Math.abs(x) > 1e-5);
const positive = fc.double({ min: 1e-5, max: 1e5, noNaN: true });

const isNear = (got: number, expected: number): boolean =>
  Math.abs(got - expected) <= Math.abs(expected) * 2 ** -49 + Number.MIN_VALUE;

describe('transcendental instructions', () => {
  it('are near to what JavaScript gives', () => {
    holds(
      fc.property(
        usual,
        usual,
        positive,
        fc.double({ min: -0.25, max: 0.25, noNaN: true }),
        (x, y, p, small) => {
          const functions = trigonometric(extendedOf(x), CONTROL);
          expect(isNear(numberOf(functions!.sine.value), Math.sin(x))).toBe(true);
          expect(isNear(numberOf(functions!.cosine.value), Math.cos(x))).toBe(true);
          expect(isNear(numberOf(functions!.tangent.value), Math.tan(x))).toBe(true);
          expect(
            isNear(numberOf(arctangentOf(extendedOf(y), extendedOf(x), CONTROL).value), Math.atan2(y, x)),
          ).toBe(true);
          const power = powerLessOne(extendedOf(x / 64), CONTROL).value;
          expect(isNear(numberOf(power), Math.expm1((x / 64) * Math.LN2))).toBe(true);
          const logarithm = timesLogarithm(extendedOf(p), extendedOf(Math.LN2), CONTROL).value;
          expect(isNear(numberOf(logarithm), Math.log(p))).toBe(true);
          const oneMore = timesLogarithmOfOneMore(extendedOf(small), extendedOf(Math.LN2), CONTROL).value;
          expect(isNear(numberOf(oneMore), Math.log1p(small))).toBe(true);
        },
      ),
      200,
      FILE,
    );
  });

  it.runIf(canRunNatively())(
    'are within a unit in the last place of what the processor of this machine makes of them',
    () => {
      const cases = INSTRUCTIONS.flatMap((instruction, at) =>
        Array.from({ length: runs(200) }, (_, index) => ({
          ...instruction,
          at,
          start: startOf(instruction.name, index),
        })),
      ).filter((one) => isDefined(one, one.start));
      const native = runNatively(cases);
      const model = new Modelled(INSTRUCTIONS);
      const differences = cases
        .map(({ name, at, start }, index) => {
          const got = model.run(at, start);
          return {
            name,
            where: difference(native[index], got),
            start: stateText(start.state),
            expected: stateText(native[index].state),
            got: stateText(got.state),
          };
        })
        .filter(({ where }) => where !== undefined);
      expect(differences.slice(0, 10)).toEqual([]);
    },
  );
});
