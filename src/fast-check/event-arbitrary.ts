import fc from 'fast-check';
import type { EventOf, EventTable, Field } from '../kernel/event-table.ts';
import { among, wholeNumber } from './constraints.ts';

/** What `eventArbitrary` may draw. */
export interface EventConstraints<T extends EventTable> {
  /** Kinds to draw from. Default: all of the table. */
  readonly kinds?: readonly (keyof T & string)[];
  /** The largest count, from 0 to 2^53 - 1. Default: 2^53 - 1. */
  readonly maxCount?: number;
  /** The largest address, in bytes, from 0 to 2^53 - 1. Default: 2^53 - 1. */
  readonly maxAddress?: number;
  /** The most bytes of a field of bytes, whose own limit also holds. Default: 64. */
  readonly maxBytes?: number;
  /** Whether events name the event that led to them. Default: true. */
  readonly withCause?: boolean;
}

/**
 * Events of a table, of every shape that the table allows: each passes the table's guard. Whether an event is legal
 * depends on the state that it meets.
 *
 *     fc.property(eventArbitrary(memoryEvents, { kinds: ['store.visible'] }), (event) => …)
 *
 * Shrinks towards the first of the kinds, small numbers, few bytes and no optional fields. Throws an `Error` that names
 * the bad constraint.
 */
export function eventArbitrary<const T extends EventTable>(
  table: T,
  constraints: EventConstraints<T> = {},
): fc.Arbitrary<EventOf<T>> {
  const caller = 'eventArbitrary';
  const { kinds = Object.keys(table), withCause = true } = constraints;
  among(caller, 'kinds', kinds, Object.keys(table));
  const limits: FieldLimits = {
    count: wholeNumber(caller, 'maxCount', constraints.maxCount, Number.MAX_SAFE_INTEGER),
    address: wholeNumber(caller, 'maxAddress', constraints.maxAddress, Number.MAX_SAFE_INTEGER),
    bytes: wholeNumber(caller, 'maxBytes', constraints.maxBytes, 64),
  };
  const ofKind = kinds.map((kind) => {
    const { fields } = table[kind];
    const model: Record<string, fc.Arbitrary<unknown>> = { kind: fc.constant(kind) };
    const requiredKeys = ['kind'];
    for (const [name, declared] of Object.entries(fields)) {
      model[name] = fieldArbitrary(declared, limits);
      if (!declared.optional) requiredKeys.push(name);
    }
    if (withCause) model['cause'] = fc.maxSafeNat();
    return fc.record(model, { requiredKeys });
  });
  return fc.oneof(...ofKind) as fc.Arbitrary<unknown> as fc.Arbitrary<EventOf<T>>;
}

interface FieldLimits {
  count: number;
  address: number;
  bytes: number;
}

function fieldArbitrary(declared: Field, limits: FieldLimits): fc.Arbitrary<unknown> {
  switch (declared.type) {
    case 'count':
      return fc.integer({ min: 0, max: limits.count });
    case 'address':
      return fc.integer({ min: 0, max: limits.address });
    case 'u64':
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case 'bytes':
      return hexArbitrary(0, Math.min(limits.bytes, declared.maxBytes ?? Number.MAX_SAFE_INTEGER));
    case 'text':
      return fc.string({ unit: 'binary', maxLength: 20 });
    case 'flag':
      return fc.constant(true);
    case 'choice':
      return fc.constantFrom(...(declared.choices ?? []));
  }
}

/** Bytes as pairs of lower-case hexadecimal digits. */
const hexArbitrary = (minBytes: number, maxBytes: number): fc.Arbitrary<string> =>
  fc
    .array(fc.nat(255), { minLength: minBytes, maxLength: maxBytes })
    .map((bytes) => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(''));
