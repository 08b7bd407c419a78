import { Draws } from '../../kernel/draw.ts';
import type { Instruction, Scenario } from '../mechanism.ts';

export interface WorkloadOptions {
  readonly name: string;
  readonly dataBlocks: number;
  readonly blockBytes: number;
  /** Stores that one processor does, each to a drawn block. */
  readonly stores: number;
  /** Stores between two checkpoints. */
  readonly storesPerEpoch: number;
  /** Stores go to so many different blocks between two checkpoints. */
  readonly blocksPerEpoch: number;
  readonly seed: bigint;
}

/**
 * A generated workload of one processor with a cache of one line, so that every store to another block than the one
 * before reaches the memory controller as one write of a block.
 */
export function generatedWorkload(options: WorkloadOptions): Scenario {
  const { name, dataBlocks, blockBytes, stores, storesPerEpoch, blocksPerEpoch, seed } = options;
  const program: Instruction[] = [];
  for (let store = 0; store < stores; store++) {
    const epoch = Math.floor(store / storesPerEpoch);
    if (store > 0 && store % storesPerEpoch === 0) program.push({ do: 'checkpoint' });
    const base = new Draws(seed, 'epoch', epoch).below(dataBlocks);
    const at = store % blocksPerEpoch;
    program.push({
      do: 'store',
      block: (base + at) % dataBlocks,
      word: store % (blockBytes / 8),
      value: store + 1,
    });
  }
  return {
    name,
    meaning: `${stores} stores, ${blocksPerEpoch} blocks and ${storesPerEpoch} stores in each epoch`,
    world: { dataBlocks, blockBytes, cacheLines: 1, bufferEntries: 2 * storesPerEpoch + 16 },
    actors: { p0: program },
  };
}
