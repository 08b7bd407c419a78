import type { Helper, Helpers } from '../helpers.ts';
import type { Processor } from '../processor.ts';
import { CF, PF, ZF } from '../registers.ts';
import { type Arithmetic, arithmetic, roundedToInteger, squareRoot } from './arithmetic.ts';
import { C0, C1, C2, C3, compared, EMPTY_CODE, examined, UNORDERED } from './comparison.ts';
import { type Extended, INDEFINITE, zero } from './extended.ts';
import { remainderOf } from './remainder.ts';
import { finish, replaceByTwo, underflow } from './results.ts';
import { exact, INVALID, type Outcome } from './rounding.ts';
import { extracted, scaled } from './scaling.ts';
import { X87 } from './state.ts';
import { fromMemory, MEMORY_FORMATS } from './transfers.ts';

const OPERATIONS: readonly Arithmetic[] = ['add', 'mul', 'sub', 'subr', 'div', 'divr'];
const CONDITION_CODES = C3 | C2 | C0;

function compare(x87: X87, other: Extended | undefined, isQuiet: boolean, pops: number): undefined {
  if (other === undefined || x87.isEmpty(0)) {
    const isAllowed = x87.underflow();
    x87.setConditionCodes(UNORDERED, CONDITION_CODES);
    if (isAllowed) x87.pop(pops);
  } else {
    const { value, exceptions } = compared(x87.get(0), other, isQuiet);
    const isAllowed = x87.raise(exceptions);
    x87.setConditionCodes(value, CONDITION_CODES);
    if (isAllowed) x87.pop(pops);
  }
}

/** What a register holds, or nothing where it is empty. */
const operand = (x87: X87, register: number): Extended | undefined =>
  x87.isEmpty(register) ? undefined : x87.get(register);

/** Outcome of a comparison of registers for RFLAGS. */
function ordered(x87: X87, register: number, isQuiet: boolean): Outcome<number> {
  if (x87.isEmpty(0) || x87.isEmpty(register)) return exact(UNORDERED, INVALID);
  return compared(x87.get(0), x87.get(register), isQuiet);
}

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
    x87.setConditionCodes(isPartial ? C2 : codes, CONDITION_CODES | C1);
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
  for (const format of MEMORY_FORMATS) {
    table[`x87.com ${format}`] = (processor: Processor, bits: number | bigint, pops: number): undefined =>
      compare(new X87(processor), fromMemory(format, bits), false, pops);
  }
  return table;
}

/** Arithmetic and comparisons. An instruction with an unmasked exception leaves its operands where they are. */
export const operationHelpers: Helpers = {
  ...ofOperations(),
  'x87.com': (processor: Processor, register: number, pops: number): undefined => {
    const x87 = new X87(processor);
    compare(x87, operand(x87, register), false, pops);
  },
  'x87.ucom': (processor: Processor, register: number, pops: number): undefined => {
    const x87 = new X87(processor);
    compare(x87, operand(x87, register), true, pops);
  },
  'x87.tst': (processor: Processor): undefined => compare(new X87(processor), zero(false), false, 0),
  /** ZF, PF and CF. */
  'x87.comi flags': (processor: Processor, register: number, isQuiet: number): number => {
    const x87 = new X87(processor);
    const { value } = ordered(x87, register, isQuiet !== 0);
    return ((value & C3) !== 0 ? ZF : 0) | ((value & C2) !== 0 ? PF : 0) | ((value & C0) !== 0 ? CF : 0);
  },
  'x87.comi': (processor: Processor, register: number, isQuiet: number, pops: number): undefined => {
    const x87 = new X87(processor);
    const isUnderflow = x87.isEmpty(0) || x87.isEmpty(register);
    if (isUnderflow) {
      if (x87.underflow()) x87.pop(pops);
      return;
    }
    const { exceptions } = ordered(x87, register, isQuiet !== 0);
    const before = x87.status & C1;
    const isAllowed = x87.raise(exceptions);
    x87.setConditionCodes(before, C1);
    if (isAllowed) x87.pop(pops);
  },
  'x87.xam': (processor: Processor): undefined => {
    const x87 = new X87(processor);
    const top = x87.get(0);
    const codes = x87.isEmpty(0) ? EMPTY_CODE | (top.negative ? C1 : 0) : examined(top);
    x87.setConditionCodes(codes, CONDITION_CODES | C1);
  },
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
