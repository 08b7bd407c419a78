import type { AnyEvent } from '../../kernel/event-table.ts';
import type { Mechanism, Scenario } from '../../mechanisms/mechanism.ts';
import type { Violation } from './verdict.ts';
import { type InjectedFault, type Link, linksTo } from './world.ts';

/** A run that breaks an invariant, with all that is needed to see it again. Plain data. */
export interface FaultWitness {
  readonly mechanism: string;
  /** With the instructions that are needed, and no others. */
  readonly scenario: Scenario;
  readonly mutant: string | undefined;
  readonly invariant: string;
  /** What the invariant says must hold. */
  readonly meaning: string;
  readonly message: string;
  readonly events: readonly AnyEvent[];
  /** In the order in which they were put in. */
  readonly faults: readonly FaultInRun[];
}

/** A fault, and how many events of the run it is. */
export type FaultInRun = Pick<InjectedFault, 'number' | 'index'> & { readonly events: number };

export function witnessOf(
  mechanism: Mechanism,
  scenario: Scenario,
  mutant: string | undefined,
  { invariant, message, last }: Violation,
): FaultWitness {
  const links = linksTo(last);
  return {
    mechanism: mechanism.name,
    scenario,
    mutant,
    invariant,
    meaning: meaningOf(mechanism, invariant),
    message,
    events: links.map(({ event }) => event),
    faults: faultsIn(links),
  };
}

/** The faults of a run, in their order. */
export function faultsIn(links: readonly Link[]): FaultInRun[] {
  const events = new Map<InjectedFault, number>();
  for (const { fault } of links) if (fault !== undefined) events.set(fault, (events.get(fault) ?? 0) + 1);
  return [...events].map(([fault, count]) => ({ ...fault, events: count }));
}

/** What each oracle says that is not an invariant of the mechanism itself. Mechanism sheets, section 1.8. */
const GENERIC: Readonly<Record<string, string>> = {
  G2: 'recovery ends, and says what is lost for good, and nothing else',
  G7: 'there is no work without end',
  legality: 'the mechanism does nothing that is impossible',
};

/** What must hold, by the name of the oracle. */
export const meaningOf = ({ invariants }: Mechanism, name: string): string =>
  invariants.find((invariant) => invariant.name === name)?.meaning ?? GENERIC[name] ?? name;
