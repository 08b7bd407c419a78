import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TracedOperations } from '../../../src/guests/programs/traced-operations.ts';
import { evolveMemory } from '../../../src/hardware/persistent-memory/evolve.ts';
import { type Operation, perform } from '../../../src/hardware/persistent-memory/operations.ts';
import { initialMemory, type MemoryState } from '../../../src/hardware/persistent-memory/state.ts';
import { OPERATIONS_MAX } from '../../../src/processor/layout.ts';
import { PERSISTENT, READABLE, WRITABLE } from '../../../src/processor/memory.ts';
import { Processor } from '../../../src/processor/processor.ts';
import { holds } from '../../support/many.ts';

const FILE = 'test/guests/programs/traced-operations.test.ts';
const PAGE = 4096;
const POOL = 16 * PAGE;
const LOG = 18 * PAGE; // right behind the pool
const VOLATILE = 20 * PAGE;
const PLACES = [
  { path: '/pool', address: POOL, capacityBytes: 2 * PAGE, sizeBytes: 2 * PAGE },
  { path: '/log', address: LOG, capacityBytes: 2 * PAGE, sizeBytes: undefined },
];

/** A processor with two files on NVDIMMs and two volatile pages behind them, and what is traced of it. */
function machine() {
  const operations: Operation[] = [];
  const positions: number[] = [];
  const processor = new Processor(1 << 20, 'persistent', (records) => trace.records(records));
  processor.memory.map(POOL, 4 * PAGE, READABLE | WRITABLE | PERSISTENT);
  processor.memory.map(VOLATILE, 2 * PAGE, READABLE | WRITABLE);
  const trace = new TracedOperations(PLACES, {
    take: ({ operation, at }) => {
      operations.push(operation);
      positions.push(at.instructions);
    },
    where: () => ({
      instructions: processor.instructions,
      instructionPointer: processor.instructionPointer,
      isOfKernel: false,
    }),
    sourceOf: (instruction) => `0x${instruction.toString(16)}`,
  });
  const finish = (): Operation[] => {
    processor.operations.drain();
    trace.end();
    return operations;
  };
  return { processor, trace, positions, finish };
}

function performed(operations: readonly Operation[]): MemoryState {
  const state = initialMemory();
  for (const operation of operations)
    for (const event of perform(state, operation)) evolveMemory(state, event);
  return state;
}

const access = fc.record({
  kind: fc.constantFrom('store', 'movnt', 'clwb', 'clflush', 'sfence', 'locked'),
  address: fc.integer({ min: POOL, max: VOLATILE + 2 * PAGE - 16 }),
  sizeBytes: fc.constantFrom(1, 2, 4, 8, 16),
  data: fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
});

