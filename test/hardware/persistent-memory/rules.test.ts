import { describe, expect, it } from 'vitest';
import {
  FILE_SPACE_BYTES,
  type MachineConfiguration,
  machineConfiguration,
} from '../../../src/hardware/persistent-memory/configuration.ts';
import type { MemoryEvent } from '../../../src/hardware/persistent-memory/events.ts';
import { evolveMemory } from '../../../src/hardware/persistent-memory/evolve.ts';
import { type Operation, operationsOf, perform } from '../../../src/hardware/persistent-memory/operations.ts';
import {
  initialMemory,
  type MemoryState,
  nvdimmAddress,
} from '../../../src/hardware/persistent-memory/state.ts';
import { InputError } from '../../../src/kernel/errors.ts';
import { hexOf } from '../../support/bytes.ts';

/** A machine of two cores and small lines with a file of 64 bytes. */
function machine(configuration: Partial<MachineConfiguration> = {}): MemoryState {
  const state = initialMemory({
    cores: 2,
    lineBytes: 16,
    interleaveBytes: 16,
    controllers: 1,
    ...configuration,
  });
  fold(state, { kind: 'file.mapped', file: 'memory', base: 0x1000n, sizeBytes: 64, fileOffset: 0 });
  return state;
}

function fold(state: MemoryState, ...events: MemoryEvent[]): void {
  for (const event of events) evolveMemory(state, event);
}

function run(state: MemoryState, ...operations: Operation[]): MemoryEvent[] {
  return operations.flatMap((operation) => {
    const events = perform(state, operation);
    fold(state, ...events);
    return events;
  });
}

const store = (core: number, address: number, data: string): Operation => ({
  type: 'store',
  core,
  address,
  data,
});
const ntstore = (core: number, address: number, data: string): Operation => ({
  ...{ type: 'store', core, address, data },
  nonTemporal: true,
});
const clwb = (core: number, address: number): Operation => flush(core, address, 'clwb');
const clflush = (core: number, address: number): Operation => flush(core, address, 'clflush');
const flush = (core: number, address: number, instruction: 'clwb' | 'clflush'): Operation => ({
  type: 'flush',
  core,
  address,
  sizeBytes: 1,
  instruction,
});
const sfence = (core: number): Operation => ({ type: 'fence', core, instruction: 'sfence' });
const hint: Operation = { type: 'hint', core: 0, controller: 0 };
const domain = (state: MemoryState, address: number, lengthBytes: number): string =>
  hexOf(state.domain.read(address, lengthBytes));

describe('rule 1: a line keeps its order', () => {
  it('an eviction takes all pieces of the line along, and of no other', () => {
    const state = machine();
    run(state, store(0, 0, '01'), store(1, 8, '02'), store(0, 16, '03'));
    fold(state, { kind: 'line.evicted', address: 0 });

    expect(domain(state, 0, 17)).toBe('0100000000000000020000000000000000');
  });
});

describe('rule 2: a flush marks what was stored so far', () => {
  it('whoever stored it, and nothing stored later', () => {
    const state = machine();
    run(state, store(1, 0, '01'), clwb(0, 0), store(1, 1, '02'), sfence(0));

    expect(domain(state, 0, 2)).toBe('0100');
  });

  it('for this core only', () => {
    const state = machine();
    run(state, store(0, 0, '01'), clwb(0, 0), sfence(1));

    expect(domain(state, 0, 1)).toBe('00');
  });
});

describe('rule 3: a fence accepts', () => {
  it('line by line in address order, then it retires', () => {
    const state = machine();
    const events = run(
      state,
      store(0, 32, '01'),
      store(0, 0, '02'),
      ntstore(0, 16, '03'),
      clwb(0, 32),
      clwb(0, 0),
      sfence(0),
    );

    expect(events.slice(5)).toEqual([
      { kind: 'fence.issued', core: 0, instruction: 'sfence' },
      { kind: 'wpq.accepted', core: 0, address: 0 },
      { kind: 'wpq.accepted', core: 0, address: 16 },
      { kind: 'wpq.accepted', core: 0, address: 32 },
      { kind: 'fence.retired', core: 0, instruction: 'sfence' },
    ]);
  });

  it('and does not retire before', () => {
    const state = machine();
    run(state, store(0, 0, '01'), clwb(0, 0));
    fold(state, { kind: 'fence.issued', core: 0, instruction: 'sfence' });

    expect(() => fold(state, { kind: 'fence.retired', core: 0, instruction: 'sfence' })).toThrow(
      'fence.retired is illegal here: a line that the core flushed is not accepted yet',
    );
  });

  it('CLFLUSH needs none', () => {
    const state = machine();
    run(state, store(0, 0, '01'), clflush(0, 0));

    expect(domain(state, 0, 1)).toBe('01');
  });
});

