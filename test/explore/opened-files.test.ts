import { describe, expect, it } from 'vitest';
import { CrashExplorer } from '../../src/explore/crash-explorer.ts';
import { limitsOf, wholeShard } from '../../src/explore/limits.ts';
import type { MemoryEvent } from '../../src/hardware/persistent-memory/events.ts';
import { initialMemory } from '../../src/hardware/persistent-memory/state.ts';
import { materialise } from '../support/explored.ts';

function imagesOf(events: MemoryEvent[]): { images: string[]; crashPoints: number } {
  const images: string[] = [];
  const state = initialMemory();
  const explorer = new CrashExplorer(state, {
    limits: limitsOf(),
    seed: 1n,
    shard: wholeShard,
    visit: (image) => images.push(`${image.index}: ${materialise(state, image, 2)}`),
  });
  for (const event of events) explorer.step(event);
  explorer.end();
  return { images, crashPoints: explorer.tally.crashPoints };
}

const mapped: MemoryEvent = { kind: 'file.mapped', file: 'pool', base: 0n, sizeBytes: 64, fileOffset: 0 };
const loaded = (address: number, data: string): MemoryEvent => ({ kind: 'file.loaded', address, data });

describe('what was in a file before the run', () => {
  it('was there before it was mapped: no crash leaves less', () => {
    const { images, crashPoints } = imagesOf([
      mapped,
      loaded(0, '01'),
      loaded(1, '02'),
      { kind: 'store.visible', core: 0, address: 0, data: '03' },
    ]);

    expect(images).toEqual(['3: 0102', '4: 0302']);
    expect(crashPoints).toBe(2);
  });

  it('is an image also where nothing follows', () => {
    expect(imagesOf([mapped, loaded(0, '01')])).toEqual({ images: ['2: 0100'], crashPoints: 1 });
    expect(imagesOf([mapped])).toEqual({ images: ['1: 0000'], crashPoints: 1 });
  });

  it('a file is an image of its own before the next one is mapped', () => {
    const { images, crashPoints } = imagesOf([mapped, { ...mapped, file: 'log' }, loaded(0, '01')]);

    expect(images).toEqual(['1: 0000', '3: 0100']);
    expect(crashPoints).toBe(2);
  });
});
