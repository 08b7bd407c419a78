import type { ClassResult } from './shard-run.ts';
import type { VerdictKind } from './verdict.ts';

/** Violations with one cause. */
export interface Group {
  /** Equal for equal causes; the checker's reason where no cause could be found. */
  readonly cause: string;
  images: number;
  /** The smallest of them: fewest events, then fewest survivors; one whose cause is known before any other. */
  smallest: ClassResult;
}

/** Classes that nobody could judge, by what happened. */
export interface Undecided {
  readonly kind: Exclude<VerdictKind, 'consistent' | 'violating'>;
  images: number;
  first: ClassResult;
}

/** Collects the results of classes, from one worker or many, in any order, each once. */
export class Findings {
  consistent = 0;
  violating = 0;
  readonly groups = new Map<string, Group>();
  readonly undecided = new Map<string, Undecided>();
  /** Where violations are possible: index of the first crash point, and the lines that have to stay as they are. */
  readonly openings: Opening[] = [];

  add(result: ClassResult): void {
    if (result.kind !== 'violating') {
      const known = this.undecided.get(result.kind);
      if (known === undefined) this.undecided.set(result.kind, { kind: result.kind, images: 1, first: result });
      else {
        known.images++;
        if (result.index < known.first.index) known.first = result;
      }
      return;
    }
    this.violating++;
    if (this.openings.length < MAX_OPENINGS) this.openings.push({ index: result.index, lacking: result.lacking });
    const cause = result.causeKey ?? `unexplained: ${result.reason ?? 'no reason given'}`;
    const group = this.groups.get(cause);
    if (group === undefined) this.groups.set(cause, { cause, images: 1, smallest: result });
    else {
      group.images++;
      if (isSmaller(result, group.smallest)) group.smallest = result;
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
    return [...this.groups.values()].sort((one, other) => other.images - one.images || (one.cause < other.cause ? -1 : 1));
  }
}

export interface Opening {
  readonly index: number;
  readonly lacking: readonly number[];
}

const MAX_OPENINGS = 1_000_000;

function isSmaller(one: ClassResult, other: ClassResult): boolean {
  const explained = Number(other.cause === undefined) - Number(one.cause === undefined);
  const events = one.index - other.index;
  const pieces = survivingPieces(one) - survivingPieces(other);
  return (-explained || events || pieces || (one.key < other.key ? -1 : 1)) < 0;
}

const survivingPieces = ({ survivors }: ClassResult): number =>
  survivors.reduce((sum, { durable }) => sum + durable.reduce((pieces, rank) => pieces + rank, 0), 0);
