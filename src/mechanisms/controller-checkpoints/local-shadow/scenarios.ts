import type { Instruction, Scenario } from '../../mechanism.ts';

const world = { dataBlocks: 3, blockBytes: 16, cacheLines: 1, bufferEntries: 8 };

const add = (block: number, value: number): Instruction => ({ do: 'add', block, word: 0, value });
const checkpoint: Instruction = { do: 'checkpoint' };
const disk: Instruction[] = [
  {
    do: 'transfer',
    writes: [
      { block: 2, word: 1, values: [0x51] },
      { block: 0, word: 0, values: [0x52] },
    ],
  },
];

/** What the workload of all strategies does not reach: other policies, and buffers that are full. */
export const localShadowScenarios: readonly Scenario[] = [
  {
    name: 'one-buffer',
    meaning: 'processors wait until the only buffer is drained',
    world,
    actors: { p0: [add(0, 1), add(1, 2), add(0, 3), checkpoint, add(2, 4), checkpoint, add(0, 5)], disk },
    policy: { buffers: 'one' },
  },
  {
    name: 'tiny-buffers',
    meaning: 'buffers of two entries: each is full, and forces a checkpoint, before the other one is drained',
    world: { ...world, bufferEntries: 2 },
    actors: { p0: [add(0, 1), add(1, 2), add(0, 3), add(2, 4)], disk },
  },
  {
    name: 'restore-all',
    meaning: 'rollback brings back every block of the shadow',
    world,
    actors: { p0: [add(0, 1), add(1, 2), checkpoint, add(0, 3), add(1, 4)], disk },
    policy: { restore: 'all blocks' },
  },
];
