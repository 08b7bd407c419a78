import type { Stop } from '../engine.ts';
import { FloatException } from '../float/exceptions.ts';
import type { LiftedInstruction } from '../lifted/form.ts';
import { GuestFault } from '../memory.ts';
import type { Processor } from '../processor.ts';
import type { Frame } from './frame.ts';
import { type Execute, executionOf } from './statements.ts';

/** An instruction that was made ready. */
export interface Ready {
  readonly lifted: LiftedInstruction;
  readonly execute: Execute;
}

export const readyFrom = (lifted: LiftedInstruction): Ready => ({
  lifted,
  execute: executionOf(lifted.statements),
});

/** Executes one instruction after the other, up to a number of them (see `Engine`), or behind a jump that is taken. */
export function execute(
  processor: Processor,
  untilInstructions: number,
  readyAt: (address: number) => Ready,
  isEndedByJump: boolean,
): Stop {
  const frame: Frame = { processor, names: [], next: 0 };
  try {
    let executed = processor.instructions;
    while (executed < untilInstructions) {
      const { lifted, execute } = readyAt(processor.instructionPointer);
      frame.next = lifted.address + lifted.lengthBytes;
      const ending = execute(frame);
      if (ending?.why === 'trapped') {
        processor.operations.takeBack(executed);
        return ending;
      }
      executed += 1;
      processor.instructions = executed;
      processor.instructionPointer = frame.next;
      if (ending === undefined) continue;
      if (ending.why === 'left') return ending;
      if (isEndedByJump) break;
    }
    return { why: 'reached' };
  } catch (error) {
    processor.operations.takeBack(processor.instructions);
    if (error instanceof GuestFault) return { why: 'faulted', fault: error };
    if (error instanceof FloatException) return { why: 'trapped', trap: 'floating point' };
    throw error;
  }
}
