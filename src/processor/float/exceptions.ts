import type { Processor } from '../processor.ts';
import { DE, IE, MASKS_SHIFT, ZE } from './mxcsr.ts';

/** An exception that MXCSR does not mask. Its flags are set, and the instruction has changed nothing else. */
export class FloatException extends Error {
  override name = 'FloatException';
}

/** Found before there is a result: if one of them is not masked, no lane has a result that could raise another. */
const BEFORE_RESULT = IE | DE | ZE;

/** Sets the flags that an operation raises. Throws `FloatException` if one is not masked. */
export function raise(processor: Processor, flags: number): void {
  const { mxcsr } = processor;
  const unmasked = flags & ~(mxcsr >> MASKS_SHIFT);
  processor.mxcsr = mxcsr | ((unmasked & BEFORE_RESULT) === 0 ? flags : flags & BEFORE_RESULT);
  if (unmasked !== 0) throw new FloatException('a floating-point exception that MXCSR does not mask');
}
