import type { Instruction, Scenario } from '../../mechanism.ts';

const store = (block: number, word: number, value: number): Instruction => ({
  do: 'store',
  block,
  word,
  value,
});
const add = (block: number, word: number, value: number): Instruction => ({ do: 'add', block, word, value });
const checkpoint: Instruction = { do: 'checkpoint' };
const transfer = (block: number, word: number, ...values: readonly number[]): Instruction => ({
  do: 'transfer',
  writes: [{ block, word, values }],
});

/** A cache of one line, so that blocks are written and read again and again. */
const world = { dataBlocks: 3, blockBytes: 16, cacheLines: 1, bufferEntries: 0 };

const actors = {
  p0: [
    store(0, 0, 1),
    add(1, 0, 2),
    add(0, 0, 3),
    checkpoint,
    add(1, 1, 4),
    checkpoint,
    add(0, 0, 5),
    add(1, 0, 6),
  ],
  disk: [transfer(2, 1, 0x51), transfer(2, 0, 0x52), transfer(1, 0, 0x53)],
};

export const blockStatesScenarios: readonly Scenario[] = [
  {
    name: 'generations',
    meaning:
      'entries carry a generation, processors go on at once, and a second checkpoint comes before all are up to date',
    world,
    actors,
    policy: { establish: 'generation tag' },
  },
  {
    name: 'whole-blocks',
    meaning: 'only whole blocks arrive, and nothing is copied between the halves',
    world,
    actors,
    policy: { partialWrites: 'whole blocks' },
  },
];
