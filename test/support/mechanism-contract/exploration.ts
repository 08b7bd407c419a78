import { exploreFaults, type FaultExploration } from '../../../src/explore/fault-campaign/explorer.ts';
import { Draws } from '../../../src/kernel/draw.ts';
import { type EventCodec, eventCodec } from '../../../src/kernel/event-json.ts';
import { type AnyEvent, type EventTable, eventGuard } from '../../../src/kernel/event-table.ts';
import type { Mechanism, Scenario } from '../../../src/mechanisms/mechanism.ts';

/**
 * About how many second faults of a scenario are followed in a run of the tests. Where there are more, a fixed seed draws
 * which: all of them are the job of `tearline campaign --all`.
 */
const SECOND_FAULTS_MAX = 8_000;

/** The codec of a table of which only the run-time knows the kinds. */
export const codecOf = (table: EventTable): EventCodec<AnyEvent> => eventCodec(table) as EventCodec<AnyEvent>;

/** Every event that was folded, by its JSON form, and those that the table's guard refuses. */
export class EventLog {
  readonly events = new Map<string, AnyEvent>();
  readonly kinds = new Set<string>();
  readonly misfits = new Set<string>();

  /** The mechanism, with its events kept here. */
  of(mechanism: Mechanism): Mechanism {
    const guard = eventGuard(mechanism.events);
    const { encode } = codecOf(mechanism.events);
    return {
      ...mechanism,
      evolve: (state, event) => {
        mechanism.evolve(state, event);
        const misfit = guard(event);
        if (misfit !== undefined) this.misfits.add(misfit);
        else {
          const line = encode(event);
          if (!this.events.has(line)) this.events.set(line, event);
          this.kinds.add(event.kind);
        }
      },
    };
  }
}

export interface Explored extends FaultExploration {
  readonly scenario: Scenario;
  readonly secondFaults: number;
}

/** Every first fault, and second faults at the indices of recovery: all of them, or as many as a test can afford. */
export function exploreTwoFaults(mechanism: Mechanism, scenario: Scenario): Explored {
  const counting = new SecondFaults(mechanism, 0);
  exploreFaults(counting.mechanism, scenario, { faultsMax: 2 });
  const thinned = new SecondFaults(mechanism, Math.ceil(counting.found / SECOND_FAULTS_MAX));
  const exploration = exploreFaults(thinned.mechanism, scenario, { faultsMax: 2 });
  return { ...exploration, scenario, secondFaults: thinned.kept };
}

/** A mechanism with one of so many second faults; with none for `oneIn` 0. */
class SecondFaults {
  found = 0;
  kept = 0;
  readonly mechanism: Mechanism;

  constructor(
    mechanism: Mechanism,
    private readonly oneIn: number,
  ) {
    this.mechanism = {
      ...mechanism,
      faults: mechanism.faults.map((fault) =>
        'occurrences' in fault
          ? {
              ...fault,
              occurrences: (state, how) => {
                const ways = fault.occurrences(state, how);
                return how === 'all' ? ways : [...ways].filter(() => this.keeps());
              },
            }
          : fault,
      ),
    };
  }

  private keeps(): boolean {
    const isKept = this.oneIn > 0 && new Draws(1n, 'second faults', this.found).below(this.oneIn) === 0;
    this.found++;
    if (isKept) this.kept++;
    return isKept;
  }
}
