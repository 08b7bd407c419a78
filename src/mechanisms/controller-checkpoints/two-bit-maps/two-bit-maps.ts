import { checkpointMechanism } from '../assemble.ts';
import { copiesByTwoBitMaps } from './copies.ts';
import { copiedBytes, extraBytes, twoBitMapsCosts } from './costs.ts';
import { twoBitMapsEvents } from './events.ts';
import { twoBitMapsInvariants } from './invariants.ts';
import { twoBitMapsReducers } from './reducers.ts';
import { twoBitMapsScenarios } from './scenarios.ts';
import { abandoned, imageOf, initialTwoBitMaps, lose } from './state.ts';
import { background, establish, instructed, restore, uncaptured, write } from './strategy.ts';

/** Post-image with two bit maps: processors go on at once, and the shadow is brought up to date behind them. */
export const twoBitMaps = checkpointMechanism({
  name: 'S13.4',
  title: 'post-image checkpointing with two bit maps',
  events: twoBitMapsEvents,
  initial: initialTwoBitMaps,
  reducers: twoBitMapsReducers,
  decision: ({ kind }) => kind === 'maps.swapped',
  write,
  uncaptured,
  instructed,
  isCaptured: ({ own }, block) => own.b.has(block),
  read: ({ memory }, block) => memory.get(block),
  establish,
  background,
  mustCheckpoint: () => false,
  abandoned,
  restore,
  image: imageOf,
  areas: ({ memory }) => ({ shadow: memory.size, 'map A': 1, 'map B': 1 }),
  fail: lose,
  copiedBytes,
  extraBytes,
  copies: copiesByTwoBitMaps,
  faults: [
    {
      number: 'F18',
      claim: 'nothing runs out',
      never: 'the maps have a bit for every block: nothing can run out',
    },
  ],
  invariants: twoBitMapsInvariants,
  mutants: [
    { name: 'a', meaning: 'a write does not copy first' },
    { name: 'b', meaning: 'bit A is cleared before the copy' },
    { name: 'c', meaning: 'the maps are swapped while A is not empty' },
    { name: 'd', meaning: 'rollback takes the shadow for complete and overwrites blocks of A, too' },
    { name: 'e', meaning: 'a background copy races a write, so that the block is torn' },
    { name: 'f', meaning: 'a write of a device does not copy first' },
  ],
  policy: {
    mode: {
      meaning:
        'Status bits are hardwired to copying map A behind running processors, or settable by programs, at a checkpoint.',
      choices: ['hardwired', 'settable'],
      default: 'hardwired',
    },
  },
  scenarios: twoBitMapsScenarios,
  costs: twoBitMapsCosts,
});
