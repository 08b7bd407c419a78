import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandsOf, drawnOver, ticksOf, widthOf } from '../../../src/recordings/reports/timeline-scale.ts';
import { sampleTimeline } from './sample-report.ts';

describe('the scale of the timeline', () => {
  it('has a few round ticks within the run', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: 1, max: 1e9 }), (from, length) => {
        const ticks = ticksOf(from, from + length, 8);

        expect(ticks.length).toBeLessThanOrEqual(9);
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(from);
          expect(tick).toBeLessThanOrEqual(from + length);
          expect(Number.isInteger(tick)).toBe(true);
        }
      }),
    );
  });

  it('covers every window with bands that are in order, apart, within the run and few', () => {
    const window = fc.record({ at: fc.nat(999_999), length: fc.nat(5_000) });
    fc.assert(
      fc.property(
        fc.array(window, { maxLength: 300 }),
        fc.constantFrom(1_024, 65_536),
        (given, eventsPerBucket) => {
          const timeline = { ...sampleTimeline(), events: 1_000_000, eventsPerBucket };
          const windows = given.map(({ at, length }) => ({
            from: 1 + at,
            to: Math.min(1_000_000, 1 + at + length),
            images: 1,
          }));
          const bands = bandsOf(windows, timeline);

          expect(bands.length).toBeLessThanOrEqual(2 * widthOf(timeline) + 1);
          bands.forEach(([from, to], i) => {
            expect(from).toBeGreaterThan(i === 0 ? -1 : bands[i - 1][1]);
            expect(to).toBeGreaterThanOrEqual(from);
            expect(to).toBeLessThanOrEqual(widthOf(timeline) + 0.5);
          });
          for (const one of windows) {
            const [from, to] = drawnOver(one).map((event) => event / eventsPerBucket);
            expect(bands.some((band) => band[0] <= from && to <= band[1])).toBe(true);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
