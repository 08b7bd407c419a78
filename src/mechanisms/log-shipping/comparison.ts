import type { Comparison, Variant } from '../comparison.ts';
import type { Scenario } from '../mechanism.ts';
import { logShipping } from './log-shipping.ts';
import { logShippingScenarios } from './scenarios.ts';

/** A scenario with a battery that holds so many percent of what it is rated for. */
const withBattery = (scenario: Scenario, actualPercent: number): Variant => ({
  label: `${actualPercent}%`,
  meaning: `the battery holds ${actualPercent}% of its rating`,
  mechanism: logShipping,
  scenario: { ...scenario, world: { ...scenario.world, actualPercent } },
});

const workloadOf = (wanted: string) => {
  const { name, meaning, ...scenario } = named(wanted);
  const variants = [100, 50, 25, 0].map((percent) => withBattery({ name, meaning, ...scenario }, percent));
  return { name, meaning, variants };
};

function named(wanted: string): Scenario {
  const scenario = logShippingScenarios.find(({ name }) => name === wanted);
  if (scenario === undefined) throw new RangeError(`there is no scenario ${wanted}`);
  return scenario;
}

const lostOperations = {
  name: 'lostOperations',
  meaning: 'acknowledged operations that are lost',
  cost: 'lostOperations',
};
const drainEnergy = {
  name: 'drainEnergy',
  meaning: 'energy units that the drain takes',
  cost: 'drainEnergy',
};

/** The same application on batteries that hold what they should, or less. Source: sheet S2, (d), I4 and (h). */
export const logShippingComparison: Comparison = {
  name: 'S2',
  title: 'log shipping finished on batteries of different strength',
  figures: [
    {
      name: 'logBytesPerDataByte',
      meaning: 'bytes of log for one of data',
      cost: 'logBytes',
      per: 'dataBytes',
    },
    {
      name: 'addedLatencySteps',
      meaning: 'steps that the log adds before acknowledgements',
      cost: 'addedLatencySteps',
    },
    {
      name: 'backlogMedianBytes',
      meaning: 'bytes not acknowledged, after half of the events',
      cost: 'backlogMedianBytes',
    },
    {
      name: 'backlogP99Bytes',
      meaning: 'bytes not acknowledged, after 99% of the events',
      cost: 'backlogP99Bytes',
    },
    { name: 'backlogMaxBytes', meaning: 'bytes not acknowledged, at most', cost: 'backlogMaxBytes' },
    { name: 'throttledSteps', meaning: 'steps that the application waited', cost: 'throttledSteps' },
    { name: 'ticks', meaning: 'the whole run, in ticks', cost: 'ticks' },
  ],
  trial: {
    fault: 'F1',
    meaning: 'drain and restart after a loss of the mains',
    figures: [
      lostOperations,
      drainEnergy,
      { name: 'drainSteps', meaning: 'events of the drain', cost: 'drainSteps' },
      { name: 'restartSteps', meaning: 'events from fence to restart', cost: 'restartSteps' },
      { name: 'ticks', meaning: 'ticks', cost: 'ticks' },
    ],
  },
  workloads: [workloadOf('bound'), workloadOf('two-destinations'), workloadOf('whole-region')],
  sweep: {
    meaning: 'a battery that holds more and more of what it is rated for',
    parameter: 'actual capacity in percent of the rating',
    values: [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
    faultAt: 'every event',
    figures: [],
    recoveryFigures: ['lostOperations', 'drainEnergy'],
    variants: (percent) => [{ ...withBattery(named('bound'), percent), label: 'largest' }],
  },
};
