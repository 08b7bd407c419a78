import type { Type } from '../lifted/form.ts';

/** How the interpreter carries a type: an i32 as a signed number, an i64 and a v128 as unsigned bigints. */
export type ValueOf<T extends Type> = T extends 'i32' ? number : bigint;

export type Value = number | bigint;

/** The bits of a value of any type, without a sign. */
export const bitsOf = (value: Value): bigint => (typeof value === 'number' ? BigInt(value >>> 0) : value);

/** Bits as a value of this type. */
export function ofBits(type: Type, bits: bigint): Value {
  return type === 'i32' ? Number(BigInt.asIntN(32, bits)) : bits;
}
