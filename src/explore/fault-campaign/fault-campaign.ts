import type { Mechanism } from '../../mechanisms/mechanism.ts';
import { type MechanismSummary, summaryOf } from './campaign-summary.ts';
import { runTask, tasksOf } from './campaign-task.ts';
import type { HuntOptions } from './mutant-hunt.ts';

export interface FaultCampaignOptions extends HuntOptions {
  /** Which mutants are hunted, by name. Default: all. */
  readonly mutants?: readonly string[];
  /** Whether scenarios are explored without a mutant. Default: true. */
  readonly withScenarios?: boolean;
}

/**
 * Explores every scenario of a mechanism with faults at every event index, and hunts its mutants, in this thread. Throws
 * `InputError` for a mutant that it does not have, `ReducerError` and `NondeterminismError` where its reducer is mistaken.
 */
export function runFaultCampaign(mechanism: Mechanism, options: FaultCampaignOptions = {}): MechanismSummary {
  const { mutants = mechanism.mutants.map(({ name }) => name), withScenarios = true, ...hunt } = options;
  const tasks = tasksOf(mechanism, mutants, withScenarios);
  return summaryOf(
    mechanism.name,
    tasks.map((task) => runTask(mechanism, task, hunt)),
  );
}
