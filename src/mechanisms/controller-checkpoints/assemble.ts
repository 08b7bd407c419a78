import type { AnyEvent, EventTable } from '../../kernel/event-table.ts';
import { evolveBy } from '../../kernel/reducers.ts';
import { type Mechanism, mechanism } from '../mechanism.ts';
import { nextOfCheckpoint } from './checkpoint.ts';
import { sharedCosts } from './costs.ts';
import { machineEvents } from './events.ts';
import { nextOfActors, nextOfProcessor } from './execution.ts';
import { sharedFaults } from './faults.ts';
import { sharedInvariants } from './invariants.ts';
import { has, initialContents, initialMachine, type Machine, setupOf } from './machine.ts';
import { sharedMutants } from './mutants.ts';
import { sharedPolicy } from './policy.ts';
import { machineReducers } from './reducers.ts';
import { checkpointReference } from './reference.ts';
import { nextOfRollback } from './rollback.ts';
import { sharedScenarios } from './scenarios.ts';
import type { AnyStrategy, Strategy } from './strategy.ts';

const SOURCE = 'USRE45632E1; the internals of each strategy are reconstructions of the mechanism sheets, S13';

/** The mechanism that one strategy makes of the shared machine. */
export function checkpointMechanism<Own extends object, T extends EventTable, Copies extends object>(
  strategy: Strategy<Own, T, Copies>,
): Mechanism {
  type State = Machine<Own>;
  const reduce = evolveBy<State>({ ...machineReducers(strategy), ...strategy.reducers });
  return mechanism({
    name: strategy.name,
    title: strategy.title,
    source: SOURCE,
    version: 1,
    policy: { ...sharedPolicy, ...strategy.policy },
    events: { ...machineEvents, ...strategy.events },
    initial: (setting) => {
      const setup = setupOf(setting);
      return initialMachine(setup, strategy.initial(setup, initialContents(setup)));
    },
    evolve: (machine: State, event: AnyEvent) => {
      reduce(machine, event);
      if (machine.work.length > 0 && isSame(machine.work[0], event)) machine.work.shift();
    },
    decide: (machine) => decide(machine, strategy),
    recover: (machine: State) =>
      strategy.failover?.(machine) ??
      nextOfRollback(machine, () => nextOfWrites(machine, true) ?? strategy.restore(machine)),
    faults: [...sharedFaults(strategy), ...strategy.faults],
    reference: checkpointReference(strategy.decision, strategy.copies),
    invariants: [...sharedInvariants(strategy), ...strategy.invariants],
    mutants: [...sharedMutants, ...strategy.mutants],
    scenarios: [...sharedScenarios, ...strategy.scenarios],
    costs: [...sharedCosts(strategy), ...strategy.costs],
  });
}

function decide(machine: Machine, strategy: AnyStrategy): AnyEvent | undefined {
  if (machine.failed) return undefined;
  const write = nextOfWrites(machine, areDevicesHeld(machine));
  if (write !== undefined) return write;
  if (machine.releasable > 0) return { kind: 'output.released', data: machine.held[0] } as AnyEvent;
  if (machine.phase !== 'normal') {
    return (
      (machine.phase === 'flush' ? nextOfMissed(machine, strategy) : undefined) ??
      nextOfCheckpoint(machine, () => strategy.establish(machine))
    );
  }
  if (machine.checkpointWanted || strategy.mustCheckpoint(machine)) {
    return { kind: 'phase.entered', phase: 'rendezvous' } as AnyEvent;
  }
  return nextOfActors(machine, strategy);
}

/** Devices wait from the rendezvous until the checkpoint is established. */
const areDevicesHeld = ({ phase, devices }: Machine): boolean =>
  phase !== 'normal' && devices.every(({ inContext }) => inContext);

/** What the controller is at, or the oldest write that it may take up. */
function nextOfWrites({ work, requests }: Machine, held: boolean): AnyEvent | undefined {
  if (work.length > 0) return work[0];
  const request = requests.find(({ source }) => source !== 'device' || !held);
  return request === undefined ? undefined : ({ kind: 'write.begun', ...request } as AnyEvent);
}

/** X5: the processor that was missed runs on. */
const nextOfMissed = (machine: Machine, strategy: AnyStrategy): AnyEvent | undefined =>
  has(machine, 'X5') ? nextOfProcessor(machine, strategy, machine.processors.length - 1) : undefined;

function isSame(a: AnyEvent, b: AnyEvent): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  for (const key in a) {
    if (key !== 'cause' && a[key as keyof AnyEvent] !== b[key as keyof AnyEvent]) return false;
  }
  return true;
}