describe('what a program does to its NVDIMMs, as operations', () => {
  it('leaves the machine with what the guest sees, whatever is stored where', () => {
    holds(
      fc.property(fc.array(access, { maxLength: 60 }), fc.integer({ min: 0, max: 2 }), (accesses, early) => {
        const { processor, trace, finish } = machine();
        // The ring is near its end, so that a store of 16 bytes can be cut between two batches.
        for (let i = 0; i < OPERATIONS_MAX - 1 - early; i++) processor.fence('locked');
        trace.begin((path) => (path === '/pool' ? new Uint8Array(2 * PAGE) : undefined));
        trace.resized('/log', 2 * PAGE);
        for (const { kind, address, sizeBytes, data } of accesses) {
          const value = data & ((1n << BigInt(8 * sizeBytes)) - 1n);
          if (kind === 'store' || kind === 'movnt')
            processor.store(BigInt(address), sizeBytes, value, kind === 'movnt');
          else if (kind === 'clwb' || kind === 'clflush') processor.flush(kind, BigInt(address));
          else processor.fence(kind as 'sfence' | 'locked');
        }
        const state = performed(finish());
        const { bytes } = processor.memory;
        expect(state.files.map(({ name }) => name)).toEqual(['/pool', '/log']);
        for (const [file, start] of [POOL, LOG].entries()) {
          const seen = state.visible.read(state.files[file].address, 2 * PAGE);
          expect(Buffer.compare(seen, bytes.subarray(start, start + 2 * PAGE))).toBe(0);
        }
      }),
      200,
      FILE,
    );
  });

  it('begins with what the files hold', () => {
    const { trace, finish } = machine();
    const contents = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);
    trace.begin((path) => (path === '/pool' ? contents : undefined));
    const state = performed(finish());
    expect(state.files).toEqual([{ name: '/pool', address: 0, sizeBytes: 5000 }]);
    expect(Buffer.compare(state.domain.read(0, 5000), contents)).toBe(0);
  });

  it('a line that is written is a marker behind the stores before it', () => {
    const { processor, trace, finish } = machine();
    trace.resized('/log', PAGE);
    processor.instructionPointer = 0x401000;
    processor.store(BigInt(LOG + 8), 8, 0x0102030405060708n);
    processor.operations.drain();
    trace.written(1, new TextEncoder().encode('stored\nand'));
    trace.written(2, new TextEncoder().encode('oh\n'));
    trace.written(1, new TextEncoder().encode(' more'));
    expect(finish().slice(1)).toEqual([
      { type: 'store', core: 0, address: 8, data: '0807060504030201', source: '0x401000' },
      { type: 'marker', core: 0, name: 'stored' },
      { type: 'marker', core: 0, name: 'oh' },
      { type: 'marker', core: 0, name: 'and more' },
    ]);
  });

  it('a file that is written before its size is told has the bytes that are written', () => {
    const { processor, trace, finish } = machine();
    processor.store(BigInt(LOG), 8, 1n);
    processor.store(BigInt(LOG + 8), 8, 2n);
    processor.operations.drain();
    trace.resized('/log', 16);
    const operations = finish();
    expect(operations.map(({ type }) => type)).toEqual(['map', 'store', 'store']);
    expect(performed(operations).files).toEqual([{ name: '/log', address: 0, sizeBytes: 16 }]);
    trace.resized('/log', undefined);
    expect([...trace.shrunk]).toEqual(['/log']);
  });

  it('a flush of volatile memory is no operation, and is told with its place among them', () => {
    const { processor, trace, finish } = machine();
    processor.memory.map(POOL - PAGE, PAGE, READABLE | WRITABLE);
    processor.instructionPointer = 0x401000;
    processor.flush('clwb', BigInt(VOLATILE));
    processor.fence('sfence');
    processor.instructionPointer = 0x402000;
    processor.flush('clwb', BigInt(POOL - 8));
    expect(finish().map(({ type }) => type)).toEqual(['fence']);
    expect(trace.strayFlushes).toEqual({
      count: 2,
      first: [
        { place: 0, source: '0x401000', isOnStack: false },
        { place: 1, source: '0x402000', isOnStack: true }, // the stack ends where the NVDIMM begins
      ],
    });
  });

  it('knows how many instructions came before, also beyond 32 bits', () => {
    const { processor, finish, positions } = machine();
    const executed = [2 ** 32 - 2, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 7];
    for (const instructions of executed) {
      processor.instructions = instructions;
      processor.fence('sfence');
    }
    finish();
    expect(positions).toEqual(executed);
  });

  it('an idle lock is no event; a fence is one', () => {
    const { processor, trace, finish } = machine();
    trace.resized('/log', PAGE);
    processor.fence('locked');
    processor.store(BigInt(LOG), 1, 1n);
    processor.fence('locked');
    processor.fence('locked');
    processor.fence('sfence');
    expect(finish().map((one) => (one.type === 'fence' ? one.instruction : one.type))).toEqual([
      'map',
      'store',
      'locked',
      'sfence',
    ]);
  });
});
