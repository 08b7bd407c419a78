import { checkpointMechanism } from '../assemble.ts';
import { written } from '../steps.ts';
import { copiesByOneBitMap } from './copies.ts';
import { copiedBytes, extraBytes } from './costs.ts';
import { oneBitMapEvents } from './events.ts';
import { oneBitMapInvariants } from './invariants.ts';
import { oneBitMapReducers } from './reducers.ts';
import { imageOf, initialOneBitMap, lose, mayDiffer } from './state.ts';
import { background, establish, restore, write } from './strategy.ts';

/** Post-image with one bit map: processors wait while each modified block is copied to the shadow, once. */
export const oneBitMap = checkpointMechanism({
  name: 'S13.3',
  title: 'post-image checkpointing with one bit map',
  events: oneBitMapEvents,
  initial: initialOneBitMap,
  reducers: oneBitMapReducers,
  decision: ({ kind }) => kind === 'flag.set',
  write,
  uncaptured: (_, request) => [written(request)],
  isCaptured: ({ own }, block) => mayDiffer(own, block),
  read: ({ memory }, block) => memory.get(block),
  establish,
  background,
  mustCheckpoint: () => false,
  restore,
  image: imageOf,
  areas: ({ memory }) => ({ shadow: memory.size, 'bit map': 1, flag: 1 }),
  fail: lose,
  copiedBytes,
  extraBytes,
  copies: copiesByOneBitMap,
  faults: [
    {
      number: 'F18',
      claim: 'nothing runs out',
      never: 'the map has a bit for every block: nothing can run out',
    },
  ],
  invariants: oneBitMapInvariants,
  mutants: [
    { name: 'a', meaning: 'the bit is set after the write' },
    { name: 'b', meaning: 'the bit is cleared before the block is copied' },
    { name: 'c', meaning: 'rollback takes the shadow for complete when only a part was copied' },
    { name: 'd', meaning: 'one bit stands for two blocks, and only one of them is copied' },
    { name: 'e', meaning: 'processors go on while blocks are being copied' },
    { name: 'f', meaning: 'the flag is cleared before the last block is copied' },
  ],
  policy: {},
  scenarios: [],
  costs: [],
});
