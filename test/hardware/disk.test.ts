import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventArbitrary } from '../../src/fast-check.ts';
import { UNREADABLE } from '../../src/hardware/block-store.ts';
import {
  arrivable,
  canRead,
  canWrite,
  type Disk,
  type DiskEvent,
  type Disks,
  diskEvents,
  diskReducers,
  endFlush,
  newDisk,
} from '../../src/hardware/disk.ts';
import { evolveBy } from '../../src/kernel/reducers.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/hardware/disk.test.ts';
const BLOCKS = 2;
const evolve: (state: Disks, event: DiskEvent) => void = evolveBy(diskReducers);

const diskAfter = (...events: DiskEvent[]): [Disk, Disks] => {
  const state = { disks: [newDisk({ blocks: BLOCKS, hosts: 2, blockBytes: 2, queueDepth: 3 })] };
  for (const event of events) evolve(state, event);
  return [state.disks[0], state];
};
const issued = (host: number, block: number, data: string): DiskEvent => ({
  kind: 'disk.write.issued',
  disk: 0,
  host,
  block,
  data,
});
const completed = (position = 0): DiskEvent => ({ kind: 'disk.write.completed', disk: 0, position });
const written = (block = 0): DiskEvent => ({ kind: 'disk.block.written', disk: 0, block });
const flushIssued: DiskEvent = { kind: 'disk.flush.issued', disk: 0, host: 0 };
const flushCompleted = { kind: 'disk.flush.completed', disk: 0, flush: 0 } as const;
const powerCycled: DiskEvent = { kind: 'disk.power.cycled', disk: 0 };
const preempted: DiskEvent = { kind: 'disk.preempted', disk: 0, host: 0, by: 1 };

