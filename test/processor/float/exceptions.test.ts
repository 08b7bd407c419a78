import { describe, expect, it } from 'vitest';
import { decodeBytes } from '../../../src/processor/decode/decoder.ts';
import { FloatException, raise } from '../../../src/processor/float/exceptions.ts';
import { Interpreter } from '../../../src/processor/interpreter/interpreter.ts';
import { lift } from '../../../src/processor/lift/lift.ts';
import { Processor } from '../../../src/processor/processor.ts';

const IE = 0x01;
const ZE = 0x04;
const PE = 0x20;
const ALL_MASKED = 0x1f80;
const ZERO_DIVIDE_UNMASKED = ALL_MASKED & ~0x200;
const PRECISION_UNMASKED = ALL_MASKED & ~0x1000;

const ADDRESS = 0x1000;
const DIVSD_XMM0_XMM1 = Uint8Array.from([0xf2, 0x0f, 0x5e, 0xc1]);
const ONE = 0x3ff0_0000_0000_0000n;
const THREE = 0x4008_0000_0000_0000n;
const INFINITY = 0x7ff0_0000_0000_0000n;

function processorWith(mxcsr: number): Processor {
  const processor = new Processor(1 << 16, 'persistent', () => {});
  processor.mxcsr = mxcsr;
  processor.instructionPointer = ADDRESS;
  return processor;
}

/** 1 divided by a number. */
function divide(processor: Processor, by: bigint) {
  processor.setVector(0, ONE);
  processor.setVector(1, by);
  const lifted = lift(decodeBytes(DIVSD_XMM0_XMM1, ADDRESS));
  return new Interpreter(() => lifted).run(processor, 1);
}

describe('Exceptions of SSE', () => {
  it('that are masked set their flags, and the instruction has its result', () => {
    const processor = processorWith(ALL_MASKED);
    expect(divide(processor, 0n)).toEqual({ why: 'reached' });
    expect(processor.vector(0)).toBe(INFINITY);
    expect(processor.mxcsr).toBe(ALL_MASKED | ZE);
  });

  it.each([
    ['before there is a result', ZERO_DIVIDE_UNMASKED, 0n, ZE],
    ['by the result', PRECISION_UNMASKED, THREE, PE],
  ])('that are not masked stop the instruction: %s', (_, mxcsr, by, flag) => {
    const processor = processorWith(mxcsr);
    expect(divide(processor, by)).toEqual({ why: 'trapped', trap: 'floating point' });
    expect(processor.vector(0)).toBe(ONE);
    expect(processor.instructionPointer).toBe(ADDRESS);
    expect(processor.instructions).toBe(0);
    expect(processor.mxcsr).toBe(mxcsr | flag);
  });

  it('hide those of a result if they are found before it and not masked', () => {
    const processor = processorWith(ZERO_DIVIDE_UNMASKED);
    expect(() => raise(processor, IE | ZE | PE)).toThrow(FloatException);
    expect(processor.mxcsr).toBe(ZERO_DIVIDE_UNMASKED | IE | ZE);
  });

  it('that were raised before do not stop what raises none', () => {
    const processor = processorWith(PRECISION_UNMASKED | PE);
    expect(divide(processor, ONE)).toEqual({ why: 'reached' });
  });
});
