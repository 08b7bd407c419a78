import { World } from '../explore/fault-campaign/world.ts';
import { classDigest } from '../kernel/class-digest.ts';
import type { AnyEvent } from '../kernel/event-table.ts';
import { type PlainDifference, plainDifferences } from '../kernel/plain-differences.ts';
import { plainState } from '../kernel/plain-state.ts';
import { mechanismRecording } from '../recordings/recordings.ts';
import { foldRecorded } from './fold-mechanism-run.ts';
import type { MechanismRun } from './mechanism-run.ts';

/** Where two runs of a mechanism part. */
export interface MechanismRunDifference {
  /** Index of the first event that differs; null when none does. */
  readonly firstEvent: number | null;
  /** The last events that are the same. */
  readonly before: readonly AnyEvent[];
  /** The first events that differ, of each run; none where it has ended. */
  readonly events: readonly [one: readonly AnyEvent[], other: readonly AnyEvent[]];
  /** After how many events the states differ first; null when they never do while both runs go on. */
  readonly firstState: number | null;
  /** The members that differ then. */
  readonly state: readonly PlainDifference[] | null;
}

const CONTEXT_EVENTS = 3;

/** Compares two runs of one mechanism. Throws `ImpossibleRecording` for an event that is illegal. */
export function mechanismRunDifference(one: MechanismRun, other: MechanismRun): MechanismRunDifference {
  const firstEvent = firstDifferentEvent(one, other);
  const from = firstEvent ?? one.events.length;
  const after = ({ events }: MechanismRun): readonly AnyEvent[] =>
    firstEvent === null ? [] : events.slice(from, from + CONTEXT_EVENTS);
  return {
    firstEvent,
    before: one.events.slice(Math.max(0, from - CONTEXT_EVENTS), from),
    events: [after(one), after(other)],
    ...firstDifferentState(one, other),
  };
}

function firstDifferentEvent(one: MechanismRun, other: MechanismRun): number | null {
  const { codec } = mechanismRecording(one.mechanism);
  const textAt = ({ events }: MechanismRun, at: number): string | undefined =>
    at < events.length ? codec.encode(events[at]) : undefined;
  const longest = Math.max(one.events.length, other.events.length);
  for (let at = 0; at < longest; at++) if (textAt(one, at) !== textAt(other, at)) return at;
  return null;
}

function firstDifferentState(
  one: MechanismRun,
  other: MechanismRun,
): Pick<MechanismRunDifference, 'firstState' | 'state'> {
  const [a, b] = [one, other].map(({ mechanism, setting }) => World.initial(mechanism, setting));
  for (let index = 0; ; index++) {
    if (!classDigest(a.state).equals(classDigest(b.state)))
      return { firstState: index, state: plainDifferences(plainState(a.state), plainState(b.state)) };
    if (index >= Math.min(one.events.length, other.events.length)) return { firstState: null, state: null };
    foldRecorded(one.name, a, one.events[index]);
    foldRecorded(other.name, b, other.events[index]);
  }
}