describe('rule 4: a non-temporal store waits for the fence of its own core', () => {
  it.each(['P1', 'P2'] as const)('and for no flush or fence of another one, on %s', (platform) => {
    const state = machine({ platform });
    run(state, ntstore(0, 0, '01'), store(1, 8, '02'), clwb(1, 0), sfence(1), clflush(1, 0), clflush(0, 0));
    expect(domain(state, 0, 9)).toBe('000000000000000002');

    run(state, sfence(0));
    expect(domain(state, 0, 9)).toBe('010000000000000002');
  });

  it('unless a later ordinary piece of its atom takes it along', () => {
    const state = machine();
    run(state, ntstore(0, 0, '0101'), store(1, 1, '02'), clflush(1, 0));

    expect(domain(state, 0, 2)).toBe('0102');
  });

  it('a write-combining buffer is written out by the atom', () => {
    const state = machine();
    run(state, ntstore(0, 0, '01'), ntstore(0, 8, '02'));
    fold(state, { kind: 'combining.written', address: 8 });

    expect(domain(state, 0, 9)).toBe('000000000000000002');
    expect(() => fold(state, { kind: 'combining.written', address: 8 })).toThrow(
      'no write-combining buffer holds that atom',
    );
  });
});

describe('rule 5: what is durable', () => {
  it.each([
    ['P0', '00'],
    ['P1', '01'],
    ['P1f', '00'],
    ['P2', '01'],
  ] as const)('on %s after flush and fence, then the loss of power: %s', (platform, left) => {
    const state = machine({ platform });
    run(state, store(0, 0, '01'), clwb(0, 0), sfence(0));
    fold(state, { kind: 'power.lost' });

    expect(hexOf(state.visible.read(0, 1))).toBe(left);
  });

  it.each(['P0', 'P1f'] as const)('on %s after a flush hint', (platform) => {
    const state = machine({ platform });
    run(state, store(0, 0, '01'), clwb(0, 0), sfence(0), store(0, 0, '02'), hint);

    expect(domain(state, 0, 1)).toBe('01');
  });

  it('on P2 at once', () => {
    const state = machine({ platform: 'P2' });
    run(state, store(0, 0, '01'));

    expect(domain(state, 0, 1)).toBe('01');
  });

  it('a queue under the defect that loses it is not', () => {
    const state = machine({ platform: 'P1', defect: 'queue-lost-under-adr' });
    run(state, store(0, 0, '01'), clwb(0, 0), sfence(0));

    expect(domain(state, 0, 1)).toBe('00');
  });
});

describe('rule 6: the queue', () => {
  it('a flush hint also waits for a line that came into the queue before and again after it was written', () => {
    const state = machine({ platform: 'P0' });
    run(state, store(0, 0, '01'), clwb(0, 0), sfence(0));
    fold(state, { kind: 'hint.written', core: 0, controller: 0 });
    run(state, store(1, 0, '02'), clwb(1, 0), sfence(1));

    expect(() => fold(state, { kind: 'hint.done', core: 0, controller: 0 })).toThrow(
      'line 0x0 is still in the queue',
    );
  });

  it('a flush hint does not wait for a line that came after it was written', () => {
    const state = machine({ platform: 'P0' });
    fold(state, { kind: 'hint.written', core: 0, controller: 0 });
    run(state, store(1, 0, '01'), clwb(1, 0), sfence(1));
    fold(state, { kind: 'hint.done', core: 0, controller: 0 });

    expect(domain(state, 0, 1)).toBe('00');
    expect(state.cores[0].retired).toBe(1);
  });

  it('a torn write leaves some atoms, and only the loss of power follows', () => {
    const state = machine({ platform: 'P0' });
    run(state, store(0, 0, '01'), store(0, 8, '02'), clwb(0, 0), sfence(0));
    fold(state, { kind: 'wpq.torn', address: 0, atoms: 2 });

    expect(() => run(state, store(0, 16, '03'))).toThrow('only the loss of power can follow');
    fold(state, { kind: 'power.lost' });
    expect(domain(state, 0, 9)).toBe('000000000000000002');
  });

  it('is never torn where it survives', () => {
    const state = machine();
    run(state, store(0, 0, '01'), clwb(0, 0), sfence(0));

    expect(() => fold(state, { kind: 'wpq.torn', address: 0, atoms: 1 })).toThrow(
      'so its media writes are never torn',
    );
  });

  it('takes no more lines than it holds', () => {
    const state = machine({ queueLines: 1 });
    run(state, store(0, 0, '01'), store(0, 16, '02'));
    fold(state, { kind: 'line.evicted', address: 0 });

    expect(() => fold(state, { kind: 'line.evicted', address: 16 })).toThrow(
      'the write pending queue is full',
    );
    fold(state, { kind: 'wpq.drained', address: 0 }, { kind: 'line.evicted', address: 16 });
    expect(state.occupancyLines).toEqual([1]);
  });
});

