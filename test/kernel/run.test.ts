import fc from 'fast-check';
import { concatMap, map, take } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { Digest } from '../../src/kernel/digest.ts';
import { IllegalEvent } from '../../src/kernel/errors.ts';
import type { Model } from '../../src/kernel/model.ts';
import { type Batch, foldInto, Run, type RunOptions } from '../../src/kernel/run.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/kernel/run.test.ts';

type Counted = { kind: 'counted'; by: number };
interface Counter {
  sum: number;
}

/** Counts; a negative number is illegal. */
const counter: Model<Counter, Counted> = {
  name: 'counter',
  version: 1,
  evolve: (state, event) => {
    if (event.by < 0) throw new IllegalEvent(event.kind, 'it counts up only');
    state.sum += event.by;
  },
  digest: () => new Digest(),
};

const counted = (...by: number[]): Counted[] => by.map((by) => ({ kind: 'counted', by }));
const newRun = (options?: RunOptions<Counted>): Run<Counter, Counted> =>
  new Run(counter, { sum: 0 }, options);
const batches = fc.array(fc.array(fc.integer({ min: -1, max: 9 }), { maxLength: 6 }), { maxLength: 12 });

describe('a run', () => {
  it('delivers what it folds, in batches and one by one, in order and exactly that', () => {
    const cases = fc.property(batches, (batches) => {
      const run = newRun();
      const whole: Batch<Counted>[] = [];
      const single: Counted[] = [];
      run.batches$.subscribe((batch) => whole.push(batch));
      run.events$.subscribe((event) => single.push(event));
      const wanted: Counted[] = [];
      for (const batch of batches) {
        const legal = batch.includes(-1) ? batch.slice(0, batch.indexOf(-1)) : batch;
        const append = (): void => run.append(counted(...batch));
        if (legal === batch) append();
        else expect(append).toThrow(`event ${wanted.length + legal.length}: counted is illegal here`);
        wanted.push(...counted(...legal));
      }

      expect(single).toEqual(wanted);
      expect(whole.flatMap(({ events }) => events)).toEqual(wanted);
      let index = 0;
      for (const { firstIndex, events } of whole) {
        expect(firstIndex).toBe(index);
        expect(events.length).toBeGreaterThan(0);
        index += events.length;
      }
      expect(run.index).toBe(wanted.length);
      expect(run.state.sum).toBe(wanted.reduce((sum, { by }) => sum + by, 0));
    });
    holds(cases, 200, FILE);
  });

  it('delivers exactly the events before an illegal one in mid-batch, and goes on', () => {
    const run = newRun({ index: 100 });
    const seen: Batch<Counted>[] = [];
    run.batches$.subscribe((batch) => seen.push(batch));

    expect(() => run.append(counted(1, 2, -1, 4))).toThrow(
      expect.objectContaining({
        name: 'IllegalEvent',
        index: 102,
        kind: 'counted',
        reason: 'it counts up only',
      }),
    );
    run.append(counted(5));

    expect(seen).toEqual([
      { firstIndex: 100, events: counted(1, 2) },
      { firstIndex: 102, events: counted(5) },
    ]);
    expect(run.state.sum).toBe(8);
  });

  it('counts what was folded before a model failed, too', () => {
    const failing = {
      ...counter,
      evolve: (state: Counter, { by }: Counted) => {
        if (by === 3) throw new Error('a mistake in the model');
        state.sum += by;
      },
    };
    const run = new Run<Counter, Counted>(failing, { sum: 0 });
    const seen: Counted[] = [];
    run.events$.subscribe((event) => seen.push(event));

    expect(() => run.append(counted(1, 2, 3))).toThrow('a mistake in the model');

    expect(seen).toEqual(counted(1, 2));
    expect(run.index).toBe(2);
  });

  it('keeps the order for all when a subscriber appends', () => {
    const run = newRun();
    const first: number[] = [];
    const second: number[] = [];
    run.events$.subscribe(({ by }) => {
      first.push(by);
      if (by === 1) run.append(counted(10, 11));
      if (by === 10) run.append(counted(100));
    });
    run.events$.subscribe(({ by }) => second.push(by));

    run.append(counted(1, 2));
    run.append(counted(3));

    expect(first).toEqual([1, 2, 10, 11, 100, 3]);
    expect(second).toEqual(first);
  });

  it('starts a late subscriber at the next batch, and lets go of one that leaves in between', () => {
    const run = newRun();
    const late: number[] = [];
    const leaving: number[] = [];
    run.events$.pipe(take(2)).subscribe(({ by }) => leaving.push(by));
    run.append(counted(1));
    run.events$.subscribe(({ by }) => late.push(by));
    run.append(counted(2, 3));

    expect(leaving).toEqual([1, 2]);
    expect(late).toEqual([2, 3]);
  });

  it('completes its observables', () => {
    const run = newRun();
    const complete = vi.fn();
    run.batches$.subscribe({ complete });
    run.events$.pipe(map(({ by }) => by)).subscribe({ complete });

    run.complete();

    expect(complete).toHaveBeenCalledTimes(2);
  });

  it('a fork goes on from the same state and index, and neither sees the other', () => {
    const run = newRun();
    run.append(counted(1, 2));
    const seen: Counted[] = [];
    run.events$.subscribe((event) => seen.push(event));

    const fork = run.fork();
    fork.append(counted(10));
    run.append(counted(5));

    expect([run.state.sum, fork.state.sum]).toEqual([8, 13]);
    expect([run.index, fork.index]).toEqual([3, 3]);
    expect(seen).toEqual(counted(5));
  });
});

