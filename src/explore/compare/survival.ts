import type { FaultNumber } from '../../hardware/fault-catalogue.ts';
import type { Variant } from '../../mechanisms/comparison.ts';
import { exploreFaults } from '../fault-campaign/explorer.ts';

/** What becomes of a variant after a fault of one number, tried alone in all its ways at every event. */
export interface Survival {
  readonly fault: FaultNumber;
  /** `tried`, `never` where it cannot happen, `unclaimed` where the mechanism says nothing of it. */
  readonly standing: 'tried' | 'never' | 'unclaimed';
  readonly survived: number;
  /** A loss was reported that nothing could have prevented. */
  readonly unrecoverable: number;
  /** Something did not hold: the mechanism is broken. */
  readonly violated: number;
}

/** One entry for each fault that some of the variants says something of, in the order of the catalogue. */
export function survivalOf(variants: readonly Variant[]): readonly (readonly Survival[])[] {
  const numbers = new Set(variants.flatMap(({ mechanism }) => mechanism.faults.map(({ number }) => number)));
  const ordered = [...numbers].sort((one, other) => Number(one.slice(1)) - Number(other.slice(1)));
  return variants.map(({ mechanism, scenario }) => {
    const { verdictsByFault } = exploreFaults(mechanism, scenario, { faultsMax: 1 });
    return ordered.map((fault) => {
      const cases = mechanism.faults.filter(({ number }) => number === fault);
      const isTried = cases.some((one) => 'occurrences' in one);
      const standing = isTried ? 'tried' : cases.length > 0 ? 'never' : 'unclaimed';
      const { survived = 0, unrecoverable = 0, violated = 0 } = verdictsByFault[fault] ?? {};
      return { fault, standing, survived, unrecoverable, violated };
    });
  });
}
