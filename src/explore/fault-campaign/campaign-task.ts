import type { Mechanism } from '../../mechanisms/mechanism.ts';
import { exploreFaults } from './explorer.ts';
import { type FaultWitness, witnessOf } from './fault-witness.ts';
import { type HuntOptions, huntMutant, type MutantHunt } from './mutant-hunt.ts';

/** A part of a campaign that one worker does by itself: a scenario without a mutant, or the hunt for a mutant. */
export type CampaignTask =
  | { readonly mechanism: string; readonly scenario: string }
  | { readonly mechanism: string; readonly mutant: string };

/** What a task found. Plain data: it travels between threads, and is the same wherever the task runs. */
export type TaskResult = ScenarioResult | MutantResult;

export interface ScenarioResult {
  readonly mechanism: string;
  readonly scenario: string;
  readonly events: number;
  readonly injections: number;
  readonly states: number;
  readonly violating: number;
  readonly unrecoverable: number;
  readonly injectionsByFault: Readonly<Record<string, number>>;
  readonly witnesses: readonly FaultWitness[];
}

export interface MutantResult extends MutantHunt {
  readonly mechanism: string;
}

/** The tasks of a mechanism, in the order in which their results are told. */
export const tasksOf = (
  { name, scenarios }: Mechanism,
  mutants: readonly string[],
  withScenarios: boolean,
): CampaignTask[] => [
  ...(withScenarios ? scenarios.map(({ name: scenario }) => ({ mechanism: name, scenario })) : []),
  ...mutants.map((mutant) => ({ mechanism: name, mutant })),
];

export function runTask(mechanism: Mechanism, task: CampaignTask, options: HuntOptions = {}): TaskResult {
  if ('mutant' in task) {
    return { mechanism: mechanism.name, ...huntMutant(mechanism, task.mutant, options) };
  }
  const scenario = mechanism.scenarios.find(({ name }) => name === task.scenario);
  if (scenario === undefined) throw new RangeError(`${mechanism.name} has no scenario ${task.scenario}`);
  const { faultsMax } = options;
  const { events, injections, states, violating, unrecoverable, injectionsByFault, violations } =
    exploreFaults(mechanism, scenario, faultsMax === undefined ? {} : { faultsMax });
  return {
    mechanism: mechanism.name,
    scenario: scenario.name,
    events,
    injections,
    states,
    violating,
    unrecoverable,
    injectionsByFault,
    witnesses: violations.map((violation) => witnessOf(mechanism, scenario, undefined, violation)),
  };
}
