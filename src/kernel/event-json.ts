import { type EventOf, type EventTable, eventGuard, type Field, shown } from './event-table.ts';

/** Addresses and 64-bit numbers are `0x` strings, everything else is what it is. */
export interface EventCodec<E> {
  /** The members of the JSON object, without braces, in the order of the declaration: `"kind":"…","core":0`. */
  encode(event: E): string;
  /** The event, or a text that says what is wrong with the object. Keys beyond the table's are refused by name. */
  decode(object: Readonly<Record<string, unknown>>): E | string;
}

type Decoder = (given: unknown) => unknown;

const ADDRESS = /^0x[0-9a-f]{1,14}$/;
const U64 = /^0x[0-9a-f]{1,16}$/;
const asGiven: Decoder = (given) => given;

const decoders: Partial<Record<Field['type'], Decoder>> = {
  address: (given) => (typeof given === 'string' && ADDRESS.test(given) ? Number.parseInt(given, 16) : given),
  u64: (given) => (typeof given === 'string' && U64.test(given) ? BigInt(given) : given),
};

function encodeField(type: Field['type'], value: unknown): string {
  switch (type) {
    case 'address':
    case 'u64':
      return `"0x${(value as number | bigint).toString(16)}"`;
    case 'count':
    case 'flag':
      return String(value);
    case 'bytes':
      return `"${value as string}"`;
    default:
      return JSON.stringify(value);
  }
}

/** The JSON form of a table's events. `envelope` names further members of a line that are not the event's own. */
export function eventCodec<T extends EventTable>(
  table: T,
  envelope: readonly string[] = [],
): EventCodec<EventOf<T>> {
  const guard = eventGuard(table);
  const kinds = new Map(
    Object.entries(table).map(([kind, { fields }]) => [
      kind,
      Object.entries(fields).map(([name, { type }]) => ({
        name,
        type,
        decode: decoders[type] ?? asGiven,
        key: `,${JSON.stringify(name)}:`,
      })),
    ]),
  );
  const skipped = new Set(envelope);
  return {
    encode(event) {
      let line = `"kind":"${event.kind}"`;
      const values = event as unknown as Record<string, unknown>;
      for (const { name, key, type } of kinds.get(event.kind) ?? []) {
        const value = values[name];
        if (value !== undefined) line += key + encodeField(type, value);
      }
      return event.cause === undefined ? line : `${line},"cause":${event.cause}`;
    },
    decode(object) {
      const fields = kinds.get(object['kind'] as string);
      if (fields === undefined) return `unknown kind ${shown(object['kind'])}`;
      const event: Record<string, unknown> = { kind: object['kind'] };
      let taken = 1;
      for (const { name, decode } of fields) {
        const given = object[name];
        if (given === undefined) continue;
        event[name] = decode(given);
        taken++;
      }
      if (object['cause'] !== undefined) {
        event['cause'] = object['cause'];
        taken++;
      }
      const keys = Object.keys(object);
      if (keys.length > taken) {
        const extra = keys.find(
          (key) => !skipped.has(key) && key !== '__proto__' && !Object.hasOwn(event, key),
        );
        if (extra !== undefined || Object.hasOwn(object, '__proto__')) {
          return `${String(object['kind'])} has no field ${shown(extra ?? '__proto__')}`;
        }
      }
      return guard(event) ?? (event as unknown as EventOf<T>);
    },
  };
}
