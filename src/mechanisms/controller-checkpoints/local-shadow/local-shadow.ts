import { checkpointMechanism } from '../assemble.ts';
import { written } from '../steps.ts';
import { copiesByLocalShadow } from './copies.ts';
import { copiedBytes, extraBytes, localShadowCosts } from './costs.ts';
import { localShadowEvents } from './events.ts';
import { localShadowInvariants } from './invariants.ts';
import { localShadowReducers } from './reducers.ts';
import { localShadowScenarios } from './scenarios.ts';
import { imageOf, initialLocalShadow, lose, mayBeModified } from './state.ts';
import { background, establish, mustCheckpoint, restore, write } from './strategy.ts';

/** Post-image with a local shadow: every write is captured in a buffer, which is sealed at the checkpoint and drained. */
export const localShadow = checkpointMechanism({
  name: 'S13.1',
  title: 'post-image checkpointing with a local shadow',
  events: localShadowEvents,
  initial: initialLocalShadow,
  reducers: localShadowReducers,
  decision: ({ kind }) => kind === 'buffer.sealed',
  write,
  uncaptured: (_, request) => [written(request)],
  isCaptured: ({ own }, block) => mayBeModified(own, block),
  read: ({ memory }, block) => memory.get(block),
  establish,
  background,
  mustCheckpoint,
  restore,
  image: imageOf,
  areas: ({ memory, own }) => ({
    shadow: memory.size,
    'open buffer': Math.min(1, own.open.length),
    'sealed buffer': own.sealed.length,
    'buffer status': 1,
  }),
  fail: lose,
  copiedBytes,
  extraBytes,
  copies: copiesByLocalShadow,
  faults: [
    {
      number: 'F18',
      claim: 'the open buffer is full: a checkpoint is forced, for which it has a reserve',
      survives: true,
      *occurrences({ own, failed }) {
        const entries = own.open.length;
        if (!failed && entries < own.limitEntries) yield [{ kind: 'buffer.limited', entries }];
      },
    },
  ],
  invariants: localShadowInvariants,
  mutants: [
    { name: 'a', meaning: 'the buffer is sealed after its first entry was drained' },
    { name: 'b', meaning: 'entries are drained in reverse order' },
    { name: 'c', meaning: 'rollback drains the open buffer' },
    { name: 'd', meaning: 'a full buffer drops entries instead of forcing a checkpoint' },
    { name: 'e', meaning: 'processors go on before the buffer is sealed' },
    { name: 'f', meaning: 'rollback leaves out blocks that only devices wrote' },
  ],
  policy: {
    buffers: {
      meaning: 'With two buffers one is drained while the other captures; with one, processors wait for it.',
      choices: ['two', 'one'],
      default: 'two',
    },
    restore: {
      meaning: 'Rollback brings back the blocks that the open buffer names, or all.',
      choices: ['open buffer', 'all blocks'],
      default: 'open buffer',
    },
  },
  scenarios: localShadowScenarios,
  costs: localShadowCosts,
});
