import type { Instruction, Scenario } from '../../mechanism.ts';

const add = (block: number, value: number): Instruction => ({ do: 'add', block, word: 0, value });
const load = (block: number): Instruction => ({ do: 'load', block, word: 0 });
const output: Instruction = { do: 'output' };
const checkpoint: Instruction = { do: 'checkpoint' };

const world = { dataBlocks: 2, blockBytes: 16, cacheLines: 1, bufferEntries: 12 };
const p0 = [add(0, 1), add(1, 2), add(0, 3), checkpoint, load(0), output, add(1, 4)];

/** What the shared workload does not exercise. */
export const remoteShadowScenarios: readonly Scenario[] = [
  {
    name: 'selective-resend',
    meaning: 'only what is missing is sent again, and all is fetched at rollback',
    world,
    actors: { p0 },
    policy: { resend: 'selective', fetch: 'all' },
  },
  {
    name: 'skipped-checkpoints',
    meaning: 'a checkpoint is skipped while the link is cut',
    world,
    actors: { p0: [...p0, checkpoint, add(0, 5)] },
    policy: { linkDown: 'skip' },
  },
  {
    name: 'small-buffers',
    meaning: 'checkpoints are forced, since there is room for two post-images besides those of a checkpoint',
    world: { ...world, bufferEntries: 2 },
    actors: { p0: [add(0, 1), add(1, 2), add(0, 3), load(1), output, add(1, 4)] },
  },
];
