import fc from 'fast-check';
import { from, mergeMap, of, delay as takeLonger } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { classDigest } from '../../src/kernel/class-digest.ts';
import type { AnyEvent } from '../../src/kernel/event-table.ts';
import type { Model } from '../../src/kernel/model.ts';
import { type Batch, Run } from '../../src/kernel/run.ts';
import { logShipping } from '../../src/mechanisms/log-shipping/log-shipping.ts';
import { settingOf } from '../../src/mechanisms/setting.ts';
import { replicateTo } from '../../src/rxjs.ts';

// What the mechanism does inside the machine holds for the machine itself: its events are a log, and who folds what
// arrived of it is in the state of a prefix.

const setting = settingOf(logShipping, logShipping.scenarios[0]);
const model: Model<object, AnyEvent> = {
  name: logShipping.name,
  version: logShipping.version,
  evolve: logShipping.evolve,
  digest: classDigest,
};
const newRun = (): Run<object, AnyEvent> => new Run(model, logShipping.initial(setting));
const digestOf = ({ state }: Run<object, AnyEvent>): string => classDigest(state).hex();

const panicked: AnyEvent & { host: number } = { kind: 'host.panicked', host: 0 };

/** A run to its end, with a panic on the way: its events, and the digest of the state after the first n of them, at n. */
function recorded(): { events: readonly AnyEvent[]; digests: readonly string[] } {
  const primary = newRun();
  const events: AnyEvent[] = [];
  const digests = [digestOf(primary)];
  primary.events$.subscribe((event) => {
    events.push(event);
    digests.push(digestOf(primary));
  });
  const next = (): AnyEvent | undefined =>
    primary.index === 20
      ? panicked
      : (logShipping.recover(primary.state) ?? logShipping.decide(primary.state));
  for (let event = next(); event !== undefined; event = next()) primary.append([event]);
  return { events, digests };
}

const { events, digests } = recorded();

/** The events in batches of the given sizes, the rest one by one. */
function batchesOf(sizes: readonly number[]): Batch<AnyEvent>[] {
  const batches: Batch<AnyEvent>[] = [];
  for (let at = 0; at < events.length; ) {
    const size = sizes[batches.length] ?? 1;
    batches.push({ firstIndex: at, events: events.slice(at, at + size) });
    at += size;
  }
  return batches;
}

/** What befalls each batch on its way. */
interface Passage {
  /** How many batches sent later arrive before it. */
  readonly delay: number;
  /** How often it arrives. */
  readonly copies: number;
  /** How many events are missing at its end in the first copy. */
  readonly truncated: number;
}

/** The batches in the order of their arrival. */
function arrivals(batches: readonly Batch<AnyEvent>[], passages: readonly Passage[]): Batch<AnyEvent>[] {
  return batches
    .flatMap((batch, sent) => {
      const { delay, copies, truncated } = passages[sent] ?? { delay: 0, copies: 1, truncated: 0 };
      const part = { ...batch, events: batch.events.slice(0, batch.events.length - truncated) };
      const rest = Array.from({ length: copies - 1 }, () => batch);
      return [copies > 1 ? part : batch, ...rest].map((one, copy) => ({ one, at: sent + delay + 2 * copy }));
    })
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 });
const passages = fc.array(
  fc.record({
    delay: fc.nat({ max: 6 }),
    copies: fc.integer({ min: 1, max: 3 }),
    truncated: fc.nat({ max: 4 }),
  }),
  { maxLength: 40 },
);

/** Lets the batches arrive, and expects the replica to be in the state of a prefix after each, and after `to` at the end. */
function expectPrefixes(arriving: readonly Batch<AnyEvent>[], to: number): void {
  const replica = newRun();
  const indices: number[] = [];
  const seen: string[] = [];
  let failure: unknown;
  from(arriving)
    .pipe(replicateTo(replica, { earlyBatchesMax: 100 }))
    .subscribe({
      next: () => {
        indices.push(replica.index);
        seen.push(digestOf(replica));
      },
      error: (thrown) => {
        failure = thrown;
      },
    });

  expect(failure).toBeUndefined();
  expect(seen).toEqual(indices.map((index) => digests[index]));
  expect(indices).toEqual([...indices].sort((a, b) => a - b));
  expect(replica.index).toBe(to);
}

describe('a replica is the same fold over what arrived', () => {
  it('and is in the state of the prefix at every index', () => {
    const replica = newRun();
    const seen = [digestOf(replica)];
    from(batchesOf([]))
      .pipe(replicateTo(replica))
      .subscribe(() => seen.push(digestOf(replica)));

    expect(events.length).toBeGreaterThan(30);
    expect(seen).toEqual(digests);
  });

  it('also when batches come late, twice, or first in part: it ends with all of them', () => {
    fc.assert(
      fc.property(sizes, passages, (cut, befalls) => {
        expectPrefixes(arrivals(batchesOf(cut), befalls), events.length);
      }),
    );
  });

  it('also when the link is cut: it ends with what came before the first gap', () => {
    fc.assert(
      fc.property(sizes, passages, fc.nat({ max: 60 }), (cut, befalls, arriving) => {
        const arrived = arrivals(batchesOf(cut), befalls).slice(0, arriving);
        const has = (index: number): boolean =>
          arrived.some(
            ({ firstIndex, events: { length } }) => index >= firstIndex && index < firstIndex + length,
          );
        let prefix = 0;
        while (has(prefix)) prefix++;

        expectPrefixes(arrived, prefix);
      }),
    );
  });

  it('also when what was cut off is sent again from the last acknowledgement', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.nat({ max: 60 }), (cut, again, arriving) => {
        const first = batchesOf(cut).slice(0, arriving);
        expectPrefixes([...first, ...batchesOf(again)], events.length);
      }),
    );
  });

  it('also when batches take their time, each its own', async () => {
    const replica = newRun();
    const stream = from(batchesOf([3, 5, 2, 4])).pipe(
      mergeMap((batch, sent) => of(batch).pipe(takeLonger((sent * 7) % 5))),
      replicateTo(replica, { earlyBatchesMax: 100 }),
    );
    await stream.forEach(() => {
      expect(digestOf(replica)).toBe(digests[replica.index]);
    });

    expect(replica.index).toBe(events.length);
  });

  it('no more batches wait than it says, and the error names what is missing', () => {
    const [first, second, third, fourth] = batchesOf([2, 3, 2, 2]);
    const replica = newRun();
    let error: unknown;
    from([first, third, fourth, second])
      .pipe(replicateTo(replica, { earlyBatchesMax: 1 }))
      .subscribe({ error: (thrown) => (error = thrown) });

    expect(error).toBeInstanceOf(RangeError);
    expect(String(error)).toContain('events 2 to 6 did not reach the replica');
    expect(replica.index).toBe(2);
  });
});
