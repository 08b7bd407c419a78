import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { eventArbitrary } from '../../src/fast-check.ts';
import {
  type MemoryEvent,
  type MemoryEventOf,
  memoryEvents,
} from '../../src/hardware/persistent-memory/events.ts';
import { eventCodec } from '../../src/kernel/event-json.ts';
import {
  type EventOf,
  type EventOfKind,
  type EventTable,
  eventGuard,
  eventTable,
  field,
} from '../../src/kernel/event-table.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/kernel/event-table.test.ts';

/** Every type of field, required and optional. */
const everything = eventTable({
  'thing.happened': {
    since: 1,
    meaning: 'Something with every kind of field.',
    fields: {
      count: field.count('a count'),
      address: field.address('an address'),
      big: field.u64('a big number'),
      text: field.text('a text'),
      bytes: field.bytes('bytes', 4),
      sure: field.flag('a flag'),
      side: field.choice(['left', 'right'], 'a side'),
      maybeCount: field.optional(field.count('perhaps a count')),
      maybeText: field.optional(field.text('perhaps a text')),
      maybeBig: field.optional(field.u64('perhaps a big number')),
    },
  },
  'nothing.happened': { since: 2, meaning: 'Nothing.', fields: {} },
});
const guard = eventGuard(everything);
const codec = eventCodec(everything, ['index', 'tick']);

const tables: [string, EventTable][] = [
  ['of every type of field', everything],
  ['of the persistent-memory machine', memoryEvents],
];

const sound = {
  kind: 'thing.happened',
  count: 1,
  address: 2,
  big: 3n,
  text: 'four',
  bytes: '05',
  side: 'left',
} as const;

describe('a guard', () => {
  it.each(tables)('lets every event of a table pass: %s', (_, table) => {
    const guard = eventGuard(table);
    const cases = fc.property(eventArbitrary(table), (event) => {
      expect(guard(event)).toBeUndefined();
    });
    holds(cases, 500, FILE);
  });

  it.each<[unknown, string]>([
    [null, 'not an object'],
    ['thing.happened', 'not an object'],
    [{}, 'unknown kind undefined'],
    [{ kind: 'thing.vanished' }, 'unknown kind "thing.vanished"'],
    [{ kind: 'toString' }, 'unknown kind "toString"'],
    [{ ...sound, count: undefined }, 'thing.happened lacks count: a count'],
    [{ ...sound, count: -1 }, 'count of thing.happened must be a whole number from 0 to 2^53 - 1'],
    [{ ...sound, count: 0.5 }, 'count of thing.happened must be a whole number from 0 to 2^53 - 1'],
    [{ ...sound, address: 2 ** 53 }, 'address of thing.happened must be an address from 0 to 2^53 - 1'],
    [{ ...sound, address: '0x2' }, 'address of thing.happened must be an address from 0 to 2^53 - 1'],
    [{ ...sound, big: 3 }, 'big of thing.happened must be a 64-bit unsigned number'],
    [{ ...sound, big: 2n ** 64n }, 'big of thing.happened must be a 64-bit unsigned number'],
    [{ ...sound, big: -1n }, 'big of thing.happened must be a 64-bit unsigned number'],
    [{ ...sound, text: 4 }, 'text of thing.happened must be a text'],
    [{ ...sound, bytes: '5' }, 'bytes of thing.happened must be pairs of lower-case hexadecimal digits'],
    [{ ...sound, bytes: 'AB' }, 'bytes of thing.happened must be pairs of lower-case hexadecimal digits'],
    [{ ...sound, bytes: '0102030405' }, 'bytes of thing.happened must be at most 4 bytes'],
    [{ ...sound, sure: false }, 'sure of thing.happened must be true, or absent'],
    [{ ...sound, side: 'top' }, 'side of thing.happened must be one of left, right'],
    [
      { ...sound, maybeCount: null },
      'maybeCount of thing.happened must be a whole number from 0 to 2^53 - 1',
    ],
    [{ ...sound, cause: 'me' }, 'cause must be the index of an event'],
    [{ ...sound, more: 1 }, 'thing.happened has no field "more"'],
    [{ kind: 'nothing.happened', count: 1 }, 'nothing.happened has no field "count"'],
  ])('says what is wrong with %o', (value, wrong) => {
    expect(guard(value)).toBe(wrong);
  });
});

