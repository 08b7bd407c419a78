import type { ClassResult } from './shard-run.ts';
import type { VerdictKind } from './verdict.ts';

/** Violations with one cause. */
export interface Group {
  /** Equal for equal causes; the checker's reason where no cause could be found. */
  readonly cause: string;
  readonly images: number;
  /** The one that is possible first; one whose cause is known, and shows without a further crash, before any other. */
  readonly smallest: ClassResult;
}

/** Classes that nobody could judge, by what happened. */
export interface Undecided {
  readonly kind: Exclude<VerdictKind, 'consistent' | 'violating'>;
  images: number;
  first: ClassResult;
}

/**
 * Collects the results of classes, from one worker or many, in any order, each once. What comes out depends on the results
 * alone: each shard looks for the cause of the first violation of a signature that it meets, and the first of all counts.
 */
export class Findings {
  consistent = 0;
  violating = 0;
  readonly undecided = new Map<string, Undecided>();
  /** Where violations are possible: index of the first crash point, and the lines that have to stay as they are. */
  readonly openings: Opening[] = [];
  private readonly bySignature = new Map<string, { images: number; first: ClassResult }>();

  add(result: ClassResult): void {
    if (result.kind !== 'violating') {
      const known = this.undecided.get(result.kind);
      if (known === undefined)
        this.undecided.set(result.kind, { kind: result.kind, images: 1, first: result });
      else {
        known.images++;
        if (result.ordinal < known.first.ordinal) known.first = result;
      }
      return;
    }
    this.violating++;
    if (this.openings.length < MAX_OPENINGS)
      this.openings.push({ index: result.index, lacking: result.lacking });
    const alike = this.bySignature.get(result.signature);
    if (alike === undefined) this.bySignature.set(result.signature, { images: 1, first: result });
    else {
      alike.images++;
      if (isBefore(result, alike.first)) alike.first = result;
    }
  }

  get undecidedImages(): number {
    let images = 0;
    for (const kind of this.undecided.values()) images += kind.images;
    return images;
  }

  /** Classes with a result. */
  get checked(): number {
    return this.consistent + this.violating + this.undecidedImages;
  }

  /** The groups, the one with the most images first. */
  sortedGroups(): Group[] {
    const groups = new Map<string, Group>();
    for (const { images, first } of this.bySignature.values()) {
      const cause = first.cause?.key ?? `unexplained: ${first.reason ?? 'no reason given'}`;
      const known = groups.get(cause) ?? { cause, images: 0, smallest: first };
      const smallest = isBefore(first, known.smallest) ? first : known.smallest;
      groups.set(cause, { cause, images: known.images + images, smallest });
    }
    return [...groups.values()].sort(
      (one, other) => other.images - one.images || (one.cause < other.cause ? -1 : 1),
    );
  }
}

export interface Opening {
  readonly index: number;
  readonly lacking: readonly number[];
}

const MAX_OPENINGS = 1_000_000;

/** Whether a result stands for the others of its group rather than another one. */
export function isBefore(one: ClassResult, other: ClassResult): boolean {
  if ((one.cause === undefined) !== (other.cause === undefined)) return one.cause !== undefined;
  if ((one.nested === undefined) !== (other.nested === undefined)) return one.nested === undefined;
  return one.ordinal < other.ordinal;
}
