import type { Helper, Helpers } from '../helpers.ts';
import type { Processor } from '../processor.ts';
import { constant } from './constants.ts';
import {
  BINARY32,
  BINARY64,
  fromBinary,
  fromDecimal,
  fromInteger,
  toBinary,
  toDecimal,
  toInteger,
} from './conversions.ts';
import { type Extended, INDEFINITE, kindOf, quieted } from './extended.ts';
import {
  DENORMAL,
  EXCEPTIONS,
  INVALID,
  type Outcome,
  OVERFLOW,
  PRECISION,
  UNDERFLOW,
  ZERO_DIVIDE,
} from './rounding.ts';
import { X87 } from './state.ts';

/** What is loaded and stored in one piece, as in the manual's names of encodings. */
export const MEMORY_FORMATS = ['m32fp', 'm64fp', 'm16int', 'm32int', 'm64int'] as const;
export type MemoryFormat = (typeof MEMORY_FORMATS)[number];

const FROM: Readonly<Record<MemoryFormat, (bits: bigint) => Extended>> = {
  m32fp: (bits) => fromBinary(BigInt.asUintN(32, bits), BINARY32),
  m64fp: (bits) => fromBinary(BigInt.asUintN(64, bits), BINARY64),
  m16int: (bits) => fromInteger(BigInt.asIntN(16, bits)),
  m32int: (bits) => fromInteger(BigInt.asIntN(32, bits)),
  m64int: (bits) => fromInteger(BigInt.asIntN(64, bits)),
};

const TO: Readonly<Record<MemoryFormat | 'm80bcd', (value: Extended, control: number) => Outcome<bigint>>> = {
  m32fp: (value, control) => toBinary(value, BINARY32, control),
  m64fp: (value, control) => toBinary(value, BINARY64, control),
  m16int: (value, control) => toInteger(value, 16, control),
  m32int: (value, control) => toInteger(value, 32, control),
  m64int: (value, control) => toInteger(value, 64, control),
  m80bcd: toDecimal,
};

/** A memory operand of an instruction: the bits as a helper gets them. */
export const fromMemory = (format: MemoryFormat, bits: number | bigint): Extended =>
  FROM[format](BigInt(bits));

/** Exceptions that keep a result from being stored where they are not masked. */
const BEFORE_STORE = INVALID | DENORMAL | ZERO_DIVIDE | OVERFLOW | UNDERFLOW;

/** What is stored, without a change of the state. */
const converted = (x87: X87, format: MemoryFormat | 'm80bcd'): Outcome<bigint> =>
  TO[format](x87.isEmpty(0) ? INDEFINITE : x87.get(0), x87.control);

const isStored = (x87: X87, exceptions: number): boolean => (exceptions & ~x87.control & BEFORE_STORE) === 0;

/** Helpers of one format of `fst`, `fist` and `fbstp`: whether it stores, and what remains to be done behind the store. */
function storing(format: MemoryFormat | 'm80bcd'): Helpers {
  const exceptionsOf = (x87: X87): number => (x87.isEmpty(0) ? INVALID : converted(x87, format).exceptions);
  return {
    [`x87.may store ${format}`]: (processor: Processor) => {
      const x87 = new X87(processor);
      // Where all are masked none keeps it back.
      const isMasked = (x87.control & EXCEPTIONS) === EXCEPTIONS;
      return isMasked || isStored(x87, exceptionsOf(x87)) ? 1 : 0;
    },
    [`x87.stored ${format}`]: (processor: Processor, pops: number): undefined => {
      const x87 = new X87(processor);
      if (x87.isEmpty(0)) {
        if (x87.underflow()) x87.pop(pops);
        return;
      }
      const { exceptions, roundedUp } = converted(x87, format);
      if (isStored(x87, exceptions)) {
        x87.raise(exceptions, roundedUp);
        x87.pop(pops);
      } else x87.raise(exceptions & ~PRECISION);
    },
  };
}

const loadReal: (format: 'm32fp' | 'm64fp') => Helper =
  (format) =>
  (processor: Processor, bits: number | bigint): undefined => {
    const value = fromMemory(format, bits);
    const x87 = new X87(processor);
    const isSignaling = kindOf(value) === 'signaling';
    if (!isSignaling && value.fromDenormal !== true) x87.push(value);
    else if (!x87.hasRoom()) x87.push(INDEFINITE);
    // A denormal is loaded whether its exception is masked or not.
    else if (x87.raise(isSignaling ? INVALID : DENORMAL) || !isSignaling)
      x87.place(isSignaling ? quieted(value) : value);
  };