describe('a store buffer', () => {
  it('holds its stores back from the others, and drains in order', () => {
    const state = machine();
    fold(
      state,
      { kind: 'store.buffered', core: 0, address: 4, data: '0102030405' },
      { kind: 'flush.buffered', core: 0, address: 0, sizeBytes: 16, instruction: 'clwb' },
    );
    expect(hexOf(state.visible.read(4, 5))).toBe('0000000000');
    const flushed: MemoryEvent = {
      kind: 'line.flushed',
      core: 0,
      address: 0,
      sizeBytes: 16,
      instruction: 'clwb',
    };

    expect(() => fold(state, flushed)).toThrow('something else is at the head of the store buffer');
    fold(state, { kind: 'store.visible', core: 0, address: 4, data: '01020304', more: true });
    expect(() => fold(state, flushed)).toThrow(HEAD_IS_ANOTHER);
    fold(state, { kind: 'store.visible', core: 0, address: 8, data: '05' });
    expect(() => fold(state, { ...flushed, sizeBytes: 8 })).toThrow(HEAD_IS_ANOTHER);
    fold(state, flushed);

    expect(hexOf(state.visible.read(4, 5))).toBe('0102030405');
    expect(state.cores[0]).toMatchObject({ buffer: [], retired: 2 });
  });

  it('must be empty before a fence accepts anything or retires', () => {
    const state = machine();
    fold(
      state,
      { kind: 'store.buffered', core: 0, address: 0, data: '01' },
      { kind: 'fence.issued', core: 0, instruction: 'mfence' },
    );

    expect(() => fold(state, { kind: 'fence.retired', core: 0, instruction: 'mfence' })).toThrow(
      'the store buffer of core 0 is not empty',
    );
  });

  it('has room for so many entries', () => {
    const state = machine({ storeBufferEntries: 1 });
    const buffered: MemoryEvent = { kind: 'store.buffered', core: 0, address: 0, data: '01' };
    fold(state, buffered);

    expect(() => fold(state, buffered)).toThrow('the store buffer is full');
  });
});
const HEAD_IS_ANOTHER = 'something else is at the head of the store buffer';

describe('files', () => {
  it('keep their bytes wherever they are mapped; of overlapping mappings the newest counts', () => {
    const state = machine();
    fold(
      state,
      { kind: 'file.mapped', file: 'memory', base: 0x9000n, sizeBytes: 32, fileOffset: 32 },
      { kind: 'file.mapped', file: 'other', base: 0x1010n, sizeBytes: 16, fileOffset: 0 },
    );

    expect(nvdimmAddress(state, 0x9000n)).toBe(32);
    expect(nvdimmAddress(state, 0x1010n)).toBe(2 ** 40);
    expect(nvdimmAddress(state, 0x1020n)).toBe(32);
    expect(nvdimmAddress(state, 0x903fn)).toBeUndefined();
  });

  it('are loaded before the first store to them', () => {
    const state = machine();
    fold(state, { kind: 'file.loaded', address: 3, data: '0102' });
    expect(domain(state, 3, 2)).toBe('0102');
    run(state, store(0, 8, '01'));

    fold(state, { kind: 'file.loaded', address: 0, data: '05' }); // another atom of the same line
    expect(domain(state, 0, 1)).toBe('05');
    const late = { kind: 'file.loaded', address: 8, data: '01' } as const;
    expect(() => fold(state, late)).toThrow('loaded before the first store');
    run(state, { type: 'flush', core: 0, address: 8, sizeBytes: 64, instruction: 'clwb' });
    run(state, { type: 'fence', core: 0, instruction: 'sfence' });
    expect(() => fold(state, late)).toThrow('loaded before the first store');
  });
});

