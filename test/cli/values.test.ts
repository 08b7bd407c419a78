import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectBase, parseMark, parseSeed } from '../../src/cli/values.ts';

describe('values stay exact', () => {
  it('a seed has all its 64 bits, in either form', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (seed) => {
        expect(parseSeed(String(seed))).toBe(seed);
        expect(parseSeed(`0x${seed.toString(16)}`)).toBe(seed);
      }),
    );
  });

  it('a place is counted from the beginning or from the end', () => {
    expect(parseMark('0')).toEqual({ events: 0, fromEnd: false });
    expect(parseMark('9007199254740991')).toEqual({ events: 9007199254740991, fromEnd: false });
    expect(parseMark('-1')).toEqual({ events: 1, fromEnd: true });
    expect(parseMark('end')).toEqual({ events: 0, fromEnd: true });
  });

  it.each(['', ' 1', '1e3', '0x10', '--1', '9007199254740992', '+1'])('%j is no place', (text) => {
    expect(() => parseMark(text)).toThrow('It must be a number of events');
  });

  it('a file of base contents may have = in its name, and is given once', () => {
    const once = collectBase('a=b=c', new Map());
    expect(once).toEqual(new Map([['a=b', 'c']]));
    expect(() => collectBase('a=b=d', once)).toThrow('given twice');
  });
});
