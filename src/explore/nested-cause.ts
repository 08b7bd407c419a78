import type { Cause } from './cause.ts';
import type { Explanation } from './explain.ts';
import type { CheckContext, Judge } from './verdict.ts';

/** Why a recovery does not survive a crash: its events are those of the recovery. */
export interface NestedCause {
  readonly cause: Cause;
  readonly explanation: Explanation;
}

/** What a judge that crashes recoveries as well can say of a violation. */
export interface NestedCrashes {
  /** Explains one that shows only after a further crash, within recovery; undefined for one that shows without. */
  readonly explain: (image: Uint8Array, context: CheckContext) => NestedCause | undefined;
  /** Judges images without further crashes: so the cause of a violation that shows without them is found. */
  readonly judgeWithout: Judge;
}
