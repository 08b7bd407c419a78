import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { injectPowerLoss, injectTornWrite } from '../../src/explore/injection.ts';
import { viewState } from '../../src/explore/state-view.ts';
import type { MemoryEvent } from '../../src/hardware/persistent-memory/events.ts';
import { evolveMemory } from '../../src/hardware/persistent-memory/evolve.ts';
import { initialMemory, type MemoryState } from '../../src/hardware/persistent-memory/state.ts';
import { InputError } from '../../src/kernel/errors.ts';
import { scriptedRuns } from '../support/scripted-runs.ts';

const folded = (state: MemoryState, events: readonly MemoryEvent[]): MemoryState => {
  for (const event of events) evolveMemory(state, event);
  return state;
};

/** What is durable for sure, with the oldest pieces of each line written over it: told by the view alone. */
function expectedImage(state: MemoryState, countOf: (line: number) => number): Uint8Array {
  const image = state.domain.read(0, state.files[0].sizeBytes);
  viewState(state, []).lines.forEach(({ pieces }, line) => {
    for (const { fileOffset, data } of pieces.slice(0, countOf(line)))
      image.set(Buffer.from(data, 'hex'), fileOffset);
  });
  return image;
}

describe('injectPowerLoss', () => {
  it('leaves just the pieces that were asked for, at every place of every run', () => {
    fc.assert(
      fc.property(
        scriptedRuns,
        fc.nat(),
        fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
        (run, place, counts) => {
          const fresh = (): MemoryState => initialMemory(run.machine);
          const lost = run.events.findIndex(({ kind }) => kind === 'power.lost');
          const index = 1 + (place % (lost < 0 ? run.events.length : Math.max(1, lost)));
          const before = run.events.slice(0, index);
          if (before.some(({ kind }) => kind === 'power.lost' || kind === 'wpq.torn')) return;
          const state = folded(fresh(), before);
          const { lines } = viewState(state, []);
          const count = (line: number): number => counts[line % 8] % (lines[line].pieces.length + 1);
          const survivors = lines.map(({ address }, line) => ({ place: address, pieces: count(line) }));
          let found: ReturnType<typeof injectPowerLoss>;
          try {
            found = injectPowerLoss(fresh, before, survivors);
          } catch (error) {
            // A queue that is lost drains a line in order: then some prefixes need a torn write.
            expect(error).toBeInstanceOf(InputError);
            expect(['P0', 'P1f']).toContain(run.machine.platform);
            return;
          }
          expect(folded(fresh(), found.events).domain.digest.hex()).toBe(found.state.domain.digest.hex());
          expect(found.state.powered).toBe(false);
          const { sizeBytes } = state.files[0];
          expect(Buffer.from(found.state.domain.read(0, sizeBytes))).toEqual(
            Buffer.from(expectedImage(state, count)),
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('injectTornWrite', () => {
  it('takes an atom that is named twice once', () => {
    const machine = { platform: 'P0' } as const;
    const events: MemoryEvent[] = [
      { kind: 'file.mapped', file: 'pool', base: 0x1000n, sizeBytes: 64, fileOffset: 0 },
      { kind: 'store.visible', core: 0, address: 8, data: '01' },
      { kind: 'store.visible', core: 0, address: 16, data: '02' },
      { kind: 'line.evicted', address: 0 },
    ];

    const { state } = injectTornWrite(() => initialMemory(machine), events, 'pool+0', [1, 1]);

    expect([...state.domain.read(8, 9)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});
