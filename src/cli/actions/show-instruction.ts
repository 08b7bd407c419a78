import { InputError } from '../../kernel/errors.ts';
import { type MemoryOperation, momentAtInstruction } from '../../node/program-moment.ts';
import { recordedProgram } from '../../node/recorded-program.ts';
import { openRunFile } from '../../node/run-file.ts';
import { print } from '../print.ts';
import { type Io, STATUS } from '../session.ts';
import { momentText } from './moment-text.ts';

export interface ShowInstructionOptions {
  readonly atInstruction: number;
  readonly json?: boolean;
}

/** The processor of a recorded program after so many instructions, and what the next one does to memory. */
export async function showInstruction(
  io: Io,
  path: string,
  { atInstruction, json = false }: ShowInstructionOptions,
): Promise<number> {
  const { name, header } = await openRunFile(path, io.stdin);
  const program = recordedProgram(name, header);
  if (program === undefined)
    throw new InputError(`${name} is of no program: --at says after how many events to look`);
  if (program.obstacle !== undefined) throw new InputError(`${name}: ${program.obstacle}`);
  const { moment, operations } = momentAtInstruction(program, atInstruction);
  print(io.stdout, json, { command: 'show', file: name, program: moment, operations }, () => [
    ...momentText(moment),
    ...operations.map(operationText),
  ]);
  return STATUS.clean;
}

function operationText({ kind, address, sizeBytes, data }: MemoryOperation): string {
  if (kind === 'sfence' || kind === 'mfence' || kind === 'locked') return `it does: ${kind}`;
  const value = sizeBytes === 0 ? '' : `, ${sizeBytes} bytes: 0x${data.toString(16)}`;
  return `it does: ${kind} at 0x${address.toString(16)}${value}`;
}
