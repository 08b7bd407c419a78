import type { FaultNumber } from '../hardware/fault-catalogue.ts';
import type { AnyEvent, EventTable } from '../kernel/event-table.ts';

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A choice that the source leaves open, or a variant: one of several, with the one that is taken unless said otherwise. */
export interface Choice {
  readonly meaning: string;
  readonly choices: readonly [string, ...string[]];
  readonly default: string;
}

/** Named switches of a mechanism: a choice for each name. */
export type Policy = Readonly<Record<string, string>>;

/** One instruction of an actor (a processor, a device, an operator): `{ do: 'store', block: 2, … }`. */
export interface Instruction {
  readonly do: string;
  readonly [argument: string]: Json;
}

/** A small world that exercises a mechanism. */
export interface Scenario {
  readonly name: string;
  /** What it is there for, in a sentence. */
  readonly meaning: string;
  /** Sizes and the like; plain data. */
  readonly world: { readonly [name: string]: Json };
  /** What each actor does; a witness is made smaller by leaving instructions out. */
  readonly actors: Readonly<Record<string, readonly Instruction[]>>;
  /** Choices other than the defaults. */
  readonly policy?: Policy;
}

/** All that a run depends on. */
export interface Setting {
  readonly scenario: Scenario;
  /** Every policy of the mechanism, chosen. */
  readonly policy: Policy;
  /** The defect that is switched on, if any. */
  readonly mutant: string | undefined;
}

/** How many ways a fault is tried in at one place: all that can be told apart, or for a second fault none, all, each alone. */
export type Thoroughness = 'all' | 'few';

/** A fault of the catalogue, as it befalls this mechanism. */
export type FaultCase<State, Event> = {
  readonly number: FaultNumber;
  /** What of the machine it befalls, and what the mechanism claims: that it survives, or what it reports. */
  readonly claim: string;
} & (
  | {
      /** A loss that is reported after this fault alone is a violation. Default: it may be honest. */
      readonly survives?: true;
      /** Every way in which the fault can happen now: the events that it consists of, in order. */
      occurrences(state: State, how: Thoroughness): Iterable<readonly Event[]>;
    }
  | {
      /** Why a fault that the sheet lists cannot befall this mechanism. */
      readonly never: string;
    }
);

/** What must hold. `state` is what hardware and media hold; `reference` is the naive model that only saw the events. */
export interface Invariant<State, Reference, Event> {
  /** Its number in the sheet: `I2`. */
  readonly name: string;
  readonly meaning: string;
  /** `always`: after every event. `recovered`: when recovery has come to its end. */
  readonly when: 'always' | 'recovered';
  /** True, or what is wrong, in a sentence. `event` is the last one. Changes nothing. */
  holds(state: State, reference: Reference, event: Event): true | string;
}

/** A switchable defect that a campaign must find. */
export interface Mutant {
  /** Its number in the sheet: `M3`, `X1`, `b`. */
  readonly name: string;
  readonly meaning: string;
}

/**
 * What a run costs, as a fold over its events: the sum of what they cost, the greatest cost of one of them, the greatest
 * sum over a stretch of events in a row that all cost something, which is how long the longest pause is, or what half (`p50`)
 * or 99% (`p99`) of them do not exceed.
 */
export interface Cost<State, Event> {
  /** Camel case with the unit at the end: `copiedBytes`. */
  readonly name: string;
  readonly meaning: string;
  readonly fold: 'sum' | 'max' | 'longest' | 'p50' | 'p99';
  /** What this event costs, 0 or more; `state` is that after the event. */
  of(event: Event, state: State): number;
}

/**
 * A naive reference model: plain arrays, full copies, nothing but the events. It says what must be, independently of the
 * mechanism's own bookkeeping.
 */
export interface ReferenceModel<Reference, Event> {
  initial(setting: Setting): Reference;
  evolve(reference: Reference, event: Event): void;
  /** What cannot be recovered any more, whatever the mechanism does, in a sentence; undefined while nothing is lost. */
  lost(reference: Reference): string | undefined;
}

/**
 * A mechanism, always in this shape. `State` is plain records and forkable parts; it holds the work left to do, but no
 * event index and no time, so that equal states have equal futures.
 */
export interface Mechanism<
  State extends object = object,
  Event extends AnyEvent = AnyEvent,
  Reference extends object = object,
> {
  /** Its number in the sheets, or any name: `S13.4`. */
  readonly name: string;
  readonly title: string;
  /** Where it was published. */
  readonly source: string;
  /** Raised when the same events would fold to another state. */
  readonly version: number;
  readonly policy: Readonly<Record<string, Choice>>;
  readonly events: EventTable;
  initial(setting: Setting): State;
  /** Folds one event in; throws `IllegalEvent` for what cannot happen, before anything is changed. */
  evolve(state: State, event: Event): void;
  /** What happens next while nothing has failed; undefined when the scenario is at its end. */
  decide(state: State): Event | undefined;
  /**
   * What recovery does next; undefined when there is nothing to recover. What is lost for good is said in an event
   * `loss.reported`.
   */
  recover(state: State): Event | undefined;
  readonly faults: readonly FaultCase<State, Event>[];
  readonly reference: ReferenceModel<Reference, Event>;
  readonly invariants: readonly Invariant<State, Reference, Event>[];
  readonly mutants: readonly Mutant[];
  readonly scenarios: readonly Scenario[];
  readonly costs: readonly Cost<State, Event>[];
}

/** Declares a mechanism; the identity, with its types checked and its type parameters hidden from those that run it. */
export const mechanism = <State extends object, Event extends AnyEvent, Reference extends object>(
  shape: Mechanism<State, Event, Reference>,
): Mechanism => shape;
