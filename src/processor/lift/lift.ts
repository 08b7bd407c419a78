import type { Instruction, Operand } from '../instruction.ts';
import type { LiftedInstruction } from '../lifted/form.ts';
import { Builder } from './builder.ts';
import { isGeneralRegister } from './register-names.ts';
import { lifts } from './table.ts';

const sixteen = Array.from({ length: 16 }, (_, number) => number);
/** Beside the general ones. Registers of MMX and of what came after SSE2 are not there: their instructions have the mnemonics of others. */
const BASELINE_REGISTERS: ReadonlySet<string> = new Set([
  ...sixteen.flatMap((number) => [`xmm${number}`, `cr${number}`, `dr${number}`]),
  ...sixteen.slice(0, 8).map((number) => `st${number}`),
  ...['cs', 'ds', 'es', 'fs', 'gs', 'ss'],
]);

const isBaseline = (operand: Operand): boolean =>
  operand.kind !== 'register' ||
  isGeneralRegister(operand.register) ||
  BASELINE_REGISTERS.has(operand.register);

/** What an instruction does. One that a baseline x86-64 does not have is an invalid opcode. */
export function lift(instruction: Instruction): LiftedInstruction {
  const build = new Builder(instruction);
  const known = lifts.get(instruction.mnemonic);
  if (known === undefined || !instruction.operands.every(isBaseline)) build.trap('invalid opcode');
  else known(build, instruction);
  return build.lifted();
}
