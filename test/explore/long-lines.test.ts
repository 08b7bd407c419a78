import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CrashExplorer } from '../../src/explore/crash-explorer.ts';
import { limitsOf, wholeShard } from '../../src/explore/limits.ts';
import type { LineChoices } from '../../src/explore/line-choices.ts';
import type { MemoryEvent } from '../../src/hardware/persistent-memory/events.ts';
import { initialMemory } from '../../src/hardware/persistent-memory/state.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/explore/long-lines.test.ts';

/** More stores than can be listed, in a few lines, ordinary and non-temporal, mostly not flushed. */
const stores = fc.array(
  fc.record({
    address: fc.nat(31).map((atom) => 8 * atom),
    byte: fc.integer({ min: 1, max: 255 }),
    nonTemporal: fc.constantFrom(false, false, true),
    flush: fc.constantFrom(...new Array<boolean>(30).fill(false), true),
  }),
  { minLength: 100, maxLength: 300, size: 'max' },
);

/** Rules 1 and 4: what is durable of a line holds an ordinary piece only with all earlier ordinary ones of the line. */
function isLegal({ pieces }: LineChoices, durable: readonly number[]): boolean {
  const rank = new Array<number>(durable.length).fill(0);
  let isMissing = false;
  for (const { atom, nonTemporal } of pieces) {
    const survives = rank[atom]++ < durable[atom];
    if (!nonTemporal && survives && isMissing) return false;
    if (!nonTemporal && !survives) isMissing = true;
  }
  return true;
}

describe('lines with more pieces than can be listed', () => {
  it('are sampled with legal images only, and the account is honest', () => {
    const limits = limitsOf({ imagesPerPoint: 500, imagesPerIncompletePoint: 20 });
    const cases = fc.property(stores, (stores) => {
      const explorer = new CrashExplorer(initialMemory(), {
        limits,
        seed: 1n,
        shard: wholeShard,
        visit: (image) => {
          for (const { line, durable } of image.survivors()) {
            const choices = explorer.frontier.get(line);
            expect(choices !== undefined && isLegal(choices, durable)).toBe(true);
          }
        },
      });
      const step = (event: MemoryEvent): void => explorer.step(event);
      step({ kind: 'file.mapped', file: 'memory', base: 0n, sizeBytes: 256, fileOffset: 0 });
      for (const { address, byte, nonTemporal, flush } of stores) {
        const data = byte.toString(16).padStart(2, '0').repeat(8);
        step({ kind: 'store.visible', core: 0, address, data, ...(nonTemporal && { nonTemporal }) });
        if (flush) step({ kind: 'line.flushed', core: 0, address, sizeBytes: 8, instruction: 'clflush' });
      }

      const { tally } = explorer;
      expect(tally.complete).toBe(false);
      expect(tally.incompletePoints).toBe(tally.incompleteList.length);
      for (const { images, log2, explored } of tally.incompleteList) {
        expect(explored).toBeGreaterThan(0);
        expect(explored).toBeLessThanOrEqual(20);
        expect(log2).toBeGreaterThan(Math.log2(500) - 1);
        if (images !== undefined) expect(images).toBeGreaterThan(500);
      }
      expect(explorer.distinct).toBeLessThanOrEqual(tally.visits);
    });
    holds(cases, 30, FILE);
  });
});
