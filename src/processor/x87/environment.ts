import type { Helpers } from '../helpers.ts';
import type { Processor } from '../processor.ts';
import { EXCEPTIONS } from './rounding.ts';
import { X87 } from './state.ts';

const STATUS_CLEARED = 0x80ff;
const TOP = 0x3800;

/** Control of x87: words, environment, registers as bits. */
export const environmentHelpers: Helpers = {
  /** Whether a waiting instruction has to report an exception first. */
  'x87.pending': (processor: Processor) => (new X87(processor).isPending ? 1 : 0),
  'x87.control': (processor: Processor) => new X87(processor).control,
  'x87.status': (processor: Processor) => new X87(processor).status,
  'x87.tags': (processor: Processor) => new X87(processor).tags,
  'x87.set control': (processor: Processor, value: number): undefined => {
    new X87(processor).control = value;
  },
  'x87.clear exceptions': (processor: Processor): undefined => {
    const x87 = new X87(processor);
    x87.status &= ~STATUS_CLEARED;
  },
  'x87.initialize': (processor: Processor): undefined => {
    new X87(processor).initialize();
  },
  'x87.mask exceptions': (processor: Processor): undefined => {
    const x87 = new X87(processor);
    x87.control |= EXCEPTIONS;
  },
  'x87.set environment': (processor: Processor, control: number, status: number, tags: number): undefined => {
    const x87 = new X87(processor);
    x87.control = control;
    x87.status = status & 0xffff;
    x87.tags = tags;
  },
  'x87.significand': (processor: Processor, register: number) => new X87(processor).get(register).significand,
  'x87.sign and exponent': (processor: Processor, register: number) => {
    const { negative, exponent } = new X87(processor).get(register);
    return exponent | (negative ? 0x8000 : 0);
  },
  'x87.set register': (
    processor: Processor,
    register: number,
    significand: bigint,
    signAndExponent: number,
  ): undefined => {
    new X87(processor).setBits(register, BigInt.asUintN(64, significand), signAndExponent);
  },
  'x87.free': (processor: Processor, register: number, pops: number): undefined => {
    const x87 = new X87(processor);
    x87.raise(0);
    x87.free(register);
    x87.pop(pops);
  },
  'x87.rotate': (processor: Processor, by: number): undefined => {
    const x87 = new X87(processor);
    x87.raise(0);
    x87.rotate(by);
  },
  /** EMMS: all registers are empty, and the first is the top. */
  'x87.empty': (processor: Processor): undefined => {
    const x87 = new X87(processor);
    x87.tags = 0xffff;
    x87.status &= ~TOP;
  },
  /** Throws `GuestFault` where not all of these bytes can be stored to, before the first of several stores. */
  'x87.check store': (processor: Processor, address: bigint, sizeBytes: number): undefined => {
    processor.memory.offset(BigInt.asUintN(64, address), sizeBytes, 'write');
  },
};
