import type { Helper, Helpers } from '../helpers.ts';
import type { Processor } from '../processor.ts';
import { CF, PF, ZF } from '../registers.ts';
import { C0, C1, C2, C3, compared, EMPTY_CODE, examined, UNORDERED } from './comparison.ts';
import { type Extended, zero } from './extended.ts';
import { exact, INVALID, type Outcome } from './rounding.ts';
import { STACK_FAULT, X87 } from './state.ts';
import { fromMemory, MEMORY_FORMATS } from './transfers.ts';

/** The top of the stack against another number; nothing stands for an empty register. */
function ordered(x87: X87, other: Extended | undefined, isQuiet: boolean): Outcome<number> {
  if (other === undefined || x87.isEmpty(0)) return exact(UNORDERED, INVALID | STACK_FAULT);
  return compared(x87.get(0), other, isQuiet);
}

const operand = (x87: X87, register: number): Extended | undefined =>
  x87.isEmpty(register) ? undefined : x87.get(register);

/** An exception that is not masked keeps back the pops, but not the condition codes. */
function compare(x87: X87, other: Extended | undefined, isQuiet: boolean, pops: number): void {
  const { value, exceptions } = ordered(x87, other, isQuiet);
  const isAllowed = x87.raise(exceptions);
  x87.setConditionCodes(value, C3 | C2 | C0);
  if (isAllowed) x87.pop(pops);
}

const ofRegister =
  (isQuiet: boolean): Helper =>
  (processor: Processor, register: number, pops: number): undefined => {
    const x87 = new X87(processor);
    compare(x87, operand(x87, register), isQuiet, pops);
  };

const ofMemory = MEMORY_FORMATS.map((format): [string, Helper] => [
  `x87.com ${format}`,
  (processor: Processor, bits: number | bigint, pops: number): undefined => {
    compare(new X87(processor), fromMemory(format, bits), false, pops);
  },
]);

/** Comparisons. */
export const comparisonHelpers: Helpers = {
  ...Object.fromEntries(ofMemory),
  'x87.com': ofRegister(false),
  'x87.ucom': ofRegister(true),
  'x87.tst': (processor: Processor): undefined => {
    compare(new X87(processor), zero(false), false, 0);
  },
  /** ZF, PF and CF. */
  'x87.comi flags': (processor: Processor, register: number, isQuiet: number): number => {
    const x87 = new X87(processor);
    const { value } = ordered(x87, operand(x87, register), isQuiet !== 0);
    return ((value & C3) !== 0 ? ZF : 0) | ((value & C2) !== 0 ? PF : 0) | ((value & C0) !== 0 ? CF : 0);
  },
  /** What FCOMI does besides. C1 stays where no operand is empty. */
  'x87.comi': (processor: Processor, register: number, isQuiet: number, pops: number): undefined => {
    const x87 = new X87(processor);
    const { exceptions } = ordered(x87, operand(x87, register), isQuiet !== 0);
    const kept = (exceptions & STACK_FAULT) === 0 ? x87.status & C1 : 0;
    const isAllowed = x87.raise(exceptions);
    x87.setConditionCodes(kept, C1);
    if (isAllowed) x87.pop(pops);
  },
  'x87.xam': (processor: Processor): undefined => {
    const x87 = new X87(processor);
    const top = x87.get(0);
    const codes = x87.isEmpty(0) ? EMPTY_CODE | (top.negative ? C1 : 0) : examined(top);
    x87.setConditionCodes(codes, C3 | C2 | C1 | C0);
  },
};
