import { IllegalEvent } from './errors.ts';
import type { AnyEvent, EventOfKind, EventTable } from './event-table.ts';

/**
 * A reducer for each event kind of a table, over any state that has the members it needs. So the reducers of several
 * parts (links, hosts, a mechanism's own) are spread into one object, and the state of the whole has the members of all.
 */
export type Reducers<State, T extends EventTable> = {
  readonly [K in keyof T & string]: (state: State, event: EventOfKind<T, K>) => void;
};

/** The reducer of all these kinds; a kind that is not among them is illegal. */
export function evolveBy<State>(
  reducers: Readonly<Record<string, (state: State, event: never) => void>>,
): (state: State, event: AnyEvent) => void {
  const byKind = new Map(Object.entries(reducers));
  return (state, event) => {
    const reduce = byKind.get(event.kind);
    if (reduce === undefined) throw new IllegalEvent(event.kind, 'this machine knows no such event');
    reduce(state, event as never);
  };
}

/** Throws `IllegalEvent` unless the event can happen; to be called before anything is changed. */
export function expectLegal(legal: boolean, { kind }: AnyEvent, reason: string): asserts legal {
  if (!legal) throw new IllegalEvent(kind, reason);
}
