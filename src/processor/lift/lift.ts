import type { Instruction, Operand } from '../instruction.ts';
import type { LiftedInstruction } from '../lifted/form.ts';
import { Builder } from './builder.ts';
import { isGeneralRegister } from './register-names.ts';
import { lifts } from './table.ts';

/** Registers of MMX and of what came after SSE2 are not there: their instructions have the mnemonics of others. */
const isBaseline = (operand: Operand): boolean =>
  operand.kind !== 'register' ||
  isGeneralRegister(operand.register) ||
  /^(xmm([0-9]|1[0-5])|st[0-7]|[c-gs]s|[cd]r[0-9]+)$/.test(operand.register);

/** What an instruction does. One that a baseline x86-64 does not have is an invalid opcode. */
export function lift(instruction: Instruction): LiftedInstruction {
  const build = new Builder(instruction);
  const known = Object.hasOwn(lifts, instruction.mnemonic) ? lifts[instruction.mnemonic] : undefined;
  if (known === undefined || !instruction.operands.every(isBaseline)) build.trap('invalid opcode');
  else known(build, instruction);
  return build.lifted();
}
