import type { ScenarioResult, TaskResult } from './campaign-task.ts';
import type { FaultWitness } from './fault-witness.ts';

/** What a campaign says of one mechanism: of its scenarios, or where only mutants were hunted, of the hunts. */
export interface MechanismSummary {
  readonly name: string;
  /** Events of the runs without faults, of all scenarios. */
  readonly events: number;
  /** Faults that were put in, second ones included. */
  readonly injections: number;
  /** Classes of worlds that were told apart. */
  readonly states: number;
  /** Faults after which something did not hold. */
  readonly violations: number;
  /** Faults after which a loss was reported that nothing could have prevented. */
  readonly unrecoverable: number;
  readonly mutants: MutantSummary;
  readonly scenarios: readonly ScenarioResult[];
  readonly witnesses: readonly FaultWitness[];
}

export interface MutantSummary {
  readonly caught: number;
  readonly total: number;
  /** Those that no named invariant of the mechanism caught. */
  readonly missed: readonly string[];
  /** Those of them that only an oracle for every mechanism noticed. */
  readonly onlyBy: readonly string[];
  /** Of each mutant that was caught, the invariant. */
  readonly caughtBy: Readonly<Record<string, string>>;
}

/** Puts the results of one mechanism's tasks together; they come in the order of the tasks. */
export function summaryOf(name: string, results: readonly TaskResult[]): MechanismSummary {
  const scenarios = results.filter((result) => 'scenario' in result);
  const hunts = results.filter((result) => 'mutant' in result);
  const explored = scenarios.length > 0 ? scenarios.map(numbersOf) : hunts;
  const sum = (of: (result: Numbers) => number): number =>
    explored.reduce((total, one) => total + of(one), 0);
  const caught = hunts.filter(({ caughtBy }) => caughtBy !== undefined);
  return {
    name,
    events: sum(({ events }) => events),
    injections:
      sum(({ injections }) => injections) + hunts.reduce((total, hunt) => total + hunt.injections, 0),
    states: sum(({ states }) => states),
    violations: sum(({ violating }) => violating),
    unrecoverable: scenarios.reduce((total, { unrecoverable }) => total + unrecoverable, 0),
    mutants: {
      caught: caught.length,
      total: hunts.length,
      missed: hunts.filter(({ caughtBy }) => caughtBy === undefined).map(({ mutant }) => mutant),
      onlyBy: hunts.filter(({ onlyBy }) => onlyBy !== undefined).map(({ mutant }) => mutant),
      caughtBy: Object.fromEntries(caught.map(({ mutant, caughtBy }) => [mutant, caughtBy as string])),
    },
    scenarios,
    witnesses: [
      ...scenarios.flatMap(({ witnesses }) => witnesses),
      ...hunts.flatMap(({ witness }) => witness ?? []),
    ],
  };
}

type Numbers = Pick<ScenarioResult, 'events' | 'injections' | 'states' | 'violating'>;

/** A violation that takes no fault counts as one. */
const numbersOf = (result: ScenarioResult): Numbers => ({
  ...result,
  violating: Math.max(result.violating, result.witnesses.length > 0 ? 1 : 0),
});
