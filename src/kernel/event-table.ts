/**
 * One declaration per event kind: its fields, its meaning, the version of the model that brought it. Types, guards, the
 * JSON form, documentation and arbitraries are derived from it.
 */
export interface FieldTypes {
  /** A whole number from 0 to 2^53 - 1: a count, an index, a size in bytes. A number in JSON. */
  count: number;
  /** A byte address below 2^53 in the machine's own memory. A `0x` string in JSON. */
  address: number;
  /** Any 64-bit unsigned number: a virtual address, a seed. A `0x` string in JSON. */
  u64: bigint;
  /** Bytes in memory order, as lower-case hexadecimal digits, also in memory: immutable, and free to read and write. */
  bytes: string;
  text: string;
  /** Present and true, or absent. */
  flag: true;
}

export type FieldType = keyof FieldTypes;

export interface Field<Value = unknown, Optional extends boolean = boolean> {
  readonly type: FieldType | 'choice';
  readonly meaning: string;
  readonly optional: Optional;
  /** Of a choice: what may stand here. */
  readonly choices?: readonly string[];
  /** Of bytes: how many at most. */
  readonly maxBytes?: number;
  /** Never set: carries the type of the value. */
  readonly value?: Value;
}

export interface EventDeclaration {
  /** What happened, as a fact, and where the field's literature describes it. */
  readonly meaning: string;
  /** Version of the model that brought the kind. */
  readonly since: number;
  readonly fields: Readonly<Record<string, Field>>;
}

export type EventTable = Readonly<Record<string, EventDeclaration>>;

type RequiredKeys<F> = { [K in keyof F]: F[K] extends Field<unknown, false> ? K : never }[keyof F];
type OptionalKeys<F> = { [K in keyof F]: F[K] extends Field<unknown, false> ? never : K }[keyof F];
type ValueOf<F> = F extends Field<infer Value, boolean> ? Value : never;
type Flat<T> = { [K in keyof T]: T[K] };

/** What every event may carry, whatever its kind. */
export interface Envelope {
  /** Index of the event that led to this one. */
  readonly cause?: number;
}

/** The event of one kind. */
export type EventOfKind<T extends EventTable, K extends keyof T & string> = Flat<
  { readonly kind: K } & Envelope & {
      readonly [F in RequiredKeys<T[K]['fields']>]: ValueOf<T[K]['fields'][F]>;
    } & { readonly [F in OptionalKeys<T[K]['fields']>]?: ValueOf<T[K]['fields'][F]> }
>;

/** The union of all events of a table. */
export type EventOf<T extends EventTable> = { [K in keyof T & string]: EventOfKind<T, K> }[keyof T & string];

/** The least that is known of an event of any table. */
export interface AnyEvent extends Envelope {
  readonly kind: string;
}

const required =
  <T extends FieldType>(type: T) =>
  (meaning: string): Field<FieldTypes[T], false> => ({ type, meaning, optional: false });

/** The field types, to declare with: `fields: { core: field.count('the core'), data: field.bytes('…', 8) }`. */
export const field = {
  count: required('count'),
  address: required('address'),
  u64: required('u64'),
  text: required('text'),
  bytes: (meaning: string, maxBytes: number): Field<string, false> => ({
    type: 'bytes',
    meaning,
    maxBytes,
    optional: false,
  }),
  flag: (meaning: string): Field<true, true> => ({ type: 'flag', meaning, optional: true }),
  choice: <const C extends string>(choices: readonly C[], meaning: string): Field<C, false> => ({
    type: 'choice',
    meaning,
    choices,
    optional: false,
  }),
  optional: <V>(inner: Field<V, false>): Field<V, true> => ({ ...inner, optional: true }) as Field<V, true>,
};

/** Declares a table; the identity, with its literal types kept. */
export const eventTable = <const T extends EventTable>(table: T): T => table;

const HEX = /^(?:[0-9a-f]{2})*$/;

/** Why this value does not fit the field, or undefined when it does. */
function misfit(declared: Field, value: unknown): string | undefined {
  switch (declared.type) {
    case 'count':
      return Number.isSafeInteger(value) && (value as number) >= 0
        ? undefined
        : 'a whole number from 0 to 2^53 - 1';
    case 'address':
      return Number.isSafeInteger(value) && (value as number) >= 0
        ? undefined
        : 'an address from 0 to 2^53 - 1';
    case 'u64':
      return typeof value === 'bigint' && value >= 0n && value < 1n << 64n
        ? undefined
        : 'a 64-bit unsigned number';
    case 'bytes':
      if (typeof value !== 'string' || !HEX.test(value)) return 'pairs of lower-case hexadecimal digits';
      return value.length <= 2 * (declared.maxBytes ?? Infinity)
        ? undefined
        : `at most ${declared.maxBytes} bytes`;
    case 'text':
      return typeof value === 'string' ? undefined : 'a text';
    case 'flag':
      return value === true ? undefined : 'true, or absent';
    case 'choice':
      return declared.choices?.includes(value as string)
        ? undefined
        : `one of ${declared.choices?.join(', ')}`;
  }
}

/** A value of unknown origin, as far as a message should show it: it may be of any size and depth. */
export const shown = (value: unknown): string =>
  typeof value === 'string'
    ? JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
    : typeof value === 'object' && value !== null
      ? 'that is an object or a list'
      : String(value);

/**
 * A guard for the events of a table: says what is wrong with a value of unknown origin, or undefined when it is an event.
 * Fields that the table does not know are wrong, too.
 */
export function eventGuard<T extends EventTable>(table: T): (value: unknown) => string | undefined {
  const declared = new Map(Object.entries(table).map(([kind, { fields }]) => [kind, Object.entries(fields)]));
  return (value) => {
    if (typeof value !== 'object' || value === null) return 'not an object';
    const event = value as Record<string, unknown>;
    const fields = declared.get(event['kind'] as string);
    if (fields === undefined) return `unknown kind ${shown(event['kind'])}`;
    let known = 1;
    if (event['cause'] !== undefined) {
      if (!Number.isSafeInteger(event['cause'])) return 'cause must be the index of an event';
      known++;
    }
    for (const [name, one] of fields) {
      const given = event[name];
      if (given === undefined) {
        if (one.optional) continue;
        return `${event['kind'] as string} lacks ${name}: ${one.meaning}`;
      }
      const wanted = misfit(one, given);
      if (wanted !== undefined) return `${name} of ${event['kind'] as string} must be ${wanted}`;
      known++;
    }
    const extra =
      Object.keys(event).length > known && Object.keys(event).find((key) => !isKnown(fields, key, event));
    return extra ? `${event['kind'] as string} has no field ${shown(extra)}` : undefined;
  };
}

const isKnown = (fields: [string, Field][], key: string, event: Record<string, unknown>): boolean =>
  key === 'kind' || key === 'cause' || event[key] === undefined || fields.some(([name]) => name === key);
