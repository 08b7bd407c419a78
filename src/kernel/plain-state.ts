import { classDigest, type Digestible } from './class-digest.ts';
import { Fixed } from './fixed.ts';

/** A state as data that JSON can hold. */
export type Plain =
  | null
  | boolean
  | number
  | string
  | readonly Plain[]
  | { readonly [member: string]: Plain };

/**
 * What a state holds, as plain data: parts by what their `toJSON` says, or by a digest where they have none; what never
 * changes in a run is left out.
 */
export function plainState(value: unknown): Plain {
  switch (typeof value) {
    case 'bigint':
      return `0x${value.toString(16)}`;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'string':
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : plainObject(value);
    default:
      return null;
  }
}

function plainObject(value: object): Plain {
  if (Array.isArray(value)) return value.map(plainState);
  if ('toJSON' in value && typeof value.toJSON === 'function') return plainState(value.toJSON());
  if (isDigestible(value)) return `digest ${classDigest(value).hex()}`;
  const members: Record<string, Plain> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined && !(member instanceof Fixed)) members[name] = plainState(member);
  }
  return members;
}

const isDigestible = (value: object): value is Digestible =>
  'digestInto' in value && typeof value.digestInto === 'function';
