import type { AnyEvent } from '../../../src/kernel/event-table.ts';
import type { Invariant } from '../../../src/mechanisms/mechanism.ts';
import type { Subject } from './subject.ts';

/** What became of a hand-made break. */
export type Broken = { readonly message: string } | { readonly whyNot: string };

type Break = (state: object, reference: object) => void;

/**
 * Tries a break at every place where the invariant is judged, until it does not hold any more. A break that throws does
 * not apply there.
 */
export function broken(
  { journeys }: Subject,
  { name, when, holds }: Invariant<object, object, AnyEvent>,
  corrupt: Break,
): Broken {
  const places =
    when === 'recovered'
      ? journeys.flatMap(({ recovered }) => recovered)
      : journeys.flatMap(({ worlds }) => worlds.filter(({ last }) => last !== undefined));
  let thrown: unknown;
  let applied = 0;
  for (const place of places) {
    const { state, reference, last } = place.fork();
    if (last === undefined) continue;
    const before = holds(state, reference, last.event);
    if (before !== true) return { whyNot: `${name} does not hold at ${place.index} of itself: ${before}` };
    try {
      corrupt(state, reference);
    } catch (error) {
      thrown = error;
      continue;
    }
    applied++;
    const after = holds(state, reference, last.event);
    if (after !== true) return { message: after };
  }
  const why = thrown === undefined ? '' : `; where it did not, it threw ${String(thrown)}`;
  return {
    whyNot: `${name} holds all the same; the break applied at ${applied} of ${places.length} places${why}`,
  };
}
