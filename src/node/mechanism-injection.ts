import { JudgedRun } from '../explore/fault-campaign/judged-run.ts';
import { type RunVerdict, verdictOfRun } from '../explore/fault-campaign/run-verdict.ts';
import { linksTo } from '../explore/fault-campaign/world.ts';
import { InputError } from '../kernel/errors.ts';
import type { AnyEvent } from '../kernel/event-table.ts';
import { foldMechanismRun } from './fold-mechanism-run.ts';
import type { MechanismRun } from './mechanism-run.ts';

/** A run with a fault in it, to the end of recovery and scenario. */
export interface InjectedRun {
  readonly events: readonly AnyEvent[];
  readonly verdict: RunVerdict;
}

/** Every way in which a fault can befall the mechanism after so many events. Throws `InputError` where there is none. */
export function occurrencesIn(run: MechanismRun, index: number, number: string): (readonly AnyEvent[])[] {
  const { mechanism, name } = run;
  const cases = mechanism.faults.filter((fault) => fault.number === number);
  if (cases.length === 0) {
    const known = [...new Set(mechanism.faults.map((fault) => fault.number))].join(', ');
    throw new InputError(`${number} is none of the faults of ${mechanism.name}; it has ${known}`);
  }
  const { state } = foldMechanismRun(run, index);
  const found = cases.flatMap((fault) =>
    'occurrences' in fault ? [...fault.occurrences(state, 'all')] : [],
  );
  if (found.length > 0) return found;
  const never = cases.flatMap((fault) => ('never' in fault ? [fault.never] : []));
  throw new InputError(
    never.length > 0
      ? `${number} cannot befall ${mechanism.name}: ${never.join('; ')}`
      : `${number} cannot happen after ${index} events of ${name}: try another place`,
  );
}

/**
 * Puts a fault into a run after so many events, and lets the mechanism go on by itself from there. Throws `InputError` where
 * an invariant did not hold before it.
 */
export function injectFault(
  { name, mechanism, setting, events, verdict }: MechanismRun,
  index: number,
  number: string,
  occurrence: readonly AnyEvent[],
): InjectedRun {
  const run = new JudgedRun(mechanism, setting);
  for (const event of events.slice(0, index)) run.take(event, verdict?.faults);
  if (run.breach !== undefined) {
    const { invariant, events: after } = run.breach;
    throw new InputError(
      `${name}: ${invariant} does not hold after ${after} events, without this fault: give --at 0 to ${after - 1}`,
    );
  }
  run.inject(number, occurrence);
  for (const _ of run.goOn());
  return {
    events: linksTo(run.world.last).map(({ event }) => event),
    verdict: verdictOfRun(mechanism, setting, run),
  };
}