describe('a codec', () => {
  it.each(tables)('reads what it writes: %s', (_, table) => {
    const codec = eventCodec(table);
    const cases = fc.property(eventArbitrary(table), (event) => {
      const line = `{${codec.encode(event)}}`;

      expect(codec.decode(JSON.parse(line))).toEqual(event);
      expect(line).not.toContain('\n');
    });
    holds(cases, 500, FILE);
  });

  it('writes the fields in the order of the table, big numbers and addresses as 0x strings', () => {
    const { kind, ...rest } = { ...sound, sure: true, cause: 9 } as const;

    expect(codec.encode({ ...rest, kind })).toBe(
      '"kind":"thing.happened","count":1,"address":"0x2","big":"0x3","text":"four","bytes":"05","sure":true,"side":"left","cause":9',
    );
  });

  it('leaves members of the envelope to others, and refuses the rest', () => {
    const object = JSON.parse(`{"index":7,${codec.encode(sound)},"tick":1}`) as Record<string, unknown>;

    expect(codec.decode(object)).toEqual(sound);
    expect(codec.decode({ ...object, tock: 1 })).toBe('thing.happened has no field "tock"');
  });

  it.each<[string, string]>([
    ['{"kind":"nothing.happened","__proto__":{"count":1}}', 'nothing.happened has no field "__proto__"'],
    ['{"kind":"nothing.happened","toString":1}', 'nothing.happened has no field "toString"'],
    ['{"kind":"constructor"}', 'unknown kind "constructor"'],
    ['{}', 'unknown kind undefined'],
  ])('is not deceived by %s', (line, wrong) => {
    expect(codec.decode(JSON.parse(line))).toBe(wrong);
  });

  it('refuses numbers where 0x strings belong, and too long ones', () => {
    const encoded = JSON.parse(`{${codec.encode(sound)}}`) as Record<string, unknown>;

    expect(codec.decode({ ...encoded, big: 3 })).toContain('big of thing.happened must be');
    expect(codec.decode({ ...encoded, big: '0x10000000000000000' })).toContain(
      'big of thing.happened must be',
    );
    expect(codec.decode({ ...encoded, address: '0x20000000000000' })).toContain(
      'address of thing.happened must be',
    );
    expect(codec.decode({ ...encoded, address: '2' })).toContain('address of thing.happened must be');
  });

  it('never takes an event that its guard refuses', () => {
    const anything = fc.dictionary(
      fc.constantFrom('count', 'address', 'bytes', 'side', 'cause', 'x'),
      fc.jsonValue(),
    );
    const cases = fc.property(anything, (members) => {
      const decoded = codec.decode({ ...JSON.parse(`{${codec.encode(sound)}}`), ...members });

      if (typeof decoded !== 'string') expect(guard(decoded)).toBeUndefined();
    });
    holds(cases, 500, FILE);
  });
});

describe('the types of events', () => {
  type Thing = EventOfKind<typeof everything, 'thing.happened'>;

  it('have the fields of their kind, optional ones optional', () => {
    expectTypeOf<Thing>().toEqualTypeOf<{
      readonly kind: 'thing.happened';
      readonly cause?: number;
      readonly count: number;
      readonly address: number;
      readonly big: bigint;
      readonly text: string;
      readonly bytes: string;
      readonly sure?: true;
      readonly side: 'left' | 'right';
      readonly maybeCount?: number;
      readonly maybeText?: string;
      readonly maybeBig?: bigint;
    }>();
  });

  it('are told apart by their kind', () => {
    expectTypeOf<EventOf<typeof everything>['kind']>().toEqualTypeOf<'thing.happened' | 'nothing.happened'>();
    expectTypeOf<Extract<EventOf<typeof everything>, { kind: 'thing.happened' }>>().toEqualTypeOf<Thing>();
    expectTypeOf<MemoryEventOf<'power.lost'>>().toEqualTypeOf<{
      readonly kind: 'power.lost';
      readonly cause?: number;
    }>();
    expectTypeOf<MemoryEvent['kind']>().toEqualTypeOf<keyof typeof memoryEvents>();
  });

  it('hold for arbitraries and codecs', () => {
    expectTypeOf(eventArbitrary(memoryEvents)).toEqualTypeOf<fc.Arbitrary<MemoryEvent>>();
    expectTypeOf(eventCodec(memoryEvents).decode({})).toEqualTypeOf<MemoryEvent | string>();
  });

  it('refuse what is not in the table', () => {
    // @ts-expect-error: a kind that the table does not have
    const unknown: EventOf<typeof everything> = { kind: 'thing.vanished' };
    // @ts-expect-error: a field is missing
    const incomplete: EventOf<typeof everything> = { kind: 'thing.happened', count: 1 };
    // @ts-expect-error: not one of the choices
    const misguided: EventOf<typeof everything> = { ...sound, side: 'top' };

    expect([unknown, incomplete, misguided].map((event) => guard(event) === undefined)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
