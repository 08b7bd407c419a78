import { huntMutant } from '../../../src/explore/fault-campaign/mutant-hunt.ts';
import type { Mechanism } from '../../../src/mechanisms/mechanism.ts';
import { EventLog, type Explored, exploreTwoFaults } from './exploration.ts';
import { faultJourneys, type Journey, mainJourney } from './journey.ts';

/** A mechanism under test. What is expensive is done once, when the first test asks for it. */
export class Subject {
  /** Every event that was folded so far by any of these. */
  readonly log = new EventLog();
  /** The same mechanism, with its events kept in the log. */
  private readonly logged: Mechanism;
  private readonly caught = new Map<string, string | undefined>();
  private mainJourneys: readonly Journey[] | undefined;
  private withFaults: readonly Journey[] | undefined;
  private explored: readonly Explored[] | undefined;

  constructor(readonly mechanism: Mechanism) {
    this.logged = this.log.of(mechanism);
  }

  /** The runs of all scenarios in which nothing fails. */
  get mains(): readonly Journey[] {
    this.mainJourneys ??= this.mechanism.scenarios.map((scenario) => mainJourney(this.logged, scenario));
    return this.mainJourneys;
  }

  /** These, and some with one and two faults. */
  get journeys(): readonly Journey[] {
    this.withFaults ??= this.mains.flatMap((main) => [main, ...faultJourneys(this.logged, main)]);
    return this.withFaults;
  }

  /** Of each scenario, all single faults, and second ones as far as a test can afford them. */
  get explorations(): readonly Explored[] {
    this.explored ??= this.mechanism.scenarios.map((scenario) => exploreTwoFaults(this.logged, scenario));
    return this.explored;
  }

  /** The invariant of the mechanism that catches a mutant. */
  caughtBy(mutant: string): string | undefined {
    if (!this.caught.has(mutant)) {
      this.caught.set(mutant, huntMutant(this.logged, mutant, { probesMax: 0 }).caughtBy);
    }
    return this.caught.get(mutant);
  }
}
