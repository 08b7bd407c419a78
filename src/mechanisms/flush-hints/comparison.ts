import type { Comparison, Variant } from '../comparison.ts';
import type { Json, Scenario } from '../mechanism.ts';
import { flushHints } from './flush-hints.ts';
import { scenarios } from './scenarios.ts';

interface Platform {
  readonly label: string;
  readonly meaning: string;
  readonly platform: string;
  readonly hasHints: boolean;
}

const platforms: readonly Platform[] = [
  { label: 'P0 with hints', meaning: 'queues are lost with the power: V1', platform: 'P0', hasHints: true },
  {
    label: 'P1 with hints',
    meaning: 'queues survive, and can be flushed: V1',
    platform: 'P1',
    hasHints: true,
  },
  {
    label: 'P1 without',
    meaning: 'queues survive, and cannot be flushed: V2',
    platform: 'P1',
    hasHints: false,
  },
];

/** A scenario of one host, on a host like this with so many memory controllers. */
const onHost = (scenario: Scenario, { platform, hasHints }: Platform, controllers: number): Scenario => ({
  ...scenario,
  world: {
    ...scenario.world,
    hosts: [{ platform, hints: new Array<Json>(controllers).fill(hasHints) }],
  },
});

const variantsOf = (scenario: Scenario, controllers: number): Variant[] =>
  platforms.map((platform) => ({
    label: platform.label,
    meaning: platform.meaning,
    mechanism: flushHints,
    scenario: onHost(scenario, platform, controllers),
  }));

const workloadOf = (name: string, meaning: string) => ({
  name,
  meaning,
  variants: variantsOf(named(name), 2),
});

function named(wanted: string): Scenario {
  const scenario = scenarios.find(({ name }) => name === wanted);
  if (scenario === undefined) throw new RangeError(`there is no scenario ${wanted}`);
  return scenario;
}

/** The same guest on hosts with and without support for flushing queues. Source: sheet S1, (c) and (h). */
export const flushHintComparison: Comparison = {
  name: 'S1',
  title: 'a virtual flush hint, trapped and not',
  figures: [
    { name: 'flushes', meaning: 'flush hints that the guest wrote', cost: 'flushes' },
    { name: 'exitsPerFlush', meaning: 'exits for one flush hint', cost: 'hintExits', per: 'flushes' },
    {
      name: 'physicalWritesPerExit',
      meaning: 'physical hints written for one exit',
      cost: 'physicalHintWrites',
      per: 'hintExits',
    },
    { name: 'flushStepsPerFlush', meaning: 'events that a flush takes', cost: 'flushSteps', per: 'flushes' },
    { name: 'queuedLinesMax', meaning: 'lines in a queue when it is flushed', cost: 'queuedLinesMax' },
    { name: 'fenceStallSteps', meaning: 'events that cores wait for fences', cost: 'fenceStallSteps' },
    { name: 'ticks', meaning: 'the whole run, in ticks', cost: 'ticks' },
  ],
  trial: {
    fault: 'F1',
    meaning: 'what is done after a loss of power',
    figures: [],
  },
  workloads: [
    workloadOf('concurrent-flushes', 'two cores flush at once'),
    workloadOf(
      'shared-hint-and-service-core',
      'one hint for all cores, and another core that writes the physical ones',
    ),
  ],
  sweep: {
    meaning: 'a region that is interleaved over more and more memory controllers',
    parameter: 'memory controllers',
    values: [1, 2, 3, 4],
    faultAt: 'the end',
    figures: ['physicalWritesPerExit', 'flushStepsPerFlush'],
    recoveryFigures: [],
    variants: (controllers) => variantsOf(named('concurrent-flushes'), controllers),
  },
};
