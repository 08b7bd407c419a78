import type { Instruction, Scenario } from '../../mechanism.ts';

const store = (block: number, value: number): Instruction => ({ do: 'store', block, word: 0, value });
const add = (block: number, value: number): Instruction => ({ do: 'add', block, word: 0, value });
const mode = (name: 'background' | 'paused'): Instruction => ({ do: 'mode', mode: name });
const checkpoint: Instruction = { do: 'checkpoint' };

export const twoBitMapsScenarios: readonly Scenario[] = [
  {
    name: 'settable-mode',
    meaning: 'one checkpoint is copied before processors go on, the next one behind them again',
    world: { dataBlocks: 2, blockBytes: 16, cacheLines: 1, bufferEntries: 1 },
    actors: {
      p0: [
        store(0, 1),
        mode('paused'),
        add(1, 2),
        checkpoint,
        add(0, 3),
        mode('background'),
        checkpoint,
        add(0, 4),
      ],
      p1: [add(1, 5), add(1, 6)],
    },
    policy: { mode: 'settable' },
  },
];
