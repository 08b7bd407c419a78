import type { Engine, Lifter, Stop } from '../engine.ts';
import { FloatException } from '../float/exceptions.ts';
import type { LiftedInstruction } from '../lifted/form.ts';
import { GuestFault } from '../memory.ts';
import type { Processor } from '../processor.ts';
import type { Frame } from './frame.ts';
import { type Execute, executionOf } from './statements.ts';

/**
 * Walks the lifted form, one instruction after the other: slow, plain, and what translated code is compared with. It
 * resolves flags as they are made.
 */
export class Interpreter implements Engine {
  /** Instructions that were made ready, by address; one that is lifted anew is another object. */
  private readonly ready = new Map<number, Ready>();

  constructor(private readonly lift: Lifter) {}

  run(processor: Processor, untilInstructions: number): Stop {
    const frame: Frame = { processor, names: [], next: 0 };
    try {
      let executed = processor.instructions;
      while (executed < untilInstructions) {
        const lifted = this.lift(processor.instructionPointer);
        frame.next = lifted.address + lifted.lengthBytes;
        const ending = this.executionOf(lifted)(frame);
        if (ending?.why === 'trapped') {
          processor.operations.takeBack(executed);
          return ending;
        }
        executed += 1;
        processor.instructions = executed;
        processor.instructionPointer = frame.next;
        if (ending?.why === 'left') return ending;
      }
      return { why: 'reached' };
    } catch (error) {
      processor.operations.takeBack(processor.instructions);
      if (error instanceof GuestFault) return { why: 'faulted', fault: error };
      if (error instanceof FloatException) return { why: 'trapped', trap: 'floating point' };
      throw error;
    }
  }

  private executionOf(lifted: LiftedInstruction): Execute {
    const known = this.ready.get(lifted.address);
    if (known?.lifted === lifted) return known.execute;
    if (this.ready.size >= READY_MAX) this.ready.clear();
    const execute = executionOf(lifted.statements);
    this.ready.set(lifted.address, { lifted, execute });
    return execute;
  }
}

interface Ready {
  readonly lifted: LiftedInstruction;
  readonly execute: Execute;
}

/** A kilobyte or two each. */
const READY_MAX = 200_000;
