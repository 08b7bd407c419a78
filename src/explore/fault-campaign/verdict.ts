import type { Link } from './world.ts';

/** How bad: a world that survives, one that reported an honest loss, one in which something does not hold. */
export type FaultVerdict = 'survived' | 'unrecoverable' | 'violated';

/** Something that does not hold. */
export interface Breach {
  /** `I2`; `G2` for a loss that is silent or invented, `G7` for work without end, `legality` for an impossible step. */
  readonly invariant: string;
  readonly message: string;
}

/** Something that does not hold, and how the world came there. */
export interface Violation extends Breach {
  readonly last: Link | undefined;
}

/** Worlds after a fault in which the same can happen from now on, judged once. */
export interface FaultClass {
  verdict: FaultVerdict;
  /** How many injected faults led here. */
  weight: number;
}
