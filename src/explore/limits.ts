import { InputError } from '../kernel/errors.ts';

/** Bounds that keep an exploration finite. */
export interface Limits {
  /** Distinct images of one crash point beyond which it is sampled, and the campaign is incomplete. */
  readonly imagesPerPoint: number;
  /** Images visited at a point that is sampled. */
  readonly imagesPerIncompletePoint: number;
  /** Images visited in all; what comes after is incomplete. */
  readonly images: number;
  /** How long a checker may take for one image, in milliseconds. */
  readonly checkerMs: number;
}

export const defaultLimits: Limits = {
  imagesPerPoint: 65_536,
  imagesPerIncompletePoint: 256,
  images: 10_000_000,
  checkerMs: 10_000,
};

/** The part of the classes that is visited here: those whose key has this remainder. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

export const wholeShard: Shard = { index: 0, count: 1 };

/** A shard within a shard: the worker `index` of `count` of a campaign that is itself one shard of many. */
export const subShard = (outer: Shard, index: number, count: number): Shard => ({
  index: outer.index + outer.count * index,
  count: outer.count * count,
});

/** Fills in the defaults; throws `InputError` for a bound below 1. */
export function limitsOf(given: Partial<Limits> = {}): Limits {
  const limits = { ...defaultLimits, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new InputError(`limit ${name} must be 1 or more, not ${value}`);
  }
  return limits;
}
