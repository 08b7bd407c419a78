import type { Helper, Helpers } from '../helpers.ts';
import type { Processor } from '../processor.ts';
import { C2 } from './comparison.ts';
import { BIAS, type Extended, INDEFINITE, INTEGER_BIT, isNotANumber, kindOf } from './extended.ts';
import { finish, replaceByTwo, underflow } from './results.ts';
import { exact, type Outcome } from './rounding.ts';
import { X87 } from './state.ts';
import {
  arctangentOf,
  powerLessOne,
  type Trigonometric,
  timesLogarithm,
  timesLogarithmOfOneMore,
  trigonometric,
} from './transcendental.ts';

const ONE: Extended = { negative: false, exponent: BIAS, significand: INTEGER_BIT };

/** Of ST(0) and ST(1), whose place the result takes before the stack is popped. */
const ofTwo =
  (operation: (top: Extended, next: Extended, control: number) => Outcome<Extended>): Helper =>
  (processor: Processor): undefined => {
    const x87 = new X87(processor);
    if (x87.isEmpty(0) || x87.isEmpty(1)) underflow(x87, 1, 1);
    else finish(x87, 1, operation(x87.get(0), x87.get(1), x87.control), 1);
  };

/** Of an angle in ST(0); C2 says that it is out of range, and stays. */
const ofAngle =
  (result: (functions: Trigonometric) => Outcome<Extended>): Helper =>
  (processor: Processor): undefined => {
    const x87 = new X87(processor);
    x87.setConditionCodes(0, C2);
    if (x87.isEmpty(0)) return underflow(x87, 0);
    const functions = trigonometric(x87.get(0), x87.control);
    if (functions === undefined) x87.setConditionCodes(C2, C2);
    else finish(x87, 0, result(functions));
  };

/** The same with a second result that is pushed. */
const ofAngleTwice =
  (
    first: (functions: Trigonometric) => Outcome<Extended>,
    second: (functions: Trigonometric) => Outcome<Extended>,
  ): Helper =>
  (processor: Processor): undefined => {
    const x87 = new X87(processor);
    x87.setConditionCodes(0, C2);
    if (x87.isEmpty(0) || !x87.hasRoom()) {
      const isAllowed = x87.isEmpty(0) ? x87.underflow() : x87.overflow();
      if (isAllowed) replaceByTwo(x87, INDEFINITE, INDEFINITE);
      return;
    }
    const functions = trigonometric(x87.get(0), x87.control);
    if (functions === undefined) {
      x87.setConditionCodes(C2, C2);
      return;
    }
    const results = [first(functions), second(functions)];
    const exceptions = results[0].exceptions | results[1].exceptions;
    if (x87.raise(exceptions, results[0].roundedUp)) replaceByTwo(x87, results[0].value, results[1].value);
  };

/** FPTAN pushes a one, but behind a NaN that NaN. */
const oneBehind = ({ tangent }: Trigonometric): Outcome<Extended> =>
  isNotANumber(kindOf(tangent.value)) ? exact(tangent.value) : exact(ONE);

export const transcendentalHelpers: Helpers = {
  'x87.2xm1': (processor: Processor): undefined => {
    const x87 = new X87(processor);
    if (x87.isEmpty(0)) underflow(x87, 0);
    else finish(x87, 0, powerLessOne(x87.get(0), x87.control));
  },
  'x87.yl2x': ofTwo(timesLogarithm),
  'x87.yl2xp1': ofTwo(timesLogarithmOfOneMore),
  'x87.patan': ofTwo((top, next, control) => arctangentOf(next, top, control)),
  'x87.sin': ofAngle(({ sine }) => sine),
  'x87.cos': ofAngle(({ cosine }) => cosine),
  'x87.ptan': ofAngleTwice(({ tangent }) => tangent, oneBehind),
  'x87.sincos': ofAngleTwice(
    ({ sine }) => sine,
    ({ cosine }) => cosine,
  ),
};
