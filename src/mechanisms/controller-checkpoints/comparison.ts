import type { Comparison, Variant } from '../comparison.ts';
import type { Mechanism, Scenario } from '../mechanism.ts';
import { blockStates } from './block-states/block-states.ts';
import { localShadow } from './local-shadow/local-shadow.ts';
import { oneBitMap } from './one-bit-map/one-bit-map.ts';
import { preImageLog } from './pre-image-log/pre-image-log.ts';
import { remoteShadow } from './remote-shadow/remote-shadow.ts';
import { sharedScenarios } from './scenarios.ts';
import { twoBitMaps } from './two-bit-maps/two-bit-maps.ts';
import { generatedWorkload } from './workloads.ts';

const strategies: readonly Mechanism[] = [
  localShadow,
  remoteShadow,
  oneBitMap,
  twoBitMaps,
  blockStates,
  preImageLog,
];

/** Every strategy, with its default choices. */
const strategiesIn = (scenario: Scenario): Variant[] =>
  strategies.map((mechanism) => ({
    label: mechanism.name,
    meaning: mechanism.title,
    mechanism,
    scenario,
  }));

const workloadOf = (scenario: Scenario) => ({
  name: scenario.name,
  meaning: scenario.meaning,
  variants: strategiesIn(scenario),
});

/** Stores between two checkpoints of the sweep: enough for the copying of one epoch to end before the next checkpoint. */
const STORES_PER_EPOCH = 64;

const [first, ...others] = sharedScenarios.map(workloadOf);

/** One workload through all six strategies. Source: sheet S13, (c) and the lines on costs. */
export const strategyComparison: Comparison = {
  name: 'S13',
  title: 'six strategies of checkpointing in a memory controller',
  figures: [
    {
      name: 'longestPauseTicks',
      meaning: 'longest pause for a checkpoint, in ticks',
      cost: 'longestPauseTicks',
    },
    {
      name: 'pauseTicksPerCheckpoint',
      meaning: 'mean pause for a checkpoint, in ticks',
      cost: 'pauseTicks',
      per: 'checkpoints',
    },
    { name: 'copiedBytes', meaning: 'bytes copied in memory, or into buffers and logs', cost: 'copiedBytes' },
    {
      name: 'extraBytesMax',
      meaning: 'bytes of memory beyond system memory, at most',
      cost: 'extraBytesMax',
    },
    {
      name: 'blocksWrittenPerWrite',
      meaning: 'writes anywhere for one that was asked for',
      cost: 'blocksWritten',
      per: 'writesAsked',
    },
    { name: 'linkBytes', meaning: 'bytes over the link', cost: 'linkBytes' },
    { name: 'checkpoints', meaning: 'checkpoints taken', cost: 'checkpoints' },
    { name: 'ticks', meaning: 'the whole run, in ticks', cost: 'ticks' },
  ],
  trial: {
    fault: 'F4',
    meaning: 'rollback after a transient error',
    figures: [
      { name: 'events', meaning: 'events', cost: 'events' },
      { name: 'ticks', meaning: 'ticks', cost: 'ticks' },
      { name: 'copiedBytes', meaning: 'bytes copied', cost: 'copiedBytes' },
    ],
  },
  workloads: [first, ...others],
  sweep: {
    meaning: `two epochs of ${STORES_PER_EPOCH} stores that go to more and more different blocks`,
    parameter: 'blocks modified in an epoch',
    values: [1, 2, 4, 8, 16, 32],
    faultAt: 'the end',
    figures: ['longestPauseTicks', 'copiedBytes', 'extraBytesMax'],
    recoveryFigures: ['ticks'],
    variants: (blocksPerEpoch) =>
      strategiesIn(
        generatedWorkload({
          name: `${blocksPerEpoch}-blocks`,
          dataBlocks: 64,
          blockBytes: 64,
          stores: 2 * STORES_PER_EPOCH,
          storesPerEpoch: STORES_PER_EPOCH,
          blocksPerEpoch,
          seed: 1n,
        }),
      ),
  },
};
