import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EXECUTABLE,
  GuestFault,
  GuestMemory,
  KEPT,
  MAPPED,
  PAGE_BYTES,
  PERSISTENT,
  READABLE,
  TRANSLATED,
  WRITABLE,
} from '../../src/processor/memory.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/processor/memory.test.ts';
const PAGES = 16;

/** Memory as two plain lists, copied whole for a snapshot. */
interface Naive {
  bytes: number[];
  attributes: number[];
}

const rights = fc.constantFrom(
  0,
  READABLE,
  READABLE | WRITABLE,
  READABLE | EXECUTABLE,
  READABLE | WRITABLE | PERSISTENT,
);
const range = fc
  .tuple(fc.nat(PAGES - 1), fc.integer({ min: 1, max: 4 }))
  .map(([page, count]) => ({ page, count: Math.min(count, PAGES - page) }));
const step = fc.oneof(
  fc.record({ do: fc.constant('map' as const), range, rights }),
  fc.record({ do: fc.constant('unmap' as const), range }),
  fc.record({ do: fc.constant('protect' as const), range, rights }),
  fc.record({ do: fc.constant('store' as const), at: fc.nat(PAGES * PAGE_BYTES - 9), value: fc.nat(255) }),
  fc.record({ do: fc.constant('translate' as const), page: fc.nat(PAGES - 1) }),
  fc.record({ do: fc.constant('snapshot' as const) }),
  fc.record({ do: fc.constant('restore' as const) }),
);

describe('memory of a guest', () => {
  it('is a list of pages, and goes back to its snapshot', () => {
    holds(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const memory = new GuestMemory(PAGES * PAGE_BYTES, 64);
        const naive: Naive = {
          bytes: new Array<number>(PAGES * PAGE_BYTES).fill(0),
          attributes: new Array<number>(PAGES).fill(0),
        };
        let kept: Naive | undefined;
        for (const one of steps) kept = take(one, memory, naive, kept);
        expect([...memory.attributes].map((attributes) => attributes & ~(KEPT | TRANSLATED))).toEqual(
          naive.attributes,
        );
        expect(Buffer.compare(memory.bytes.subarray(0, PAGES * PAGE_BYTES), Buffer.from(naive.bytes))).toBe(
          0,
        );
      }),
      300,
      FILE,
    );
  });

  it('says which byte of an access faults', () => {
    const memory = new GuestMemory(16 * PAGE_BYTES, 64);
    memory.map(PAGE_BYTES, PAGE_BYTES, READABLE);
    const fault = (address: bigint, sizeBytes: number, access: 'read' | 'write'): GuestFault | undefined => {
      try {
        memory.offset(address, sizeBytes, access);
        return undefined;
      } catch (error) {
        if (error instanceof GuestFault) return error;
        throw error;
      }
    };
    expect(fault(0x1ff8n, 8, 'read')).toBeUndefined();
    expect(fault(0x1ff9n, 8, 'read')).toMatchObject({ address: 0x2000n, isMapped: false });
    expect(fault(0x0ff9n, 8, 'read')).toMatchObject({ address: 0x0ff9n, isMapped: false });
    expect(fault(0x1000n, 1, 'write')).toMatchObject({ address: 0x1000n, isMapped: true });
    expect(fault(0xffff_ffff_ffff_fff8n, 8, 'read')).toMatchObject({ isMapped: false });
    expect(fault(16n * 4096n, 1, 'read')).toMatchObject({ isMapped: false });
  });
});

function take(step: Step, memory: GuestMemory, naive: Naive, kept: Naive | undefined): Naive | undefined {
  switch (step.do) {
    case 'map':
      memory.map(step.range.page * PAGE_BYTES, step.range.count * PAGE_BYTES, step.rights);
      zero(naive, step.range);
      naive.attributes.fill(step.rights | MAPPED, step.range.page, step.range.page + step.range.count);
      return kept;
    case 'unmap':
      memory.unmap(step.range.page * PAGE_BYTES, step.range.count * PAGE_BYTES);
      zero(naive, step.range);
      naive.attributes.fill(0, step.range.page, step.range.page + step.range.count);
      return kept;
    case 'protect': {
      const { page, count } = step.range;
      if (!memory.isMapped(page * PAGE_BYTES, count * PAGE_BYTES)) return kept;
      const asked = step.rights & ~PERSISTENT;
      memory.protect(page * PAGE_BYTES, count * PAGE_BYTES, asked);
      for (let at = page; at < page + count; at++)
        naive.attributes[at] = (naive.attributes[at] & PERSISTENT) | asked | MAPPED;
      return kept;
    }
    case 'store': {
      try {
        const at = memory.offset(BigInt(step.at), 8, 'write');
        memory.prepareStore(at, 8);
        for (let i = 0; i < 8; i++) {
          memory.bytes[at + i] = step.value;
          naive.bytes[at + i] = step.value;
        }
      } catch (error) {
        if (!(error instanceof GuestFault)) throw error;
        const pages = [Math.floor(step.at / PAGE_BYTES), Math.floor((step.at + 7) / PAGE_BYTES)];
        expect(pages.some((page) => (naive.attributes[page] & WRITABLE) === 0)).toBe(true);
      }
      return kept;
    }
    case 'translate':
      if ((memory.attributes[step.page] & MAPPED) !== 0) memory.attributes[step.page] |= TRANSLATED;
      return kept;
    case 'snapshot':
      memory.takeSnapshot();
      return { bytes: naive.bytes.slice(), attributes: naive.attributes.slice() };
    case 'restore':
      if (kept === undefined) return kept;
      memory.restore();
      naive.bytes = kept.bytes.slice();
      naive.attributes = kept.attributes.slice();
      return kept;
  }
}

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function zero(naive: Naive, { page, count }: { readonly page: number; readonly count: number }): void {
  naive.bytes.fill(0, page * PAGE_BYTES, (page + count) * PAGE_BYTES);
}
