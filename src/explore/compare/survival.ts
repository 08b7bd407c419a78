import type { FaultNumber } from '../../hardware/fault-catalogue.ts';
import type { Variant } from '../../mechanisms/comparison.ts';
import type { Mechanism } from '../../mechanisms/mechanism.ts';
import { exploreFaults } from '../fault-campaign/explorer.ts';

/** What becomes of a variant after a fault of one number, tried alone in all its ways at every event. */
export interface Survival {
  readonly fault: FaultNumber;
  /** `never` where it cannot happen; `unclaimed` where the mechanism says nothing of it, and so claims to survive nothing. */
  readonly standing: 'tried' | 'never' | 'unclaimed';
  readonly survived: number;
  /** A loss was reported that nothing could have prevented. */
  readonly unrecoverable: number;
  /** Something did not hold: the mechanism is broken. */
  readonly violated: number;
}

/** The faults that some of the mechanisms says something of, in the order of the catalogue. */
export function faultsOf(mechanisms: readonly Mechanism[]): readonly FaultNumber[] {
  const numbers = mechanisms.flatMap(({ faults }) => faults.map(({ number }) => number));
  return [...new Set(numbers)].sort((one, other) => Number(one.slice(1)) - Number(other.slice(1)));
}

export function survivalOf({ mechanism, scenario }: Variant, faults: readonly FaultNumber[]): Survival[] {
  const { verdictsByFault } = exploreFaults(mechanism, scenario, { faultsMax: 1 });
  return faults.map((fault) => {
    const cases = mechanism.faults.filter(({ number }) => number === fault);
    const isTried = cases.some((one) => 'occurrences' in one);
    const standing = isTried ? 'tried' : cases.length > 0 ? 'never' : 'unclaimed';
    const { survived = 0, unrecoverable = 0, violated = 0 } = verdictsByFault[fault] ?? {};
    return { fault, standing, survived, unrecoverable, violated };
  });
}
