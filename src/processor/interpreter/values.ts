import type { Type } from '../lifted/form.ts';

/** How the interpreter carries a type: an i32 as a signed number, an i64 and a v128 as unsigned bigints. */
export type ValueOf<T extends Type> = T extends 'i32' ? number : bigint;

export type Value = number | bigint;

/** The bits of a value of any type, without a sign. */
export const bitsOf = (value: Value): bigint => (typeof value === 'number' ? BigInt(value >>> 0) : value);

/** Bits as a value of this type. */
export const ofBits = (type: Type, bits: bigint): Value => (type === 'i32' ? Number(bits) | 0 : bits);

/** A value as helpers take it: an i64 with its sign. */
export const toHelper = (type: Type, value: Value): Value =>
  type === 'i64' && typeof value === 'bigint' ? BigInt.asIntN(64, value) : value;

/** What a helper gave, as a value of this type. */
export function fromHelper(type: Type, given: Value | undefined): Value {
  if (type === 'i32' && typeof given === 'number') return given | 0;
  if (type !== 'i32' && typeof given === 'bigint') return BigInt.asUintN(type === 'i64' ? 64 : 128, given);
  throw new TypeError(`a helper gave ${given} where lifted code needs an ${type}`);
}
