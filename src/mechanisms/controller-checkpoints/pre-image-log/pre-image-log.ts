import { UNREADABLE } from '../../../hardware/block-store.ts';
import { BitMap } from '../../../kernel/bit-map.ts';
import { checkpointMechanism } from '../assemble.ts';
import { has } from '../machine.ts';
import { written } from '../steps.ts';
import { logCopies } from './copies.ts';
import { copiedBytes, extraBytes, preImageLogCosts } from './costs.ts';
import { preImageLogEvents } from './events.ts';
import { preImageLogInvariants } from './invariants.ts';
import { preImageLogReducers } from './reducers.ts';
import { entriesForCheckpoint, isRoomShort } from './room.ts';
import { preImageLogScenarios } from './scenarios.ts';
import { entriesOf, hasMap, imageOf, initialPreImageLog, type State } from './state.ts';
import { establish, restore, write } from './strategy.ts';

/** Pre-image with a local log: what a block held is saved before its first write; there is no second copy of memory. */
export const preImageLog = checkpointMechanism({
  name: 'S13.6',
  title: 'pre-image checkpointing with a local log',
  events: preImageLogEvents,
  initial: initialPreImageLog,
  reducers: preImageLogReducers,
  decision: (event) => event.kind === 'pointer.reset' && 'for' in event && event.for === 'checkpoint',
  write,
  uncaptured: (_, request) => [written(request)],
  isCaptured: ({ own }, block) => entriesOf(own).some((entry) => entry.block === block),
  read: ({ memory }, block) => memory.get(block),
  establish,
  background: () => undefined,
  mustCheckpoint: (machine) => !has(machine, 'e') && isRoomShort(machine),
  restore,
  image: imageOf,
  areas: (machine) => ({ log: machine.own.pointer, ...(hasMap(machine) && { map: 1 }) }),
  fail: lose,
  copiedBytes,
  extraBytes,
  copies: logCopies,
  faults: [
    {
      number: 'F18',
      claim: 'the log is full but for what a checkpoint needs: a checkpoint is taken at once',
      survives: true,
      occurrences: (machine) => {
        const { own, failed } = machine;
        const entries = own.pointer + entriesForCheckpoint(machine);
        return failed || entries >= own.capacity ? [] : [[{ kind: 'log.limited', entries }]];
      },
    },
  ],
  invariants: preImageLogInvariants,
  mutants: [
    { name: 'a', meaning: 'a block is written before its entry' },
    { name: 'b', meaning: 'the log is applied from the oldest entry to the newest, and there is no map' },
    { name: 'c', meaning: 'the pointer is advanced before the entry is written' },
    { name: 'd', meaning: 'the map is cleared after the pointer was reset' },
    { name: 'e', meaning: 'a write that finds the log full goes ahead without an entry' },
    { name: 'f', meaning: 'the log is reset before the contexts are in memory' },
    { name: 'g', meaning: 'rollback resets the log before it has applied the last entry' },
    {
      name: 'h',
      meaning: 'the map is not cleared at a checkpoint: the second half of what the sheet calls d',
    },
  ],
  policy: {
    firstWriteMap: {
      meaning: 'A bit for each block tells the first write since the checkpoint, or every write is logged.',
      choices: ['on', 'off'],
      default: 'on',
    },
  },
  scenarios: preImageLogScenarios,
  costs: preImageLogCosts,
});

function lose({ own, memory }: State, area: string, entry: number): void {
  if (area === 'log') own.log[entry] = { block: -1, data: UNREADABLE };
  else {
    own.lostMap = true;
    own.map = new BitMap(memory.size);
  }
}
