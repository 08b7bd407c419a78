import type { Engine, Lifter, Stop } from '../engine.ts';
import type { Processor } from '../processor.ts';
import { execute, type Ready, readyFrom } from './execute.ts';

/** How many instructions are held ready, a kilobyte or two each. */
const READY_MAX = 200_000;

/**
 * Walks the lifted form, one instruction after the other: slow, plain, and what translated code is compared with. It
 * resolves flags as they are made.
 */
export class Interpreter implements Engine {
  /** By address; an instruction that is lifted anew is another object. */
  private readonly ready = new Map<number, Ready>();

  constructor(private readonly lift: Lifter) {}

  run(processor: Processor, untilInstructions: number): Stop {
    return execute(processor, untilInstructions, this.readyAt, false);
  }

  private readonly readyAt = (address: number): Ready => {
    const lifted = this.lift(address);
    const known = this.ready.get(address);
    if (known?.lifted === lifted) return known;
    if (this.ready.size >= READY_MAX) this.ready.clear();
    const made = readyFrom(lifted);
    this.ready.set(address, made);
    return made;
  };
}

/** Executes instructions up to a jump that is taken, as the interpreter does, but holds none of them ready for another time. */
export const executeLine = (processor: Processor, untilInstructions: number, lift: Lifter): Stop =>
  execute(processor, untilInstructions, (address) => readyFrom(lift(address)), true);
