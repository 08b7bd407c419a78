import type { LiftedInstruction, Trap } from './lifted/form.ts';
import type { GuestFault } from './memory.ts';
import type { Processor } from './processor.ts';

/** What an instruction leaves to what surrounds the processor. */
export type Leaving = 'syscall' | 'cpuid' | 'rdtsc';

/** Why a processor stopped. The instruction pointer is at the instruction that did not happen, or behind one that left. */
export type Stop =
  /** As many instructions are executed as were asked for. */
  | { readonly why: 'reached' }
  /** The instruction is done but for what surrounds the processor has to do. */
  | { readonly why: 'left'; readonly to: Leaving }
  /** The instruction was not executed, and nothing has changed. */
  | { readonly why: 'trapped'; readonly trap: Trap }
  | { readonly why: 'faulted'; readonly fault: GuestFault };

/** One of the ways to run the lifted form. */
export interface Engine {
  /** Executes until so many instructions have been executed in all (`Processor.instructions`), or until something stops it. */
  run(processor: Processor, untilInstructions: number): Stop;
}

/**
 * The instruction at an address, lifted. One that this processor does not have is a trap `invalid opcode`. Throws
 * `GuestFault` where its bytes cannot be executed.
 */
export type Lifter = (address: number) => LiftedInstruction;
