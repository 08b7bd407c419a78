import type { Instruction, Scenario } from '../../mechanism.ts';

const store = (block: number, value: number): Instruction => ({ do: 'store', block, word: 0, value });
const add = (block: number, value: number): Instruction => ({ do: 'add', block, word: 0, value });
const checkpoint: Instruction = { do: 'checkpoint' };
const transfer = (block: number, word: number, ...values: readonly number[]): Instruction => ({
  do: 'transfer',
  writes: [{ block, word, values }],
});

/** A cache of one line, so that every block is written again and again. */
const world = { dataBlocks: 3, blockBytes: 16, cacheLines: 1, bufferEntries: 10 };

export const preImageLogScenarios: readonly Scenario[] = [
  {
    name: 'every-write-logged',
    meaning: 'no map: one block has several entries, and the log fills soon',
    world,
    actors: {
      p0: [store(0, 1), store(1, 2), add(0, 3), checkpoint, add(1, 4), add(0, 5), add(1, 6), add(0, 7)],
      disk: [transfer(1, 1, 0x51), transfer(2, 0, 0x52, 0x53)],
    },
    policy: { firstWriteMap: 'off' },
  },
  {
    name: 'short-log',
    meaning: 'a log with fewer entries than there are blocks: it is full before any checkpoint is asked for',
    world: { ...world, dataBlocks: 6, bufferEntries: 7 },
    actors: {
      p0: [store(0, 1), store(1, 2), add(2, 3), add(3, 4), add(4, 5), add(0, 6)],
      disk: [transfer(5, 1, 0x61)],
    },
  },
];
