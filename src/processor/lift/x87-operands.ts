import type { Instruction, MemoryOperand, Operand } from '../instruction.ts';
import type { AccessSize, Expression } from '../lifted/form.ts';
import { PAGE_BYTES } from '../memory.ts';
import { type Builder, i32, i64, type Lift, numeric } from './builder.ts';

/** An instruction that first reports an exception that an earlier one raised, as all do but those whose names begin `fn`. */
export const waiting =
  (lift: Lift): Lift =>
  (build, instruction) => {
    build.if(build.call('i32', 'x87.pending'), () => build.trap('floating point'));
    lift(build, instruction);
  };

export function memoryOf({ operands: [operand], mnemonic }: Instruction): MemoryOperand | undefined {
  if (operand === undefined) throw new TypeError(`${mnemonic} has no operand`);
  return operand.kind === 'memory' ? operand : undefined;
}

/** i of ST(i). */
export function registerOf(operand: Operand): number {
  if (operand.kind !== 'register' || !operand.register.startsWith('st'))
    throw new TypeError(`an ${operand.kind} is no register of x87`);
  return Number(operand.register.slice(2));
}

/** The address `offset` bytes behind another. */
export const behind = (address: Expression, offset: number): Expression =>
  offset === 0 ? address : numeric('i64.add', [address, i64(BigInt(offset))]);

/** What an operand in one piece holds. */
export const loaded = (build: Builder, operand: MemoryOperand): Expression =>
  build.let(build.load(operand.sizeBytes as AccessSize, build.address(operand)));

/** Faults before the first of several stores that reach into another page, if one of them would. */
export function checkStore(build: Builder, address: Expression, sizeBytes: number): void {
  const offset = numeric('i32.and', [numeric('i32.wrap_i64', [address]), i32(PAGE_BYTES - 1)]);
  const crosses = numeric('i32.gt_u', [offset, i32(PAGE_BYTES - sizeBytes)]);
  build.if(crosses, () => build.perform('x87.check store', [address, i32(sizeBytes)], true));
}
