import type { Helper, Helpers } from '../helpers.ts';
import type { Processor } from '../processor.ts';
import { type Arithmetic, arithmetic, roundedToInteger, squareRoot } from './arithmetic.ts';
import { C0, C1, C2, C3 } from './comparison.ts';
import { type Extended, INDEFINITE } from './extended.ts';
import { remainderOf } from './remainder.ts';
import { finish, replaceByTwo, underflow } from './results.ts';
import { exact, type Outcome } from './rounding.ts';
import { extracted, scaled } from './scaling.ts';
import { X87 } from './state.ts';
import { fromMemory, MEMORY_FORMATS } from './transfers.ts';

const OPERATIONS: readonly Arithmetic[] = ['add', 'mul', 'sub', 'subr', 'div', 'divr'];
const CONDITION_CODES = C3 | C2 | C1 | C0;

/** An operation on the top of the stack alone. */
const onTop =
  (operation: (value: Extended, control: number) => Outcome<Extended>): Helper =>
  (processor: Processor): undefined => {
    const x87 = new X87(processor);
    if (x87.isEmpty(0)) underflow(x87, 0);
    else finish(x87, 0, operation(x87.get(0), x87.control));
  };

const remainder =
  (isNearest: boolean): Helper =>
  (processor: Processor): undefined => {
    const x87 = new X87(processor);
    x87.setConditionCodes(0, C2);
    if (x87.isEmpty(0) || x87.isEmpty(1)) return underflow(x87, 0);
    const outcome = remainderOf(x87.get(0), x87.get(1), isNearest, x87.control);
    if (!x87.raise(outcome.exceptions)) return;
    const { remainder, quotient, isPartial } = outcome.value;
    x87.set(0, remainder);
    if (quotient === undefined) return;
    const codes =
      ((quotient & 4) !== 0 ? C0 : 0) | ((quotient & 2) !== 0 ? C3 : 0) | ((quotient & 1) !== 0 ? C1 : 0);
    x87.setConditionCodes(isPartial ? C2 : codes, CONDITION_CODES);
  };

function ofOperations(): Helpers {
  const table: Record<string, Helper> = {};
  for (const operation of OPERATIONS) {
    // ST(register) is the left operand and gets the result.
    table[`x87.${operation}`] = (
      processor: Processor,
      register: number,
      right: number,
      pops: number,
    ): undefined => {
      const x87 = new X87(processor);
      if (x87.isEmpty(register) || x87.isEmpty(right)) return underflow(x87, register, pops);
      finish(x87, register, arithmetic(operation, x87.get(register), x87.get(right), x87.control), pops);
    };
    for (const format of MEMORY_FORMATS) {
      table[`x87.${operation} ${format}`] = (processor: Processor, bits: number | bigint): undefined => {
        const x87 = new X87(processor);
        if (x87.isEmpty(0)) return underflow(x87, 0);
        finish(x87, 0, arithmetic(operation, x87.get(0), fromMemory(format, bits), x87.control));
      };
    }
  }
  return table;
}

/** Arithmetic. An instruction with an unmasked exception leaves its operands where they are. */
export const operationHelpers: Helpers = {
  ...ofOperations(),
  'x87.chs': onTop((value) => exact({ ...value, negative: !value.negative })),
  'x87.abs': onTop((value) => exact({ ...value, negative: false })),
  'x87.sqrt': onTop(squareRoot),
  'x87.rndint': onTop(roundedToInteger),
  'x87.prem': remainder(false),
  'x87.prem1': remainder(true),
  'x87.scale': (processor: Processor): undefined => {
    const x87 = new X87(processor);
    if (x87.isEmpty(0) || x87.isEmpty(1)) return underflow(x87, 0);
    finish(x87, 0, scaled(x87.get(0), x87.get(1), x87.control));
  },
  'x87.xtract': (processor: Processor): undefined => {
    const x87 = new X87(processor);
    if (x87.isEmpty(0)) {
      if (x87.underflow()) replaceByTwo(x87, INDEFINITE, INDEFINITE);
      return;
    }
    if (!x87.hasRoom()) {
      if (x87.overflow()) replaceByTwo(x87, INDEFINITE, INDEFINITE);
      return;
    }
    const { value, exceptions } = extracted(x87.get(0));
    if (x87.raise(exceptions)) replaceByTwo(x87, value.exponent, value.significand);
  },
};
