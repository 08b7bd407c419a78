import fc from 'fast-check';
import { wholeNumber } from './constraints.ts';

/** A fault that befalls a run. */
export interface ScheduledFault<Fault = { readonly kind: 'power.lost' }> {
  /** Events that are folded before it; after a fault the count goes on. */
  readonly index: number;
  readonly fault: Fault;
}

/** What `faultSchedule` may draw. */
export interface FaultScheduleConstraints<Fault = { readonly kind: 'power.lost' }> {
  /** Length of the run in events: an index is from 0, before the first, to this, after the last. */
  readonly events: number;
  /** Events that are faults. Default: the loss of power. */
  readonly faults?: readonly Fault[];
  /** Default: 1. */
  readonly minFaults?: number;
  /** Default: 1. */
  readonly maxFaults?: number;
}

/**
 * Faults and where they strike, in ascending order of their index, one at most at each.
 *
 *     fc.property(faultSchedule({ events: events.length }), ([{ index, fault }]) => …)
 *
 * Shrinks towards fewer faults, earlier ones, and the first kind. Throws an `Error` that names the bad constraint.
 */
export function faultSchedule<Fault = { readonly kind: 'power.lost' }>(
  constraints: FaultScheduleConstraints<Fault>,
): fc.Arbitrary<ScheduledFault<Fault>[]> {
  const caller = 'faultSchedule';
  const faults = constraints.faults ?? ([{ kind: 'power.lost' }] as unknown as readonly Fault[]);
  if (faults.length === 0) throw new Error(`${caller}: faults must hold one or more, not none`);
  const events = wholeNumber(caller, 'events', constraints.events, 0);
  const maxFaults = wholeNumber(caller, 'maxFaults', constraints.maxFaults, 1, { max: events + 1 });
  const minFaults = wholeNumber(caller, 'minFaults', constraints.minFaults, Math.min(1, maxFaults), {
    max: maxFaults,
  });
  const fault = fc.record({ index: fc.integer({ min: 0, max: events }), fault: fc.constantFrom(...faults) });
  return fc
    .uniqueArray(fault, {
      selector: ({ index }) => index,
      minLength: minFaults,
      maxLength: maxFaults,
      size: 'max',
    })
    .map((schedule) => schedule.sort((one, other) => one.index - other.index));
}
