import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content } from '../../src/explore/line-choices.ts';
import { Odometer } from '../../src/explore/odometer.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/explore/odometer.test.ts';

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const content: fc.Arbitrary<Content> = fc.record({
  durable: fc.constant([]),
  a: word,
  b: word,
  c: word,
  d: word,
});
const wheels = fc.array(fc.array(content, { minLength: 1, maxLength: 4 }), { maxLength: 5 });

describe('an odometer', () => {
  it('shows each choice once, one step from the one before, with the lanes of all that it shows', () => {
    const cases = fc.property(wheels, fc.tuple(word, word, word, word), (wheels, start) => {
      const odometer = new Odometer();
      odometer.start(wheels, ...start);
      const seen = new Set<string>();
      let before: number[] | undefined;
      do {
        const { digits, lanes } = odometer;
        seen.add(digits.join());
        const wanted = start.map((lane, i) =>
          wheels.reduce(
            (sum, wheel, at) => sum ^ wheel[digits[at]][(['a', 'b', 'c', 'd'] as const)[i]],
            lane,
          ),
        );
        expect([...lanes]).toEqual(wanted);
        const steps = before
          ?.map((digit, at) => Math.abs(digit - digits[at]))
          .reduce((sum, step) => sum + step, 0);
        expect(steps ?? 1).toBe(1);
        before = digits.slice();
      } while (odometer.next());

      expect(seen.size).toBe(wheels.reduce((product, wheel) => product * wheel.length, 1));
    });
    holds(cases, 200, FILE);
  });
});