describe('a subscriber that throws', () => {
  const boom = new Error('boom');
  const ways: [string, (run: Run<Counter, Counted>, seen: number[]) => void][] = [
    [
      'of events',
      (run, seen) => {
        run.events$.subscribe(({ by }) => {
          seen.push(by);
          if (by === 2) throw boom;
        });
      },
    ],
    [
      'of batches',
      (run, seen) => {
        run.batches$.subscribe({
          next: ({ events }) => {
            seen.push(...events.map(({ by }) => by));
            if (seen.includes(2)) throw boom;
          },
        });
      },
    ],
    [
      'behind pipe(map)',
      (run, seen) => {
        run.events$.pipe(map(({ by }) => by)).subscribe((by) => {
          seen.push(by);
          if (by === 2) throw boom;
        });
      },
    ],
    [
      'inside map',
      (run, seen) => {
        run.events$
          .pipe(
            map(({ by }) => {
              if (by === 2) throw boom;
              return by;
            }),
          )
          .subscribe((by) => seen.push(by));
      },
    ],
    [
      'behind several operators',
      (run, seen) => {
        run.batches$
          .pipe(
            concatMap(({ events }) => events),
            map(({ by }) => by),
            take(10),
          )
          .subscribe((by) => {
            seen.push(by);
            if (by === 2) throw boom;
          });
      },
    ],
  ];

  it.each(ways)('%s, is reported and unsubscribed; the run and the others go on', async (_, subscribe) => {
    const errors: unknown[] = [];
    const run = newRun({ onSubscriberError: (error) => errors.push(error) });
    const others: number[] = [];
    const seen: number[] = [];
    const late = vi.fn();
    process.on('uncaughtException', late);
    run.events$.subscribe(({ by }) => others.push(by));
    subscribe(run, seen);
    run.events$.subscribe(({ by }) => others.push(-by));

    run.append(counted(1));
    run.append(counted(2));
    run.append(counted(3, 4));
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off('uncaughtException', late);

    expect(errors).toEqual([boom]);
    expect(seen.filter((by) => by > 2)).toEqual([]);
    expect(others).toEqual([1, -1, 2, -2, 3, 4, -3, -4]);
    expect(run.state.sum).toBe(10);
    expect(late).not.toHaveBeenCalled();
  });

  it('while it subscribes to nothing more is told nothing more', () => {
    const run = newRun();
    const complete = vi.fn();
    run.events$.subscribe({
      next: () => {
        throw boom;
      },
      complete,
    });
    run.append(counted(1));
    run.complete();

    expect(complete).not.toHaveBeenCalled();
  });

  it('corrupts nothing when it appended before', () => {
    const run = newRun({ onSubscriberError: () => undefined });
    const seen: number[] = [];
    run.events$.subscribe(({ by }) => {
      if (by !== 1) return;
      run.append(counted(2));
      throw boom;
    });
    run.events$.subscribe(({ by }) => seen.push(by));

    run.append(counted(1));
    run.append(counted(3));

    expect(seen).toEqual([1, 2, 3]);
  });
});

