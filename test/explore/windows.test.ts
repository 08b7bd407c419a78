import { describe, expect, it } from 'vitest';
import { vulnerableWindows } from '../../src/explore/windows.ts';
import type { Platform } from '../../src/hardware/persistent-memory/configuration.ts';
import type { Operation } from '../../src/hardware/persistent-memory/operations.ts';
import type { FlushInstruction } from '../../src/hardware/persistent-memory/state.ts';

const map: Operation = { type: 'map', file: 'pool', base: 0x10000n, sizeBytes: 4096, fileOffset: 0 };
const store = (address: number, nonTemporal?: true): Operation => ({
  ...{ type: 'store', core: 0, address, data: '01' },
  ...(nonTemporal && { nonTemporal }),
});
const flush = (instruction: FlushInstruction): Operation => ({
  ...{ type: 'flush', core: 0, address: 0, sizeBytes: 64 },
  instruction,
});
const fence: Operation = { type: 'fence', core: 0, instruction: 'sfence' };
const hint: Operation = { type: 'hint', core: 0, controller: 0 };

/** Where a window that opens after two events, when a piece of line 0 is missing, is over. */
const over = (platform: Platform, ...operations: Operation[]): number[] =>
  vulnerableWindows([map, ...operations, store(1024)], { platform }, [{ index: 2, lacking: [0] }]).map(
    ({ to }) => to,
  );

describe('a vulnerable window is over', () => {
  it('where the queue survives: when what was missing is accepted', () => {
    expect(over('P1', store(0), flush('clwb'), fence)).toEqual([5]);
  });

  it('by CLFLUSH', () => {
    expect(over('P1', store(0), flush('clflush'))).toEqual([3]);
  });

  it('where the queue is lost: when it is on the media', () => {
    expect(over('P0', store(0), flush('clwb'), fence, hint)).toEqual([8]);
    expect(over('P0', store(0), flush('clwb'), fence)).toEqual([7]); // the end of the run
  });

  it('under eADR: when an ordinary store to its atom takes a non-temporal one along', () => {
    expect(over('P2', store(0, true), store(8), store(1))).toEqual([4]);
  });
});
