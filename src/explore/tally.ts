/** What was explored, counted as the persistency model says: the same for every shard of a campaign. */
export class Tally {
  crashPoints = 0;
  /** Images visited, in every shard, those met before included. */
  visits = 0;
  /** Whether every image of every point was visited. */
  complete = true;
  /** Points of which not every image was visited. */
  incompletePoints = 0;
  /** The incomplete points in order of their index; beyond a limit only the count goes on. */
  readonly incompleteList: IncompletePoint[] = [];
  /** Images visited at incomplete points, and the binary logarithm of how many they have. */
  incompleteExplored = 0;
  incompleteLog2 = Number.NEGATIVE_INFINITY;
  /** Binary logarithm of the largest number of images at one point. */
  largestLog2 = 0;
  private exactSum = 0n;
  private smallSum = 0; // sums of ordinary points, without big numbers
  private uncountedLog2 = Number.NEGATIVE_INFINITY; // of points that have too many to count

  /** A counted crash point, and in how many ways pieces can survive there. */
  countPoint({ count, log2 }: { count: number | bigint | undefined; log2: number }): void {
    this.crashPoints++;
    if (count === undefined) this.uncountedLog2 = addLog2(this.uncountedLog2, log2);
    else if (typeof count === 'bigint') this.exactSum += count;
    else {
      this.smallSum += count;
      if (this.smallSum > 2 ** 52) this.carry();
    }
  }

  /** Of the point just counted, after `index` events, only `explored` images were visited. */
  countIncomplete(index: number, images: number | undefined, log2: number, explored: number): void {
    this.incompletePoints++;
    this.incompleteExplored += explored;
    this.incompleteLog2 = addLog2(this.incompleteLog2, log2);
    this.largestLog2 = Math.max(this.largestLog2, log2);
    if (this.incompleteList.length < MAX_LISTED_POINTS)
      this.incompleteList.push({ index, images, log2, explored });
  }

  /** Combinations of all points together: a decimal number below 2^128, else null; and the power of two. */
  combinations(): { combinations: string | null; combinationsLog2: number } {
    this.carry();
    const exact = this.uncountedLog2 === Number.NEGATIVE_INFINITY && this.exactSum < 1n << 128n;
    return {
      combinations: exact ? this.exactSum.toString() : null,
      combinationsLog2: Math.max(0, addLog2(this.uncountedLog2, log2Of(this.exactSum))),
    };
  }

  /** The whole account as plain data. */
  report(): TallyReport {
    const {
      crashPoints,
      visits,
      complete,
      incompletePoints,
      incompleteExplored,
      incompleteLog2,
      largestLog2,
    } = this;
    const incomplete = complete
      ? null
      : {
          points: incompletePoints,
          explored: incompleteExplored,
          imagesLog2: Math.max(0, incompleteLog2),
          largestLog2,
          list: this.incompleteList,
        };
    return { crashPoints, visits, complete, ...this.combinations(), incomplete };
  }

  private carry(): void {
    this.exactSum += BigInt(this.smallSum);
    this.smallSum = 0;
  }
}

/** What was explored, as plain data. */
export interface TallyReport {
  readonly crashPoints: number;
  /** Decimal; null from 2^128 on. */
  readonly combinations: string | null;
  readonly combinationsLog2: number;
  /** Images visited, those met before included. */
  readonly visits: number;
  readonly complete: boolean;
  /** Of the points that were sampled: how many, how many images were visited there, and of 2 to which power. */
  readonly incomplete: {
    readonly points: number;
    readonly explored: number;
    readonly imagesLog2: number;
    readonly largestLog2: number;
    readonly list: readonly IncompletePoint[];
  } | null;
}

const MAX_LISTED_POINTS = 100_000;

/** A point of which not every image was visited. */
export interface IncompletePoint {
  /** Events folded before the crash. */
  readonly index: number;
  /** How many distinct images it has; undefined when too many to count. */
  readonly images: number | undefined;
  readonly log2: number;
  readonly explored: number;
}

const addLog2 = (one: number, other: number): number => {
  const [less, more] = one < other ? [one, other] : [other, one];
  return less === -Infinity ? more : more + Math.log2(1 + 2 ** (less - more));
};

function log2Of(value: bigint): number {
  if (value <= 0n) return Number.NEGATIVE_INFINITY;
  const bits = value.toString(2).length;
  if (bits <= 53) return Math.log2(Number(value));
  return bits - 53 + Math.log2(Number(value >> BigInt(bits - 53)));
}
