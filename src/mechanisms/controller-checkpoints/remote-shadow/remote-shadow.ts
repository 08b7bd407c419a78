import { UNREADABLE } from '../../../hardware/block-store.ts';
import { checkpointMechanism } from '../assemble.ts';
import { written } from '../steps.ts';
import { copiesInTwoComputers } from './copies.ts';
import { copiedBytes, extraBytes, remoteShadowCosts } from './costs.ts';
import { remoteShadowEvents } from './events.ts';
import { remoteShadowFaults } from './faults.ts';
import { remoteShadowInvariants } from './invariants.ts';
import { remoteShadowPolicy } from './policy.ts';
import { mustCheckpoint, write } from './primary.ts';
import { failover, restore } from './recovery.ts';
import { remoteShadowReducers } from './reducers.ts';
import { remoteShadowScenarios } from './scenarios.ts';
import { abandoned, imageOf, initialRemoteShadow, isModified, rolledBack } from './state.ts';
import { background, establish } from './strategy.ts';

/**
 * Post-image, with the shadow in a second computer: the only strategy that survives the loss of the machine. Writes travel
 * to a backup, which takes them into its shadow when it has all of an epoch, and which takes over when the primary fails.
 * From then on it goes on alone, with its own shadow.
 */
export const remoteShadow = checkpointMechanism({
  name: 'S13.2',
  title: 'post-image checkpointing with the shadow in a second computer',
  events: remoteShadowEvents,
  initial: initialRemoteShadow,
  reducers: remoteShadowReducers,
  decision: ({ kind }) => kind === 'commit.recorded',
  write,
  uncaptured: (_, request) => [written(request)],
  isCaptured: isModified,
  read: ({ memory }, block) => memory.get(block),
  establish,
  background,
  mustCheckpoint,
  failover,
  abandoned,
  rolledBack,
  restore,
  image: imageOf,
  // Whichever entry it is, the machine stops, and rollback reads none: one stands for all.
  areas: ({ own, failed }) => ({ 'send buffer': failed ? 0 : Math.min(own.sendBuffer.length, 1) }),
  fail: ({ own }, _, at) => {
    own.sendBuffer[at].data = UNREADABLE;
  },
  copiedBytes,
  extraBytes,
  copies: copiesInTwoComputers,
  faults: remoteShadowFaults,
  invariants: remoteShadowInvariants,
  mutants: [
    { name: 'a', meaning: 'a post-image is applied to the shadow on arrival' },
    { name: 'b', meaning: 'the backup acknowledges before it has checked that all is there' },
    { name: 'c', meaning: 'a lost message is not noticed' },
    { name: 'd', meaning: 'the backup starts while the primary is alive' },
    { name: 'e', meaning: 'contexts stay those of epoch e, with the memory of e+1' },
    { name: 'f', meaning: 'a takeover applies a buffer that is not sealed' },
  ],
  policy: remoteShadowPolicy,
  scenarios: remoteShadowScenarios,
  costs: remoteShadowCosts,
});