const loadInteger: (format: 'm16int' | 'm32int' | 'm64int') => Helper =
  (format) =>
  (processor: Processor, bits: number | bigint): undefined => {
    new X87(processor).push(fromMemory(format, bits));
  };

/** Loads, stores and moves. Those that make what is stored change nothing: the store may fault. */
export const transferHelpers: Helpers = {
  'x87.load m32fp': loadReal('m32fp'),
  'x87.load m64fp': loadReal('m64fp'),
  'x87.load m16int': loadInteger('m16int'),
  'x87.load m32int': loadInteger('m32int'),
  'x87.load m64int': loadInteger('m64int'),
  'x87.load m80fp': (processor: Processor, significand: bigint, signAndExponent: number): undefined => {
    new X87(processor).push({
      negative: (signAndExponent & 0x8000) !== 0,
      exponent: signAndExponent & 0x7fff,
      significand: BigInt.asUintN(64, significand),
    });
  },
  'x87.load m80bcd': (processor: Processor, low: bigint, high: number): undefined => {
    new X87(processor).push(fromDecimal(BigInt.asUintN(64, low) | (BigInt(high) << 64n)));
  },
  'x87.load register': (processor: Processor, register: number): undefined => {
    const x87 = new X87(processor);
    if (!x87.isEmpty(register)) x87.push(x87.get(register));
    else if (x87.underflow()) x87.place(INDEFINITE);
  },
  'x87.load constant': (processor: Processor, index: number): undefined => {
    const x87 = new X87(processor);
    x87.push(constant(index, x87.control));
  },
  'x87.to m32fp': (processor: Processor) => Number(converted(new X87(processor), 'm32fp').value),
  'x87.to m64fp': (processor: Processor) => converted(new X87(processor), 'm64fp').value,
  'x87.to m16int': (processor: Processor) => Number(converted(new X87(processor), 'm16int').value),
  'x87.to m32int': (processor: Processor) => Number(converted(new X87(processor), 'm32int').value),
  'x87.to m64int': (processor: Processor) => converted(new X87(processor), 'm64int').value,
  'x87.to m80bcd, low': (processor: Processor) =>
    BigInt.asUintN(64, converted(new X87(processor), 'm80bcd').value),
  'x87.to m80bcd, high': (processor: Processor) =>
    Number(converted(new X87(processor), 'm80bcd').value >> 64n),
  ...storing('m32fp'),
  ...storing('m64fp'),
  ...storing('m16int'),
  ...storing('m32int'),
  ...storing('m64int'),
  ...storing('m80bcd'),
  'x87.to m80fp, significand': (processor: Processor) => topOrIndefinite(processor).significand,
  'x87.to m80fp, sign and exponent': (processor: Processor) => {
    const { negative, exponent } = topOrIndefinite(processor);
    return exponent | (negative ? 0x8000 : 0);
  },
  'x87.may store m80fp': (processor: Processor) => {
    const x87 = new X87(processor);
    return x87.isEmpty(0) && (x87.control & INVALID) === 0 ? 0 : 1;
  },
  'x87.stored m80fp': (processor: Processor): undefined => {
    const x87 = new X87(processor);
    if (x87.isEmpty(0) ? x87.underflow() : x87.raise(0)) x87.pop(1);
  },
  'x87.store register': (processor: Processor, register: number, pops: number): undefined => {
    const x87 = new X87(processor);
    const isEmpty = x87.isEmpty(0);
    if (!(isEmpty ? x87.underflow() : x87.raise(0))) return;
    x87.set(register, isEmpty ? INDEFINITE : x87.get(0));
    x87.pop(pops);
  },
  'x87.exchange': (processor: Processor, register: number): undefined => {
    const x87 = new X87(processor);
    const isUnderflow = x87.isEmpty(0) || x87.isEmpty(register);
    if (!(isUnderflow ? x87.underflow() : x87.raise(0))) return;
    const [top, other] = [0, register].map((one) => (x87.isEmpty(one) ? INDEFINITE : x87.get(one)));
    x87.set(0, other);
    x87.set(register, top);
  },
  'x87.move': (processor: Processor, register: number, isMoved: number): undefined => {
    const x87 = new X87(processor);
    if (x87.isEmpty(0) || x87.isEmpty(register)) {
      if (x87.underflow()) x87.set(0, INDEFINITE);
    } else if (isMoved !== 0) x87.set(0, x87.get(register));
  },
};

function topOrIndefinite(processor: Processor): Extended {
  const x87 = new X87(processor);
  return x87.isEmpty(0) ? INDEFINITE : x87.get(0);
}
