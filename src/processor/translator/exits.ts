import { LAYOUT } from '../layout.ts';
import type { Code } from './encoder.ts';
import type { Locals } from './locals.ts';

/** Why a region ends, as its function returns it. */
export const EXIT = {
  /** The program goes on at the instruction pointer. */
  onwards: 0,
  /** The instruction at the instruction pointer is for the interpreter: nothing of it has happened. */
  interpret: 1,
  /** There may be too few instructions left to the limit; on from the instruction pointer. */
  limit: 2,
  /** There is no region at the instruction pointer where it was looked for. */
  elsewhere: 3,
} as const;

/** Ways out of a region: each sets where the program goes on and how many instructions were executed. */
export class Exits {
  /** Local: instructions executed, without those of the path since it was last brought up to date. */
  readonly count: number;
  private readonly pointer: number;
  private readonly why: number;

  constructor(
    private readonly code: Code,
    locals: Locals,
    private readonly ownAt: number,
  ) {
    this.count = locals.add('i64');
    this.pointer = locals.add('i64');
    this.why = locals.add('i32');
  }

  fill(code: Code): void {
    code.constant32(0);
    code.load(8, this.ownAt + LAYOUT.instructions);
    code.set(this.count);
  }

  /** Saves both, and leaves the reason. */
  spill(code: Code): void {
    code.constant32(0);
    code.get(this.pointer);
    code.store(8, this.ownAt + LAYOUT.instructionPointer);
    code.constant32(0);
    code.get(this.count);
    code.store(8, this.ownAt + LAYOUT.instructions);
    code.get(this.why);
  }

  /** Counts instructions. */
  advance(executed: number): void {
    if (executed === 0) return;
    this.code.get(this.count);
    this.code.constant64(executed);
    this.code.numeric('i64.add');
    this.code.set(this.count);
  }

  /** Leaves the region, whose outermost block is at depth 1; `address` leaves an i64. */
  exit(address: () => void, executed: number, why: number): void {
    address();
    this.code.set(this.pointer);
    this.advance(executed);
    if (why !== EXIT.onwards) {
      this.code.constant32(why);
      this.code.set(this.why);
    }
    this.code.branch(1);
  }

  exitAt(address: number, executed: number, why: number): void {
    this.exit(() => this.code.constant64(address), executed, why);
  }
}
