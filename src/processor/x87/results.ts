import { type Extended, INDEFINITE } from './extended.ts';
import type { Outcome } from './rounding.ts';
import type { X87 } from './state.ts';

/** Writes a result and pops, unless an exception that is not masked keeps it back. */
export function finish(x87: X87, register: number, outcome: Outcome<Extended>, pops = 0): void {
  if (!x87.raise(outcome.exceptions, outcome.roundedUp)) return;
  x87.set(register, outcome.value);
  x87.pop(pops);
}

/** Of an operation with an empty operand. */
export function underflow(x87: X87, register: number, pops = 0): undefined {
  if (!x87.underflow()) return;
  x87.set(register, INDEFINITE);
  x87.pop(pops);
}

/** Of an operation with two results, the second of which is pushed. */
export function replaceByTwo(x87: X87, first: Extended, second: Extended): void {
  x87.set(0, first);
  x87.place(second);
}