describe('a disk', () => {
  it('has 512 bytes in a block, and lets every host that is attached write', () => {
    const disk = newDisk({ blocks: 4, hosts: 2 });

    expect(disk.media.get(3)).toBe('00'.repeat(512));
    expect([canWrite(disk, 0), canWrite(disk, 1)]).toEqual([true, true]);
    expect(canWrite(newDisk({ blocks: 4, hosts: 2, registered: [1] }), 0)).toBe(false);
  });

  it('completes writes in any order, those of one block too', () => {
    const [disk] = diskAfter(issued(0, 0, '0101'), issued(0, 0, '0202'), completed(1), completed(0));

    expect(disk.contents.get(0)).toBe('0101');
  });

  it('loses what is under way or in its cache with power, and nothing that is on its media (F1)', () => {
    const [disk] = diskAfter(
      issued(0, 0, '0101'),
      completed(),
      written(),
      issued(0, 0, '0202'),
      issued(0, 1, '0303'),
      completed(0),
      powerCycled,
    );

    expect([disk.contents.get(0), disk.contents.get(1)]).toEqual(['0101', '0000']);
    expect(disk.writes).toEqual([]);
    expect(disk.dirty.count).toBe(0);
  });

  it('keeps cache and media apart, also after a loss of power', () => {
    const [disk] = diskAfter(powerCycled, issued(0, 0, '0101'), completed());

    expect([disk.contents.get(0), disk.media.get(0)]).toEqual(['0101', '0000']);
  });

  it('writes a block to its media once', () => {
    const [disk, state] = diskAfter(issued(0, 0, '0101'), completed(), written());

    expect(disk.dirty.count).toBe(0);
    expect(() => evolve(state, written())).toThrow('the cache holds nothing new of the block');
  });

  it('completes a flush when all that was in the cache is on the media; later writes are not waited for', () => {
    const [, state] = diskAfter(
      issued(0, 0, '0101'),
      issued(0, 1, '0202'),
      completed(),
      flushIssued,
      completed(),
    );
    expect(() => evolve(state, flushCompleted)).toThrow('1 blocks are yet to be written');

    evolve(state, written());

    expect(endFlush(state, flushCompleted)).toBe(0);
    expect(state.disks[0].flushes).toEqual([]);
  });

  it('tears a block that power is lost under, and only if it was being written (F9)', () => {
    const torn = { kind: 'disk.block.torn', disk: 0, block: 0, writtenBytes: 1 } as const;
    const [disk, state] = diskAfter(issued(0, 0, '0101'), completed(), torn);
    expect(disk.contents.get(0)).toBe('0101');

    evolve(state, powerCycled);

    expect(disk.contents.get(0)).toBe('0100');
    expect(() => evolve(state, torn)).toThrow('the cache holds nothing new of the block');
  });

  it('lets a write land after its issuer died, until that host is fenced (F22)', () => {
    const [disk, state] = diskAfter(issued(0, 0, '0101'), issued(0, 1, '0202'), completed(0), preempted);

    expect(arrivable(disk)).toEqual([]);
    expect(() => evolve(state, completed(0))).toThrow('host 0 may not write');
    evolve(state, { kind: 'disk.write.failed', disk: 0, position: 0 });

    expect([disk.contents.get(0), disk.contents.get(1)]).toEqual(['0101', '0000']);
  });

  it('is fenced only by a host that may write itself', () => {
    const [disk, state] = diskAfter(preempted);

    expect([canWrite(disk, 0), canRead(disk, 0)]).toEqual([false, true]);
    expect(() => evolve(state, { ...preempted, host: 1, by: 0 } as DiskEvent)).toThrow('host 0 has no right');
  });

  it('takes nothing new over a lost path, but what was issued before may arrive (F8)', () => {
    const [disk, state] = diskAfter(issued(0, 0, '0101'), { kind: 'path.lost', disk: 0, host: 0 });

    expect(() => evolve(state, issued(0, 1, '0202'))).toThrow('host 0 has no path');
    evolve(state, completed());

    expect(disk.contents.get(0)).toBe('0101');
    expect([canRead(disk, 0), canRead(disk, 1)]).toEqual([false, true]);
  });

  it('cannot read a lost block until it is written, unless its cache has it (F8)', () => {
    const lost: DiskEvent = { kind: 'disk.block.lost', disk: 0, block: 0 };
    const [clean] = diskAfter(lost);
    const [cached] = diskAfter(issued(0, 0, '0101'), completed(), lost);
    const [rewritten] = diskAfter(lost, issued(0, 0, '0101'), completed(), written());

    expect(clean.contents.get(0)).toBe(UNREADABLE);
    expect([cached.contents.get(0), cached.media.get(0)]).toEqual(['0101', UNREADABLE]);
    const torn: DiskEvent = { kind: 'disk.block.torn', disk: 0, block: 0, writtenBytes: 1 };
    expect(() => evolve({ disks: [cached] }, torn)).toThrow(
      'the block is unreadable until it is written whole',
    );
    expect(rewritten.media.get(0)).toBe('0101');
  });

  it('that failed can only fail what is under way (F8)', () => {
    const [disk, state] = diskAfter(issued(0, 0, '0101'), { kind: 'disk.failed', disk: 0 });

    expect(canRead(disk, 0)).toBe(false);
    for (const event of [completed(), flushIssued, powerCycled, issued(0, 0, '0101')]) {
      expect(() => evolve(state, event)).toThrow('the disk has failed');
    }
    evolve(state, { kind: 'disk.write.failed', disk: 0, position: 0 });
    expect(disk.writes).toEqual([]);
  });

  it('keeps what a completed flush promised, and nothing that was never written, whatever is lost', () => {
    const some = (...kinds: DiskEvent['kind'][]) =>
      eventArbitrary(diskEvents, { kinds, maxCount: 1, maxBytes: 0, withCause: false });
    const write = fc
      .tuple(fc.nat(1), fc.nat(BLOCKS - 1), fc.constantFrom('0101', '0202', '0303'))
      .map(([host, block, data]) => issued(host, block, data));
    const event = fc.oneof(
      { weight: 4, arbitrary: write },
      { weight: 4, arbitrary: some('disk.write.completed') },
      { weight: 4, arbitrary: some('disk.block.written', 'disk.flush.issued', 'disk.flush.completed') },
      { weight: 1, arbitrary: some('disk.power.cycled', 'disk.block.torn', 'disk.write.failed') },
    );
    let promises = 0;
    const property = fc.property(fc.array(event, { maxLength: 80, size: 'max' }), (events) => {
      const [disk, state] = diskAfter();
      // For each block, everything that it has held, oldest first; a flush promises a place in each history.
      const histories = Array.from({ length: BLOCKS }, () => ['0000']);
      const durableFrom = new Array<number>(BLOCKS).fill(0);
      let underWay: number[][] = [];
      let torn = new Set<number>();

      for (const original of events) {
        const event = { ...original, disk: 0 } as DiskEvent;
        const write = event.kind === 'disk.write.completed' ? disk.writes[event.position] : undefined;
        try {
          evolve(state, event);
        } catch {
          continue;
        }
        if (write !== undefined) histories[write.block].push(write.data);
        if (event.kind === 'disk.flush.issued') underWay.push(histories.map(({ length }) => length - 1));
        if (event.kind === 'disk.flush.completed') {
          const [promised] = underWay.splice(event.flush, 1);
          for (const [block, from] of promised.entries())
            durableFrom[block] = Math.max(durableFrom[block], from);
          promises++;
        }
        if (event.kind === 'disk.block.torn') torn.add(event.block);
        if (event.kind === 'disk.block.written') torn.delete(event.block);
        for (const [block, history] of histories.entries()) {
          expect(disk.contents.get(block)).toBe(
            event.kind === 'disk.power.cycled' ? disk.media.get(block) : history.at(-1),
          );
          if (!torn.has(block)) expect(history.slice(durableFrom[block])).toContain(disk.media.get(block));
        }
        if (event.kind === 'disk.power.cycled') {
          for (const [block, history] of histories.entries()) history.push(disk.media.get(block));
          for (const [block, { length }] of histories.entries()) durableFrom[block] = length - 1;
          underWay = [];
          torn = new Set();
        }
      }
    });
    holds(property, 400, FILE);
    expect(promises).toBeGreaterThan(100);
  });
});
