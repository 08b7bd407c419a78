import type { Instruction, Scenario } from '../mechanism.ts';

const store = (block: number, word: number, value: number): Instruction => ({
  do: 'store',
  block,
  word,
  value,
});
const add = (block: number, word: number, value: number): Instruction => ({ do: 'add', block, word, value });
const load = (block: number, word: number): Instruction => ({ do: 'load', block, word });
const output: Instruction = { do: 'output' };
const checkpoint: Instruction = { do: 'checkpoint' };
const transfer = (
  ...writes: readonly { block: number; word: number; values: readonly number[] }[]
): Instruction => ({
  do: 'transfer',
  writes,
});

const world = { dataBlocks: 4, blockBytes: 16, cacheLines: 2, bufferEntries: 12 };

/** The workload that all six strategies run: repeated blocks, devices, partial writes and two processors. */
export const sharedScenarios: readonly Scenario[] = [
  {
    name: 'two-processors',
    meaning:
      'repeated blocks, a line passed between caches, a partial write and a transfer of a device, two checkpoints',
    world,
    actors: {
      p0: [
        store(0, 0, 1),
        add(1, 0, 2),
        checkpoint,
        add(0, 0, 4),
        load(0, 0),
        output,
        checkpoint,
        add(2, 0, 3),
      ],
      p1: [store(2, 0, 5), add(0, 0, 6), store(3, 1, 7), add(2, 0, 8), add(1, 0, 9)],
      disk: [
        transfer({ block: 3, word: 0, values: [0x31] }, { block: 1, word: 1, values: [0x32] }),
        transfer({ block: 2, word: 0, values: [0x33, 0x34] }),
      ],
    },
  },
  {
    name: 'back-to-back',
    meaning: 'a checkpoint is asked for while much of the one before is still to be done',
    world,
    actors: {
      p0: [
        store(1, 0, 1),
        store(2, 0, 2),
        store(3, 0, 3),
        checkpoint,
        add(0, 0, 4),
        checkpoint,
        load(1, 0),
        output,
      ],
      p1: [add(3, 1, 5), add(2, 1, 6), add(0, 1, 7)],
      disk: [transfer({ block: 0, word: 0, values: [0x41, 0x42] })],
    },
  },
  {
    name: 'immediate-output',
    meaning: 'output leaves before a checkpoint covers it, which this policy allows',
    world: { ...world, dataBlocks: 2 },
    actors: { p0: [add(0, 0, 1), load(0, 0), output, checkpoint, add(1, 0, 2), output] },
    policy: { output: 'immediate' },
  },
];
