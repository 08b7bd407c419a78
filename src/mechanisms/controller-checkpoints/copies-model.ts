import type { AnyEvent } from '../../kernel/event-table.ts';
import type { Setup } from './machine.ts';

/** A naive model of where data of the checkpoint lies, to know what an uncorrectable error destroys for good. */
export interface CopiesModel<Copies extends object> {
  initial(setup: Setup): Copies;
  /** Folds an event of the machine or the strategy; `decided` when it is the decision event. */
  evolve(copies: Copies, event: AnyEvent, decided: boolean): void;
  /** Whether another computer takes over with this event: what ran on the first one is gone, with the outputs it held. */
  takesOver?(event: AnyEvent): boolean;
  /** The processor that went on to its next instruction with this event of the strategy's own; undefined when none did. */
  retired?(event: AnyEvent): number | undefined;
  /** What is lost for good; undefined while every block of the checkpoint has a readable copy that can be found. */
  lost(copies: Copies): string | undefined;
}
