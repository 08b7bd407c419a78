import { produce } from 'immer';
import type { AnyEvent } from './event-table.ts';
import { type Forkable, forkState, type Model } from './model.ts';

/**
 * The state after some events, as a new immutable value: `state` stays as it was, small records that did not change are
 * shared with it, so that neither may be changed in place any more: `forkState` gives a state that may. The same reducer
 * that runs in place runs here on an Immer draft.
 */
export function evolved<State extends object, Event extends AnyEvent>(
  model: Model<State, Event>,
  state: State,
  events: readonly Event[],
): State {
  return produce(state, (draft) => {
    forkParts(state as Record<string, unknown>, draft as Record<string, unknown>);
    for (const event of events) model.evolve(draft as State, event);
  });
}

/** Immer passes class instances through shared, so the parts that fork themselves are forked for the draft. */
function forkParts(state: Record<string, unknown>, draft: Record<string, unknown>): void {
  for (const key of Object.keys(state)) {
    const part = state[key];
    if (typeof part !== 'object' || part === null) continue;
    if (typeof (part as Partial<Forkable>).fork === 'function') draft[key] = forkState(part);
    else forkParts(part as Record<string, unknown>, draft[key] as Record<string, unknown>);
  }
}