describe('sinks', () => {
  const slow = (): {
    taken: Counted[];
    inside: number;
    mostInside: number;
    write: (batch: Batch<Counted>) => Promise<void>;
  } => ({
    taken: [],
    inside: 0,
    mostInside: 0,
    async write(batch) {
      this.mostInside = Math.max(this.mostInside, ++this.inside);
      await new Promise((resolve) => setTimeout(resolve, 1));
      this.taken.push(...batch.events);
      this.inside--;
    },
  });

  it('are awaited between batches', async () => {
    const sinks = [slow(), slow()];
    const run = newRun({ sinks });
    const asked: number[] = [];
    function* source(): Generator<Counted[]> {
      for (let i = 1; i <= 5; i++) {
        asked.push(sinks[0].taken.length);
        yield counted(i);
      }
    }

    await run.drive(source());

    expect(asked).toEqual([0, 1, 2, 3, 4]);
    for (const sink of sinks) {
      expect(sink.taken).toEqual(counted(1, 2, 3, 4, 5));
      expect(sink.mostInside).toBe(1);
    }
  });

  it('take batches that were appended at once one after the other', async () => {
    const sink = slow();
    const run = newRun({ sinks: [sink] });
    run.append(counted(1));
    run.append(counted(2, 3));

    await run.settled();

    expect(sink.taken).toEqual(counted(1, 2, 3));
    expect(sink.mostInside).toBe(1);
  });

  it('that fail stop the drive with their error, and nothing is unhandled', async () => {
    const run = newRun({
      sinks: [
        {
          write: ({ firstIndex }) => {
            if (firstIndex === 1) throw new Error('disk full');
          },
        },
      ],
    });

    await expect(run.drive([counted(1), counted(2), counted(3)])).rejects.toThrow('disk full');
    expect(run.index).toBe(2);
  });

  it('get what was folded before an illegal event', async () => {
    const sink = slow();
    const run = newRun({ sinks: [sink] });

    await expect(run.drive([counted(1, 2, -1)])).rejects.toThrow(IllegalEvent);
    await run.settled();

    expect(sink.taken).toEqual(counted(1, 2));
  });
});

describe('foldInto', () => {
  it('names the index of the illegal event, counted from where the caller says', () => {
    expect(() => foldInto(counter, { sum: 0 }, counted(1, -1), 40)).toThrow(
      'event 41: counted is illegal here: it counts up only',
    );
  });
});

describe('a reducer with a bug', () => {
  it('is named with the event and its index, and what was folded before it is delivered', () => {
    const model: Model<{ sum: number }, { kind: string }> = {
      name: 'toy',
      version: 1,
      evolve: (state, { kind }) => {
        if (kind === 'broken') throw new TypeError('undefined is not a function');
        state.sum++;
      },
      digest: () => new Digest(),
    };
    const run = new Run(model, { sum: 0 });
    const seen: string[] = [];
    run.events$.subscribe(({ kind }) => seen.push(kind));

    expect(() => run.append([{ kind: 'fine' }, { kind: 'broken' }, { kind: 'fine' }])).toThrow(
      'event 1: the reducer of toy threw on broken: undefined is not a function',
    );
    expect({ index: run.index, seen }).toEqual({ index: 1, seen: ['fine'] });
  });
});
