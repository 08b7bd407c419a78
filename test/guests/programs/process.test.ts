import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProcessHooks, SystemCall } from '../../../src/guests/programs/guest-process.ts';
import { InputError } from '../../../src/kernel/errors.ts';
import type { OperationRecord } from '../../../src/processor/operations.ts';
import { guestSpec, runGuest, startGuest } from '../../support/guests.ts';
import { holds } from '../../support/many.ts';

const FILE = 'test/guests/programs/process.test.ts';
const END = 10_000_000;

const poolSpec = (contents?: Uint8Array) =>
  guestSpec('pool', [], {
    persistentFiles: new Map([
      ['/pool', { capacityBytes: 65536, ...(contents !== undefined && { contents }) }],
    ]),
  });

/** All that is told of a run from here on. */
function observer(): { told: unknown[]; hooks: ProcessHooks } {
  const told: unknown[] = [];
  return {
    told,
    hooks: {
      operations: (records) => {
        for (let place = 0; place < records.count; place++) told.push(records.record(place));
      },
      systemCalled: ({ name, result }) => told.push(`${name} = ${result}`),
      written: (descriptor, bytes) => told.push([descriptor, new TextDecoder().decode(bytes)]),
      persistentMapped: (mapping) => told.push(mapping),
      persistentResized: (path, sizeBytes) => told.push([path, sizeBytes]),
    },
  };
}

describe('a process', () => {
  it('does the same from a snapshot as it did, wherever that was taken and however often it goes back', () => {
    const { told, hooks } = observer();
    startGuest(poolSpec(), hooks).run(END);
    const whole = [...told];
    holds(
      fc.property(fc.nat(12_000), fc.nat(12_000), (first, second) => {
        told.length = 0;
        const process = startGuest(poolSpec(), hooks);
        process.run(first);
        process.takeSnapshot();
        const before = told.length;
        process.run(first + second);
        for (let time = 0; time < 2; time++) {
          process.restore();
          told.length = before;
          process.run(END);
          expect(told).toEqual(whole);
          expect(process.end).toEqual({ why: 'exited', status: 0 });
          expect(process.contents('/pool')).toEqual(new TextEncoder().encode('the end'));
        }
      }),
      3,
      FILE,
    );
  });

  it('tells records of operations before the system call that follows them', () => {
    const { told, hooks } = observer();

    startGuest(poolSpec(), hooks).run(END);

    const kinds = told.map((one) => (isStore(one) ? 'store' : one));
    expect(kinds.indexOf('store')).toBeGreaterThan(0);
    expect(kinds.indexOf('store')).toBeLessThan(kinds.indexOf('write = 5'));
  });

  it('pauses before it looks at a file on an NVDIMM, and finds what was put there meanwhile', () => {
    const calls: SystemCall[] = [];
    const process = startGuest(poolSpec(), { systemCalled: (call) => calls.push(call) });

    expect(process.run(END, { pauseAtPersistentFile: true })).toBe('paused');
    expect(calls.some(({ name }) => name === 'open')).toBe(false);
    process.takeSnapshot();
    process.replacePersistentFile('/pool', new TextEncoder().encode('there'));
    process.run(END);

    // The first open finds the file, and the second one, which wants a new file, EEXIST.
    const opened = calls.filter(({ name }) => name === 'open').map(({ result }) => result);
    expect(opened.slice(0, 2)).toEqual([3n, -17n]);
    process.restore();
    expect(process.contents('/pool')).toBeUndefined();
  });

  it('does nothing else, and at no other time, when it was paused', () => {
    const [whole, paused] = [false, true].map((pauseAtPersistentFile) => {
      const calls: SystemCall[] = [];
      const process = startGuest(poolSpec(), { systemCalled: (call) => calls.push(call) });
      if (pauseAtPersistentFile) {
        expect(process.run(END, { pauseAtPersistentFile })).toBe('paused');
        const other = startGuest(poolSpec());
        other.run(process.processor.instructions);
        expect(other.processor.describe()).toBe(process.processor.describe());
      }
      process.run(END);
      return calls;
    });
    expect(paused).toEqual(whole);
  });

  it('has files on NVDIMMs whose contents system calls store, and fsync flushes and fences', () => {
    const { told, hooks } = observer();
    const process = startGuest(poolSpec(), hooks);
    const [{ address }] = process.persistentFiles();

    process.run(END);

    const from = told.indexOf('write = 5');
    const stores = told.slice(0, from).filter(isStore);
    expect(stores.map((one) => [one.kind, one.address - address, one.sizeBytes, one.data])).toEqual([
      ['store', 0, 4, 0x69676562n],
      ['store', 4, 1, 0x6en],
    ]);
    const synced = told.slice(0, told.indexOf('fsync = 0')).filter(isRecord);
    const lines = new Set<number>();
    for (const { kind, address: at } of synced) {
      if (kind === 'store') lines.add(Math.floor(at / 64));
      if (kind === 'clwb') lines.delete(Math.floor(at / 64));
    }
    expect([...lines]).toEqual([]);
    expect(synced.at(-1)?.kind).toBe('sfence');
  });

  it.each([
    ['a file that it is given', '/data'],
    ['the program itself', '/bin/pool'],
    ['a directory', '/tmp'],
    ['the directory of another one', '/pools'],
  ])('is refused where a file on an NVDIMM has the path of %s', (_, path) => {
    const spec = guestSpec('pool', [], {
      files: new Map([['/data', new Uint8Array(1)]]),
      persistentFiles: new Map([path, '/pools/first'].map((one) => [one, { capacityBytes: 4096 }])),
    });
    expect(() => startGuest(spec)).toThrow(
      new InputError(
        `${path}: is on persistent memory, and something else has the same path; give one of them another`,
      ),
    );
  });

  it('draws its random numbers from the seed alone', () => {
    const stacks = [1n, 1n, 2n].map((seed) => {
      const process = startGuest(guestSpec('hello', [], { seed }));
      return process.processor.memory.bytes.slice(32 * 2 ** 20 - 4096, 32 * 2 ** 20);
    });

    expect(stacks[0]).toEqual(stacks[1]);
    expect(stacks[0]).not.toEqual(stacks[2]);
  });

  it('ends where it was stopped by its budget, and goes on from there', () => {
    const process = startGuest(guestSpec('hello', ['1']));

    expect(process.run(1000)).toBe('reached');
    expect(process.processor.instructions).toBe(1000);
    expect(process.end).toBeUndefined();
    expect(process.run(END)).toBe('ended');
    expect(process.end).toEqual({ why: 'exited', status: 2 });
  });

  it('says which instruction it could not execute, or which address it could not reach', () => {
    const reasonOf = (how: string): unknown => runGuest(guestSpec('signals', [how])).end;

    expect(reasonOf('ill')).toMatchObject({
      reason: expect.stringMatching(/^illegal instruction ud2 \(bytes 0f 0b\) at 0x[0-9a-f]+$/),
    });
    expect(reasonOf('segv')).toMatchObject({
      reason: expect.stringMatching(
        /^write at 0x1234, where nothing is mapped, by the instruction at 0x[0-9a-f]+$/,
      ),
    });
    expect(reasonOf('abort')).toMatchObject({ signal: 6, reason: undefined });
  });
});

const isRecord = (one: unknown): one is OperationRecord =>
  typeof one === 'object' && one !== null && 'position' in one;

const isStore = (one: unknown): one is OperationRecord => isRecord(one) && one.kind === 'store';
