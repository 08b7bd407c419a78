import type { Digest } from './digest.ts';
import type { AnyEvent } from './event-table.ts';

/**
 * A machine model: state(n) = fold(evolve, initial, events[0..n)).
 *
 * A state is a plain record of small plain records, and of parts that know how to fork themselves (`Forkable`): bytes and
 * large tables.
 */
export interface Model<State extends object, Event extends AnyEvent> {
  readonly name: string;
  /** Raised when the same events would fold to another observable state. */
  readonly version: number;
  /**
   * Folds one event in. Deterministic; checks first and changes after, so that an event that is illegal in this state
   * throws `IllegalEvent` and nothing has changed. Works in place and on an Immer draft alike.
   */
  readonly evolve: (state: State, event: Event) => void;
  /** Digest of what can be observed of the state; equal digests mean equal observables. */
  readonly digest: (state: State) => Digest;
}

export interface Forkable {
  fork(): Forkable;
}

const isForkable = (value: object): value is Forkable =>
  typeof (value as Partial<Forkable>).fork === 'function';

/** Lists are of one type: where the first item is no record, none is, and they are copied as fast as memory. */
const holdsRecords = (list: readonly unknown[]): boolean => typeof list[0] === 'object';

/**
 * A state of its own that starts equal to `state`; neither sees what the other does from then on. Forkable parts are
 * shared until written, small records are copied, so the cost does not depend on the size of the machine.
 */
export function forkState<T>(state: T): T {
  if (typeof state !== 'object' || state === null) return state;
  if (isForkable(state)) return state.fork() as T;
  if (Array.isArray(state)) return (holdsRecords(state) ? state.map(forkState) : state.slice()) as T;
  const fork = { ...state }; // at once, in the time of a copy of memory: members one by one take longer
  for (const key in fork) {
    const member = fork[key];
    if (typeof member === 'object' && member !== null) fork[key] = forkState(member);
  }
  return fork;
}
