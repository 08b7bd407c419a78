import type { Mechanism, Scenario } from '../../mechanisms/mechanism.ts';
import { minimize } from '../delta-debugging.ts';
import { exploreFaults } from './explorer.ts';
import { type FaultWitness, witnessOf } from './fault-witness.ts';
import type { Violation } from './verdict.ts';

/** What was found of one mutant. */
export interface MutantHunt {
  readonly mutant: string;
  /** By an invariant of the mechanism, which is what must be. */
  readonly caughtBy: string | undefined;
  /** Only an oracle that holds for every mechanism noticed it: the sheet lacks an invariant. */
  readonly onlyBy: string | undefined;
  /** The smallest run that shows it; undefined when nothing was noticed. */
  readonly witness: FaultWitness | undefined;
  /** What was looked at until then: events of runs without faults, faults, classes. */
  readonly events: number;
  readonly injections: number;
  readonly states: number;
  /** Injected faults that led to a violation; 1 where it took no fault. */
  readonly violating: number;
}

export interface HuntOptions {
  /** Faults one after the other, at most. Default 2. */
  readonly faultsMax?: number;
  /** How many smaller scenarios are tried for the witness; 0 leaves it as it was found. Default 400. */
  readonly probesMax?: number;
}

interface Catch {
  readonly scenario: Scenario;
  readonly faultsMax: number;
  readonly violation: Violation;
}

/**
 * Looks for a violation with as few faults as possible: the plain runs of all scenarios first, then one fault at every
 * index, then two. The witness is made small by leaving instructions out while the same invariant breaks.
 */
export function huntMutant(mechanism: Mechanism, mutant: string, options: HuntOptions = {}): MutantHunt {
  const named = new Set(mechanism.invariants.map(({ name }) => name));
  const seen = { events: 0, injections: 0, states: 0, violating: 0 };
  let generic: Catch | undefined;
  for (let faultsMax = 0; faultsMax <= (options.faultsMax ?? 2); faultsMax++) {
    for (const scenario of mechanism.scenarios) {
      const found = exploreFaults(mechanism, scenario, { mutant, faultsMax, stopAtFirst: true });
      seen.events += found.events;
      seen.injections += found.injections;
      seen.states += found.states;
      seen.violating += Math.max(found.violating, found.violations.length > 0 ? 1 : 0);
      const violation = found.violations.find(({ invariant }) => named.has(invariant)) ?? found.violations[0];
      if (violation === undefined) continue;
      const caught = { scenario, faultsMax, violation };
      if (named.has(violation.invariant)) {
        const witness = smallest(mechanism, mutant, caught, options.probesMax ?? 400);
        return { mutant, caughtBy: violation.invariant, onlyBy: undefined, witness, ...seen };
      }
      generic ??= caught;
    }
  }
  if (generic === undefined)
    return { mutant, caughtBy: undefined, onlyBy: undefined, witness: undefined, ...seen };
  const witness = witnessOf(mechanism, generic.scenario, mutant, generic.violation);
  return { mutant, caughtBy: undefined, onlyBy: witness.invariant, witness, ...seen };
}

/** Leaves out instructions while the same invariant breaks with as many faults, then takes the shortest run. */
function smallest(
  mechanism: Mechanism,
  mutant: string,
  { scenario, faultsMax, violation: { invariant, ...violation } }: Catch,
  probesMax: number,
): FaultWitness {
  const find = (smaller: Scenario, stopAtFirst: boolean): Violation | undefined =>
    exploreFaults(mechanism, smaller, { mutant, faultsMax, stopAtFirst }).violations.find(
      (found) => found.invariant === invariant,
    );
  const kept =
    probesMax === 0
      ? scenario
      : scenarioOf(
          scenario,
          minimize(
            placesOf(scenario),
            (places) => find(scenarioOf(scenario, places), true) !== undefined,
            faultsMax > 1 ? Math.ceil(probesMax / 10) : probesMax,
          ),
        );
  return witnessOf(mechanism, kept, mutant, find(kept, false) ?? { invariant, ...violation });
}

interface Place {
  readonly actor: string;
  readonly at: number;
}

const placesOf = ({ actors }: Scenario): Place[] =>
  Object.entries(actors).flatMap(([actor, program]) => program.map((_, at) => ({ actor, at })));

function scenarioOf(scenario: Scenario, places: readonly Place[]): Scenario {
  const actors = Object.entries(scenario.actors).map(([actor, program]) => [
    actor,
    program.filter((_, at) => places.some((place) => place.actor === actor && place.at === at)),
  ]);
  return { ...scenario, actors: Object.fromEntries(actors) };
}