describe('what is certain on every platform', () => {
  it.each(['P0', 'P1', 'P1f', 'P2'] as const)('on %s contents are not loaded over a store', (platform) => {
    const state = machine({ platform });
    run(state, store(0, 0, '01'));

    expect(() => fold(state, { kind: 'file.loaded', address: 0, data: '02' })).toThrow(
      'contents are loaded before the first store to them',
    );
    fold(state, { kind: 'file.loaded', address: 8, data: '03' }); // the other atom of the line
  });

  it('CLFLUSH waits for room in the queue like everything else', () => {
    const state = machine({ queueLines: 1 });
    run(state, store(0, 0, '01'), store(0, 16, '02'), clflush(0, 0));

    expect(() => run(state, clflush(0, 16))).toThrow('the write pending queue is full');
    expect(state.occupancyLines).toEqual([1]);
    expect(state.cores[0].retired).toBe(3);
    fold(state, { kind: 'wpq.drained', address: 0 });
    run(state, clflush(0, 16));
    expect(domain(state, 16, 1)).toBe('02');
  });

  it('CLFLUSH leaves nothing for a fence to look at, however long none comes', () => {
    const state = machine();
    for (let i = 0; i < 100; i++) run(state, store(0, 0, '01'), clflush(0, 0));

    expect(state.cores[0].flushed).toEqual([]);
  });

  it('lines of every size lie within one file', () => {
    for (let lineBytes = 8; lineBytes <= 256; lineBytes += 8) {
      if ((lineBytes & (lineBytes - 1)) !== 0) {
        expect(() => machineConfiguration({ lineBytes, interleaveBytes: lineBytes })).toThrow(InputError);
        continue;
      }
      const { lineBytes: accepted } = machineConfiguration({ lineBytes });
      expect(FILE_SPACE_BYTES % accepted).toBe(0);
    }
  });
});

describe('operations', () => {
  it('come back out of the events that they became', () => {
    const operations: Operation[] = [
      { type: 'map', file: 'memory', base: 0x1000n, sizeBytes: 64, fileOffset: 0 },
      { type: 'load', address: 40, data: '0708' },
      { type: 'store', core: 1, address: 4, data: '0102030405060708', source: 'a.c:1' },
      { type: 'store', core: 0, address: 16, data: '01', nonTemporal: true },
      { type: 'flush', core: 1, address: 0, sizeBytes: 1, instruction: 'clflushopt' },
      { type: 'fence', core: 1, instruction: 'mfence' },
      { type: 'hint', core: 0, controller: 0 },
      { type: 'marker', core: 0, name: 'DONE' },
    ];
    const state = initialMemory({ cores: 2, platform: 'P0' });

    const events = run(state, ...operations);

    expect([...operationsOf(events)]).toEqual(operations);
  });
});

describe('a machine configuration', () => {
  it.each<[Partial<MachineConfiguration>, string]>([
    [{ lineBytes: 12 }, 'lineBytes must be 8, 16, 32, 64, 128 or 256'],
    [{ lineBytes: 24, interleaveBytes: 24 }, 'lineBytes must be 8, 16, 32, 64, 128 or 256'],
    [{ lineBytes: 512 }, 'lineBytes must be 8, 16, 32, 64, 128 or 256'],
    [{ cores: 0 }, 'cores must be from 1 to 64'],
    [{ controllers: 1.5 }, 'controllers must be 1 to 64'],
    [{ interleaveBytes: 100 }, 'interleaveBytes must be a multiple of lineBytes'],
    [{ storeBufferEntries: 0 }, 'storeBufferEntries must be 1 or more'],
    [{ queueLines: 0 }, 'queueLines must be 1 or more, or absent'],
  ])('refuses %j', (given, wrong) => {
    expect(() => machineConfiguration(given)).toThrow(new InputError(`machine configuration: ${wrong}`));
  });
});
