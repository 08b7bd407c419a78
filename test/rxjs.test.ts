import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { MemoryEvent } from '../src/hardware/persistent-memory/events.ts';
import { memoryModel } from '../src/hardware/persistent-memory/memory.ts';
import { initialMemory } from '../src/hardware/persistent-memory/state.ts';
import { type Batch, Run } from '../src/kernel/run.ts';
import { injectFaults, recordTo, replicateTo } from '../src/rxjs.ts';

const mapped: MemoryEvent = {
  kind: 'file.mapped',
  file: 'pool',
  base: 4096n,
  sizeBytes: 4096,
  fileOffset: 0,
};
const store = (k: number): MemoryEvent => ({
  kind: 'store.visible',
  core: 0,
  address: (k % 64) * 8,
  data: k.toString(16).padStart(16, '0'),
});
const events = [mapped, ...Array.from({ length: 50 }, (_, k) => store(k))];

/** The same events in batches of the given sizes. */
function batches<E>(all: readonly E[], sizes: readonly number[]): Batch<E>[] {
  const made: Batch<E>[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at + size > all.length) break;
    made.push({ firstIndex: at, events: all.slice(at, at + size) });
    at += size;
  }
  return at < all.length ? [...made, { firstIndex: at, events: all.slice(at) }] : made;
}

const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 12 });

describe('replicateTo', () => {
  it('a replica is in the state of the prefix that reached it, at every batch', () => {
    fc.assert(
      fc.property(sizes, (cut) => {
        const replica = new Run(memoryModel, initialMemory());
        const primary = new Run(memoryModel, initialMemory());
        primary.batches$.pipe(replicateTo(replica)).subscribe(() => {
          expect(replica.index).toBe(primary.index);
          expect(memoryModel.digest(replica.state).hex()).toBe(memoryModel.digest(primary.state).hex());
        });
        for (const batch of batches(events, cut)) primary.append(batch.events);
        expect(replica.index).toBe(events.length);
      }),
    );
  });

  it('what was seen is left out, and a gap is an error that names the missing events', () => {
    const replica = new Run(memoryModel, initialMemory());
    const overlapping = [
      { firstIndex: 0, events: events.slice(0, 10) },
      { firstIndex: 5, events: events.slice(5, 20) },
      { firstIndex: 0, events: events.slice(0, 3) },
    ];
    from(overlapping).pipe(replicateTo(replica)).subscribe();
    expect(replica.index).toBe(20);

    let error: unknown;
    from([{ firstIndex: 22, events: events.slice(22) }])
      .pipe(replicateTo(replica))
      .subscribe({ error: (thrown) => (error = thrown) });
    expect(String(error)).toContain('events 20 to 21 did not reach the replica');
  });
});

describe('injectFaults', () => {
  it('a fault stands after as many events as it says, whatever the batches', () => {
    const schedule = fc.array(fc.record({ at: fc.nat({ max: 60 }), fault: fc.nat() }), { maxLength: 5 });
    fc.assert(
      fc.property(sizes, schedule, (cut, faults) => {
        const numbers = Array.from({ length: 40 }, (_, k) => k);
        const expected: (number | string)[] = [];
        for (let k = 0; k <= numbers.length; k++) {
          for (const { at, fault } of faults) if (at === k) expected.push(`fault ${fault}`);
          if (k < numbers.length) expected.push(numbers[k]);
        }
        const seen: (number | string)[] = [];
        const scheduled = faults.map(({ at, fault }) => ({ at, events: [`fault ${fault}`] }));
        from(batches(numbers, cut))
          .pipe(injectFaults(scheduled))
          .subscribe((batch) => {
            expect(batch.firstIndex).toBe(seen.length);
            seen.push(...batch.events);
          });
        expect(seen).toEqual(expected);
      }),
    );
  });

  it('behind the loss of power there is nothing', async () => {
    const fault = { at: 20, events: [{ kind: 'power.lost' } as const], ends: true };
    const seen = await lastValueFrom(
      from(batches(events, [7, 7, 7, 7])).pipe(injectFaults([fault]), toArray()),
    );
    const flat = seen.flatMap((batch) => batch.events);
    expect(flat).toEqual([...events.slice(0, 20), { kind: 'power.lost' }]);
  });
});

describe('recordTo', () => {
  it('a slow sink takes one batch after the other, and each is passed on after it was taken', async () => {
    const log: string[] = [];
    const sink = {
      write: async ({ firstIndex }: Batch<MemoryEvent>) => {
        log.push(`begin ${firstIndex}`);
        await new Promise((resolve) => setTimeout(resolve, 1));
        log.push(`end ${firstIndex}`);
      },
    };
    const passed = from(batches(events, [20, 20])).pipe(recordTo(sink));
    await new Promise<void>((resolve) => {
      passed.subscribe({ next: ({ firstIndex }) => log.push(`passed ${firstIndex}`), complete: resolve });
    });
    expect(log).toEqual([0, 20, 40].flatMap((k) => [`begin ${k}`, `end ${k}`, `passed ${k}`]));
  });

  it('an error of the sink is an error of the stream', async () => {
    const broken = { write: () => Promise.reject(new Error('disk full')) };
    await expect(lastValueFrom(from(batches(events, [5])).pipe(recordTo(broken)))).rejects.toThrow(
      'disk full',
    );
  });
});
