import type { Processor } from './processor.ts';

/**
 * A function that lifted code calls by name, for what would be long in the lifted form, such as x87: gets the operands by
 * their types (i32: signed number, i64: signed bigint, v128: unsigned bigint), and gives the result in the same way. It may
 * use the state of the processor but for general and vector registers, and memory only where the statement says so.
 */
export type Helper = (processor: Processor, ...operands: never[]) => number | bigint | undefined;

export type Helpers = Readonly<Record<string, Helper>>;
