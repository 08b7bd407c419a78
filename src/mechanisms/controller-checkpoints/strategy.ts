import type { AnyEvent, EventTable } from '../../kernel/event-table.ts';
import type { Reducers } from '../../kernel/reducers.ts';
import type { Choice, Cost, FaultCase, Instruction, Invariant, Mutant, Scenario } from '../mechanism.ts';
import type { CopiesModel } from './copies-model.ts';
import type { Machine, Request, Setup } from './machine.ts';
import type { CheckpointReference } from './reference.ts';

/** What one of the six strategies adds to the machine that they share. Source: sheet S13. */
export interface Strategy<Own extends object, T extends EventTable, Copies extends object> {
  readonly name: string;
  readonly title: string;
  /** The strategy's own kinds. */
  readonly events: T;
  initial(setup: Setup, contents: readonly string[]): Own;
  /**
   * Reducers of its own kinds, and of machine kinds that it folds in another way. The one of its decision event advances
   * `machine.decided`.
   */
  readonly reducers: Reducers<Machine<Own>, T>;
  /** The event kind after which a fault leads to the new checkpoint. */
  decision(event: AnyEvent): boolean;
  /** What the controller does for a write, in order, ending with the write itself. */
  write(machine: Machine<Own>, request: Request): AnyEvent[];
  /** A write that escapes the strategy (what X3 does to devices). */
  uncaptured(machine: Machine<Own>, request: Request): AnyEvent[];
  /** Whether the strategy knows that a block was written since the checkpoint, so that rollback undoes it. */
  isCaptured(machine: Machine<Own>, block: number): boolean;
  /** What a processor does for an instruction that no other strategy has; undefined when it is none of those. */
  instructed?(processor: number, instruction: Instruction): AnyEvent | undefined;
  /** What a processor that misses its cache gets. */
  read(machine: Machine<Own>, block: number): string;
  /**
   * The next step of establishing a checkpoint while processors wait, asked for before the commit and again after it;
   * undefined when they may go on.
   */
  establish(machine: Machine<Own>): AnyEvent | undefined;
  /** Work of the controller while processors run; undefined when there is none. */
  background(machine: Machine<Own>): AnyEvent | undefined;
  /** A checkpoint that must be taken now, because a buffer is full or the like. */
  mustCheckpoint(machine: Machine<Own>): boolean;
  /** What comes before rollback, such as that another computer takes over; undefined when there is nothing of the kind. */
  failover?(machine: Machine<Own>): AnyEvent | undefined;
  /** Takes in that all that was under way is void: rollback begins, or begins anew. */
  abandoned?(machine: Machine<Own>): void;
  /** Takes in that rollback is at its end. */
  rolledBack?(machine: Machine<Own>): void;
  /** The next step of bringing memory back to the checkpoint (K3); undefined when it is there. Idempotent. */
  restore(machine: Machine<Own>): AnyEvent | undefined;
  /** Where a naive reader finds a block of the checkpoint that a fault would lead to now. */
  image(machine: Machine<Own>, block: number): string;
  /** Memories in which an uncorrectable error is tried, besides system memory; how many entries each has now. */
  areas(machine: Machine<Own>): Readonly<Record<string, number>>;
  /** Takes in an uncorrectable error in one of these areas. */
  fail(machine: Machine<Own>, area: string, block: number): void;
  /** Bytes that an event of its own kinds copied: from memory to memory, or into a buffer or a log. */
  copiedBytes(event: AnyEvent, machine: Machine<Own>): number;
  /** Bytes that it holds beyond system memory now: in shadow, buffers, logs and maps. */
  extraBytes(machine: Machine<Own>): number;
  /** What a naive model knows of where checkpoint data is. */
  readonly copies: CopiesModel<Copies>;
  readonly faults: readonly FaultCase<Machine<Own>, AnyEvent>[];
  readonly invariants: readonly Invariant<Machine<Own>, CheckpointReference<Copies>, AnyEvent>[];
  readonly mutants: readonly Mutant[];
  readonly policy: Readonly<Record<string, Choice>>;
  readonly scenarios: readonly Scenario[];
  /** What it costs beyond what is asked of every strategy. */
  readonly costs: readonly Cost<Machine<Own>, AnyEvent>[];
}

/** A strategy, whatever it adds. */
export type AnyStrategy = Omit<Strategy<object, EventTable, object>, 'reducers'>;
