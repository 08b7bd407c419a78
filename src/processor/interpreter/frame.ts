import type { Type } from '../lifted/form.ts';
import type { Processor } from '../processor.ts';
import type { Value, ValueOf } from './values.ts';

/** What the interpreter has at hand while it executes an instruction. */
export interface Frame {
  readonly processor: Processor;
  /** What `let` has named in this instruction. */
  readonly names: Value[];
  /** Where the program goes on. */
  next: number;
}

/** An expression, made ready once and evaluated as often as it is executed. */
export type Evaluate<T extends Type = Type> = (frame: Frame) => ValueOf<T>;
