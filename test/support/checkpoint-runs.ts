import type { AnyEvent } from '../../src/kernel/event-table.ts';
import { forkState } from '../../src/kernel/model.ts';
import type { MachineEvent } from '../../src/mechanisms/controller-checkpoints/events.ts';
import type { Machine } from '../../src/mechanisms/controller-checkpoints/machine.ts';
import type { Mechanism } from '../../src/mechanisms/mechanism.ts';
import { settingOf } from '../../src/mechanisms/setting.ts';

/** The states after each event of a scenario without faults. */
export function runOf<State extends Machine>(
  mechanism: Mechanism,
  scenarioName: string,
): readonly { readonly event: AnyEvent; readonly state: State }[] {
  const scenario = mechanism.scenarios.find(({ name }) => name === scenarioName);
  if (scenario === undefined) throw new Error(`${mechanism.name} has no scenario ${scenarioName}`);
  const state = mechanism.initial(settingOf(mechanism, scenario)) as State;
  const run: { event: AnyEvent; state: State }[] = [];
  for (let event = mechanism.decide(state); event !== undefined; event = mechanism.decide(state)) {
    mechanism.evolve(state, event);
    run.push({ event, state: forkState(state) });
  }
  return run;
}

/** A state of its own, after an event that failed something. */
export function failing<State extends Machine>(
  mechanism: Mechanism,
  state: State,
  event: MachineEvent,
): State {
  const fork = forkState(state);
  mechanism.evolve(fork, event);
  return fork;
}

/** Lets recovery come to its end: what it did, and where it led. */
export function recovery<State extends Machine>(
  mechanism: Mechanism,
  failed: State,
): { readonly events: readonly AnyEvent[]; readonly end: State } {
  const end = forkState(failed);
  const events: AnyEvent[] = [];
  for (let event = mechanism.recover(end); event !== undefined; event = mechanism.recover(end)) {
    mechanism.evolve(end, event);
    events.push(event);
  }
  return { events, end };
}
