import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CrashExplorer } from '../../src/explore/crash-explorer.ts';
import { limitsOf, wholeShard } from '../../src/explore/limits.ts';
import { buildTimeline, type RunTimeline, TIMELINE_LANES } from '../../src/explore/timeline.ts';
import { importStoreLog } from '../../src/guests/store-log/store-log.ts';
import { PLATFORMS } from '../../src/hardware/persistent-memory/configuration.ts';
import { type Operation, perform } from '../../src/hardware/persistent-memory/operations.ts';
import { initialMemory } from '../../src/hardware/persistent-memory/state.ts';

const fixture = (name: string): Operation[] => {
  const bytes = readFileSync(new URL(`../../fixtures/pmem/${name}`, import.meta.url));
  return importStoreLog(name.endsWith('.gz') ? gunzipSync(bytes) : bytes).operations;
};

/** What holds of every timeline, whatever the run. */
function expectLaws(timeline: RunTimeline, buckets: number): void {
  const { events, eventsPerBucket, lanes, totals, imagesLog2, spans } = timeline;
  const used = Math.ceil(events / eventsPerBucket);
  expect(used).toBeLessThanOrEqual(buckets);
  if (eventsPerBucket > 1) expect(used).toBeGreaterThan(buckets / 2);
  expect(imagesLog2).toHaveLength(used);
  for (const lane of TIMELINE_LANES) {
    expect(lanes[lane]).toHaveLength(used);
    expect(lanes[lane].reduce((sum, count) => sum + count, 0)).toBe(totals[lane]);
  }
  for (let i = 0; i < used; i++) {
    const inBucket = TIMELINE_LANES.reduce((sum, lane) => sum + lanes[lane][i], 0);
    expect(inBucket).toBe(Math.min(eventsPerBucket, events - i * eventsPerBucket));
    expect(imagesLog2[i]).toBeGreaterThanOrEqual(0);
  }
  const ends = new Map<number, number>();
  for (const { depth, from, to, count, names } of spans) {
    expect(from).toBeGreaterThanOrEqual(ends.get(depth) ?? 0);
    expect(to).toBeGreaterThan(from);
    expect(to).toBeLessThanOrEqual(events);
    expect(names.length).toBeLessThanOrEqual(4);
    expect(count).toBeGreaterThanOrEqual(names.length);
    ends.set(depth, to);
  }
}

const address = fc.nat(31).map((atom) => atom * 8);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  address.map((at): Operation => ({ type: 'store', core: 0, address: at, data: 'ab'.repeat(8) })),
  address.map((at): Operation => ({ type: 'store', core: 0, address: at + 4, data: 'cd'.repeat(8) })),
  fc
    .tuple(address, fc.constantFrom('clwb' as const, 'clflush' as const))
    .map(
      ([at, instruction]): Operation => ({ type: 'flush', core: 0, address: at, sizeBytes: 64, instruction }),
    ),
  fc.constant<Operation>({ type: 'fence', core: 0, instruction: 'sfence' }),
  fc
    .tuple(fc.constantFrom('A', 'B', 'C'), fc.constantFrom('BEGIN', 'END'))
    .map(([name, what]): Operation => ({ type: 'marker', core: 0, name: `${name}.${what}` })),
);
const map: Operation = { type: 'map', file: 'pool', base: 0n, sizeBytes: 4096, fileOffset: 0 };

describe('the timeline of a run', () => {
  it('counts every event once, in order, in no more buckets than it may use', () => {
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 120 }),
        fc.constantFrom(2, 8, 64, 1_200),
        fc.constantFrom(...PLATFORMS),
        (operations, buckets, platform) => {
          expectLaws(buildTimeline([map, ...operations], { platform }, buckets), buckets);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each(['P1', 'P2'] as const)('has as many images as the explorer after each event, on %s', (platform) => {
    const operations = fixture('listbug8.storelog');
    const timeline = buildTimeline(operations, { platform });
    const state = initialMemory({ platform });
    const explorer = new CrashExplorer(state, { limits: limitsOf(), seed: 1n, shard: wholeShard });
    const explored: number[] = [];
    for (const one of operations) {
      for (const event of perform(state, one)) {
        explorer.step(event);
        explored.push(explorer.frontier.distinct().log2);
      }
    }

    expect(timeline.eventsPerBucket).toBe(1);
    expect(timeline.imagesLog2.map((log2) => Math.round(2 ** log2))).toEqual(
      explored.map((log2) => Math.round(2 ** log2)),
    );
  });

  it('keeps the highest number of images of a bucket', () => {
    const operations = fixture('listbug8.storelog');
    const fine = buildTimeline(operations, { platform: 'P1' });
    const coarse = buildTimeline(operations, { platform: 'P1' }, 40);
    const { eventsPerBucket } = coarse;

    expect(coarse.totals).toEqual(fine.totals);
    expect(coarse.imagesLog2).toEqual(
      coarse.imagesLog2.map((_, i) =>
        Math.max(...fine.imagesLog2.slice(i * eventsPerBucket, (i + 1) * eventsPerBucket)),
      ),
    );
  });

  it('sums up a long run and joins its short spans', () => {
    const timeline = buildTimeline(fixture('list2500.storelog.gz'), { platform: 'P1' });

    expectLaws(timeline, 1_200);
    expect(timeline).toMatchObject({ events: 57_632, totals: { markers: 5_002 } });
    expect(timeline.spans).toEqual([
      { depth: 0, from: 125, to: 57_632, count: 2_501, names: ['INIT', 'PUSH'], hasMoreNames: false },
    ]);
  });

  it('costs no square of the run where nothing ever leaves the queues', () => {
    const operations = fixture('list2500.storelog.gz').slice(0, 8_000);
    const timeline = buildTimeline(operations, { platform: 'P0' });

    expect(Math.max(...timeline.imagesLog2)).toBeGreaterThan(1_000);
  });

  it('leaves out what nests too deep, and ends what never ends with the run', () => {
    const begin = Array.from(
      { length: 100 },
      (_, i): Operation => ({ type: 'marker', core: 0, name: `M${i}.BEGIN` }),
    );
    const timeline = buildTimeline([map, ...begin], { platform: 'P1' });

    expect(timeline.spans.map(({ names, to }) => [names[0], to])).toEqual(
      ['M0', 'M1', 'M2', 'M3', 'M4', 'M5'].map((name) => [name, 101]),
    );
    expect(timeline.spansTooDeep).toBe(94);
  });

  it('is empty for an empty run', () => {
    const timeline = buildTimeline([], {});

    expectLaws(timeline, 1_200);
    expect(timeline.imagesLog2).toEqual([]);
  });
});
