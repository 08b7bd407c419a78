import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressSpace } from '../../src/guests/store-log/address-space.ts';
import { exportStoreLog, importStoreLog } from '../../src/guests/store-log/store-log.ts';
import type { MemoryEvent } from '../../src/hardware/persistent-memory/events.ts';
import { memoryModel } from '../../src/hardware/persistent-memory/memory.ts';
import { type Operation, operationsOf, perform } from '../../src/hardware/persistent-memory/operations.ts';
import { initialMemory, nvdimmAddress } from '../../src/hardware/persistent-memory/state.ts';
import { imported, STORE_LOGS, someRecords, storeLog } from '../support/store-logs.ts';

function eventsOf(operations: Iterable<Operation>): MemoryEvent[] {
  const state = initialMemory();
  const events: MemoryEvent[] = [];
  for (const operation of operations) {
    for (const event of perform(state, operation)) {
      memoryModel.evolve(state, event);
      events.push(event);
    }
  }
  return events;
}

describe('laws of store logs', () => {
  it('a log gives the same operations however it is cut into chunks', () => {
    const whole = storeLog('list4');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: whole.length }), { maxLength: 40 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const chunks = places.slice(1).map((to, i) => whole.subarray(places[i], to));

        expect(importStoreLog(chunks)).toEqual(importStoreLog(whole));
      }),
    );
    expect(importStoreLog([...whole].map((byte) => Uint8Array.of(byte)))).toEqual(importStoreLog(whole));
  });

  it('the machine can perform whatever an import asks of it', () => {
    fc.assert(
      fc.property(someRecords, (records) => {
        const { operations } = imported(records);

        expect([...operationsOf(eventsOf(operations))]).toEqual(operations);
      }),
    );
  });

  it('importing what was exported gives the same operations, when nothing was lost', () => {
    let complete = 0;
    fc.assert(
      fc.property(someRecords, (records) => {
        const { operations } = imported(records);
        const { log, lost } = exportStoreLog(operations);
        if (lost.length > 0) return;
        complete++;

        expect(importStoreLog(Buffer.from(log)).operations).toEqual(operations);
      }),
      { numRuns: 1000 },
    );
    expect(complete).toBeGreaterThan(500);
  });

  it('an export can be imported, whatever was lost', () => {
    fc.assert(
      fc.property(someRecords, (records) => {
        const { operations } = imported(records);
        const again = importStoreLog(Buffer.from(exportStoreLog(operations).log)).operations;

        const kinds = (all: Operation[]) =>
          all.filter(({ type }) => type === 'fence' || type === 'marker' || type === 'map');
        expect(kinds(again)).toEqual(kinds(operations));
      }),
    );
  });

  it('finds the NVDIMM address that the machine finds', () => {
    const page = fc.integer({ min: 0, max: 7 });
    const mapping = fc.record({
      file: fc.constantFrom('a', 'b'),
      base: page,
      pages: fc.integer({ min: 1, max: 4 }),
      offset: page,
    });
    fc.assert(
      fc.property(fc.array(mapping, { maxLength: 6 }), (mappings) => {
        const state = initialMemory();
        const space = new AddressSpace();
        for (const { file, base, pages, offset } of mappings) {
          const given = {
            file,
            base: BigInt(base) * 4096n,
            sizeBytes: pages * 4096,
            fileOffset: offset * 4096,
          };
          memoryModel.evolve(state, { kind: 'file.mapped', ...given });
          space.map(given.file, given.base, given.sizeBytes, given.fileOffset);
        }
        for (let virtual = 0n; virtual < 12n * 4096n; virtual += 1024n) {
          const expected = nvdimmAddress(state, virtual);

          expect(space.segments(virtual, 1n)[0]?.address).toBe(expected);
          expect(space.find(0, Number(virtual)) === undefined).toBe(expected === undefined);
        }
      }),
    );
  });

  it.each(STORE_LOGS)('%s is exported as it was recorded, but for the process', (name) => {
    const original = storeLog(name).toString();
    const { operations, summary } = importStoreLog(Buffer.from(original));
    const { log, lost } = exportStoreLog(operations);

    expect(log.trim().replace(/==\d+==/, '')).toBe(original.trim().replace(/==\d+==/, ''));
    expect(lost).toEqual([]);
    expect(summary).toMatchObject({
      stopped: true,
      cutStores: 0,
      skipped: { stores: 0, flushes: 0 },
      talkLines: 0,
    });
  });
});
