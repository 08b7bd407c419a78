import { type Cause, namesOf } from './cause.ts';
import { type Group, isBefore } from './findings.ts';
import type { ClassResult } from './shard-run.ts';
import type { Witness } from './witness.ts';

/** Violations with one cause, and the run that shows it. */
export interface ExplainedGroup {
  readonly cause: string;
  readonly images: number;
  readonly smallest: ClassResult;
  /** Undefined where the checker did not say twice the same, or its cause could not be found. */
  readonly witness: Witness | undefined;
}

/**
 * Puts groups together that turned out to have one cause when their witnesses were made: a store that comes too late shows
 * itself before it is made and after. The group with the most images comes first.
 */
export function explainedGroups(
  groups: readonly Group[],
  witnessOf: (group: Group) => Witness | undefined,
): ExplainedGroup[] {
  const together = new Map<string, ExplainedGroup>();
  for (const group of groups) {
    const witness = witnessOf(group);
    const cause = witness?.cause.key ?? group.cause;
    const known = together.get(cause);
    const earlier = known === undefined || isBefore(group.smallest, known.smallest);
    together.set(cause, {
      cause,
      images: group.images + (known?.images ?? 0),
      smallest: earlier ? group.smallest : known.smallest,
      witness: earlier ? witness : known.witness,
    });
  }
  return [...withoutEchoes([...together.values()])].sort(
    (one, other) => other.images - one.images || (one.cause < other.cause ? -1 : 1),
  );
}

/**
 * A store that never becomes durable shows itself again when what depends on it is durable for sure: then nothing is early,
 * but the same is missing and the checker says the same. That is no cause of its own.
 */
function* withoutEchoes(groups: readonly ExplainedGroup[]): Generator<ExplainedGroup> {
  const echoOf = new Map<ExplainedGroup, ExplainedGroup>();
  for (const group of groups) {
    const cause = causeOf(group);
    if (cause === undefined || cause.early.length > 0 || cause.missing.length === 0) continue;
    const first = groups.find((other) => {
      const earlier = causeOf(other);
      return (
        earlier !== undefined &&
        earlier.early.length > 0 &&
        namesOf(earlier.missing) === namesOf(cause.missing) &&
        other.smallest.reason === group.smallest.reason
      );
    });
    if (first !== undefined) echoOf.set(group, first);
  }
  for (const group of groups) {
    if (echoOf.has(group)) continue;
    let { images } = group;
    for (const [echo, first] of echoOf) if (first === group) images += echo.images;
    yield { ...group, images };
  }
}

const causeOf = ({ witness, smallest }: ExplainedGroup): Cause | undefined =>
  witness?.cause ?? smallest.cause;
