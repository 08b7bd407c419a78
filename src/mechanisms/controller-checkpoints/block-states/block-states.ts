import { checkpointMechanism } from '../assemble.ts';
import { halvesCopies } from './copies.ts';
import { blockStatesCosts, copiedBytes, extraBytes } from './costs.ts';
import { blockStatesEvents } from './events.ts';
import { blockStatesInvariants } from './invariants.ts';
import { blockStatesReducers } from './reducers.ts';
import { blockStatesScenarios } from './scenarios.ts';
import { abandoned, checkpointHalf, contentsOf, initialBlockStates, isModified, lose } from './state.ts';
import { background, establish, read, restore, uncaptured, write } from './strategy.ts';

/** Post-image with a state for each block: two halves of memory, of which the states say which is what; no data is copied. */
export const blockStates = checkpointMechanism({
  name: 'S13.5',
  title: 'post-image checkpointing with block-state memory',
  events: blockStatesEvents,
  initial: initialBlockStates,
  reducers: blockStatesReducers,
  decision: ({ kind }) => kind === 'walk.begun' || kind === 'generation.advanced',
  write,
  uncaptured,
  isCaptured: ({ own }, block) => isModified(own, block),
  read,
  establish,
  background,
  mustCheckpoint: () => false,
  restore,
  image: (machine, block) => contentsOf(machine, block, checkpointHalf(machine, block)),
  areas: ({ memory }) => ({ 'second half': memory.size, states: memory.size }),
  fail: lose,
  abandoned,
  copiedBytes,
  extraBytes,
  copies: halvesCopies,
  faults: [
    {
      number: 'F18',
      claim: 'nothing runs out',
      never: 'every block has its place in both halves, and its state: nothing can run out',
    },
  ],
  invariants: blockStatesInvariants,
  mutants: [
    { name: 'a', meaning: 'a second write since the checkpoint changes halves again' },
    { name: 'b', meaning: 'the state is written before the data' },
    { name: 'c', meaning: 'a partial first write leaves stale bytes around it' },
    { name: 'd', meaning: 'a read goes to the half that holds the checkpoint' },
    {
      name: 'e',
      meaning: 'a walk that was interrupted is treated as one that never began: its rest is rolled back',
    },
    { name: 'f', meaning: 'rollback changes states as establishing does' },
  ],
  policy: {
    establish: {
      meaning:
        'How all blocks become checkpoint at once: a phase flag guards a walk over the states, which recovery ends; or each state carries a generation, and a register says which one is now.',
      choices: ['phase flag', 'generation tag'],
      default: 'phase flag',
    },
    partialWrites: {
      meaning:
        'A partial first write has the rest of the block copied from the current half; or writes arrive as whole blocks, like lines of a cache.',
      choices: ['rest copied', 'whole blocks'],
      default: 'rest copied',
    },
  },
  scenarios: blockStatesScenarios,
  costs: blockStatesCosts,
});
