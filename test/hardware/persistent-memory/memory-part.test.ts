import { describe, expect, it } from 'vitest';
import type { MemoryEvent } from '../../../src/hardware/persistent-memory/events.ts';
import { MemoryPart } from '../../../src/hardware/persistent-memory/memory-part.ts';
import { initialMemory, mediaOf } from '../../../src/hardware/persistent-memory/state.ts';
import { classDigest } from '../../../src/kernel/class-digest.ts';

const LINE_BYTES = 8;

function partAfter(events: readonly MemoryEvent[], platform: 'P0' | 'P1' = 'P0'): MemoryPart {
  const state = initialMemory({
    platform,
    lineBytes: LINE_BYTES,
    interleaveBytes: LINE_BYTES,
    controllers: 1,
    cores: 2,
  });
  const mapped: MemoryEvent = { kind: 'file.mapped', file: 'region', base: 0n, sizeBytes: 32, fileOffset: 0 };
  const part = new MemoryPart(state);
  for (const event of [mapped, ...events]) part.evolve(event);
  return part;
}

const stored = (line: number, value: number): MemoryEvent => ({
  kind: 'store.visible',
  core: 0,
  address: line * LINE_BYTES,
  data: value.toString(16).padStart(2, '0').repeat(LINE_BYTES),
});
const evicted = (line: number): MemoryEvent => ({ kind: 'line.evicted', address: line * LINE_BYTES });
const drained = (line: number): MemoryEvent => ({ kind: 'wpq.drained', address: line * LINE_BYTES });
const hinted: MemoryEvent = { kind: 'hint.written', core: 1, controller: 0 };

const digestOf = (events: readonly MemoryEvent[]): string => classDigest(partAfter(events)).hex();

describe('the persistent-memory machine as a part of a state', () => {
  it('is the same after other events, where the same can happen from now on', () => {
    const once = [stored(0, 2), evicted(0)];
    const twice = [stored(0, 1), evicted(0), drained(0), ...once];

    expect(digestOf([...twice, drained(0)])).toBe(digestOf([...once, drained(0)]));
    expect(digestOf(twice)).not.toBe(digestOf(once)); // the media hold another value
  });

  it('tells what a flush hint covers from what came after it', () => {
    const [first, second] = [
      [stored(0, 1), stored(1, 2), evicted(0), evicted(1)],
      [stored(0, 1), stored(1, 2), evicted(0)],
    ];

    expect(digestOf([...first, hinted])).not.toBe(digestOf([...second, hinted, evicted(1)]));
  });

  it('tells the order in which cores flushed from that in which they did not', () => {
    const flushed: MemoryEvent = {
      kind: 'line.flushed',
      core: 0,
      address: 0,
      sizeBytes: LINE_BYTES,
      instruction: 'clwb',
    };

    expect(digestOf([stored(0, 1), flushed, stored(0, 2)])).not.toBe(
      digestOf([stored(0, 1), stored(0, 2), flushed]),
    );
  });

  it('forks: neither side sees what the other does', () => {
    const part = partAfter([stored(0, 1)]);
    const before = classDigest(part).hex();
    const fork = part.fork();

    fork.evolve(evicted(0));
    expect(classDigest(part).hex()).toBe(before);
    expect(classDigest(fork).hex()).not.toBe(before);
  });

  it('loses its queues with the power when the persistence domain is void, and has power again', () => {
    const part = partAfter([stored(0, 1), evicted(0)], 'P1');
    const saved = part.fork();
    part.voidDomain();
    for (const one of [part, saved]) one.evolve({ kind: 'power.lost' });

    expect(mediaOf(part.state).byte(0)).toBe(0);
    expect(mediaOf(saved.state).byte(0)).toBe(1);
    part.powerUp();
    part.evolve(stored(0, 3));
    expect(part.state.visible.byte(0)).toBe(3);
  });

  it('discards what caches and queues hold of a range, and no more', () => {
    const part = partAfter([stored(0, 1), stored(1, 2), stored(2, 3), evicted(1), evicted(2)]);
    part.discard(0, 2 * LINE_BYTES);

    expect([...part.state.pending.entries()].map(([line]) => line)).toEqual([2]);
    expect([...part.state.queued.entries()].map(([line]) => line)).toEqual([2]);
    expect(part.state.occupancyLines).toEqual([1]);
  });

  it('has what is placed from outside on its media at once', () => {
    const part = partAfter([], 'P1');
    part.place(LINE_BYTES, Uint8Array.of(7));

    for (const memory of [part.state.visible, part.state.domain, mediaOf(part.state)])
      expect(memory.byte(LINE_BYTES)).toBe(7);
  });
});
