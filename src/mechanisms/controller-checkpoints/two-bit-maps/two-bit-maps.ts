import { UNREADABLE } from '../../../hardware/block-store.ts';
import { BitMap } from '../../../kernel/bit-map.ts';
import type { AnyEvent } from '../../../kernel/event-table.ts';
import { checkpointMechanism } from '../assemble.ts';
import { copiesInTwoStores } from '../copies-in-two-stores.ts';
import { copiedBytes, extraBytes, twoBitMapsCosts } from './costs.ts';
import { twoBitMapsEvents } from './events.ts';
import { twoBitMapsInvariants } from './invariants.ts';
import { twoBitMapsReducers } from './reducers.ts';
import { imageOf, initialTwoBitMaps, type State } from './state.ts';
import { background, establish, restore, uncaptured, write } from './strategy.ts';

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
  read: ({ memory }, block) => memory.get(block),
  establish,
  background,
  mustCheckpoint: () => false,
  restore,
  image: imageOf,
  areas: ({ memory }) => ({ shadow: memory.size, 'map A': 1, 'map B': 1 }),
  fail: lose,
  copiedBytes,
  extraBytes,
  copies: copiesInTwoStores({
    isAboutToChange: (event) => event.kind === 'map.marked' && isOf('B', event),
    isCopied: (event) => event.kind === 'map.cleared' && isOf('A', event),
    isRestored: (event) => event.kind === 'map.cleared' && isOf('B', event),
    vital: ['map A'],
    telling: 'map B',
  }),
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
  policy: {},
  scenarios: [],
  costs: twoBitMapsCosts,
});

function lose(machine: State, area: string, block: number): void {
  const { own, memory } = machine;
  if (area === 'shadow') own.shadow.set(block, UNREADABLE);
  else if (area === 'map A') {
    own.lostA = true;
    own.a = new BitMap(memory.size);
  } else {
    own.lostB = true;
    own.b = new BitMap(memory.size);
  }
}

const isOf = (map: 'A' | 'B', event: AnyEvent): boolean => 'map' in event && event.map === map;
