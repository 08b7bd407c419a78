import type { FaultNumber } from '../hardware/fault-catalogue.ts';
import type { Mechanism, Scenario } from './mechanism.ts';

/** One of the ways that are compared: a mechanism in a scenario, which has its world and its choices. */
export interface Variant {
  readonly label: string;
  readonly meaning: string;
  readonly mechanism: Mechanism;
  readonly scenario: Scenario;
}

/**
 * A number by which variants are compared: a cost of their mechanisms, `events`, or `ticks` of the cost table; or how much of
 * it comes to one unit of another cost.
 */
export interface Figure {
  /** Camel case with the unit at the end. */
  readonly name: string;
  /** In words, with the unit. */
  readonly meaning: string;
  readonly cost: string;
  readonly per?: string;
}

/** The same work for every variant. */
export interface Workload {
  readonly name: string;
  readonly meaning: string;
  readonly variants: readonly Variant[];
}

/** One thing that is changed step by step while all else stays. */
export interface Sweep {
  readonly meaning: string;
  /** What is changed, with its unit. */
  readonly parameter: string;
  readonly values: readonly number[];
  /** Where the fault of the trial is put in: at every event, or where runs are long, behind the last one. */
  readonly faultAt: 'every event' | 'the end';
  /** Names of the figures that are looked at: of the run without faults, and the largest of a recovery. */
  readonly figures: readonly string[];
  readonly recoveryFigures: readonly string[];
  variants(value: number): readonly Variant[];
}

/**
 * Which of several ways to choose: variants with the same work to do, and the figures that tell them apart. Plain data beside
 * the mechanisms, in the file `comparison.ts` of their folder, and no member of `Mechanism`, since most comparisons are of
 * several mechanisms. `all-comparisons.ts` lists them.
 */
export interface Comparison {
  /** The number of the sheet: `S13`. */
  readonly name: string;
  readonly title: string;
  /** Of a run without faults. */
  readonly figures: readonly Figure[];
  /** The fault after which the work of recovery is measured, at every event, and by what; no figures where it is no work. */
  readonly trial: {
    readonly fault: FaultNumber;
    readonly meaning: string;
    readonly figures: readonly Figure[];
  };
  /** The first one is compared unless another is asked for. */
  readonly workloads: readonly [Workload, ...Workload[]];
  readonly sweep?: Sweep;
}
