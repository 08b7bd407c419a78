import {
  FILE_SPACE_BYTES,
  type MachineConfiguration,
} from '../../hardware/persistent-memory/configuration.ts';
import { InputError } from '../../kernel/errors.ts';
import { eventGuard } from '../../kernel/event-table.ts';
import { type ScriptedInstruction, type ScriptedProgram, scriptedInstructions } from './instructions.ts';

const ADDRESSES = 1n << 64n;
const misfitOf = eventGuard(scriptedInstructions);

/** Throws `InputError`, with core and instruction, for a program that no machine can run. Both count from 0. */
export function checkProgram(program: ScriptedProgram): void {
  const { base, sizeBytes, cores } = program;
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 1 || sizeBytes > FILE_SPACE_BYTES) {
    refuse(`sizeBytes must be from 1 to ${FILE_SPACE_BYTES}, not ${sizeBytes}`);
  }
  if (base < 0n || base + BigInt(sizeBytes) > ADDRESSES) {
    refuse(`base must leave room for the file below 2^64, and 0x${base.toString(16)} does not`);
  }
  if (cores.length === 0) refuse('cores must hold the instructions of one core or more');
  cores.forEach((instructions, core) => {
    instructions.forEach((instruction, at) => {
      const wrong = misfitOf(instruction) ?? misplaced(program, instruction);
      if (wrong !== undefined) refuse(`core ${core}, instruction ${at}: ${wrong}`);
    });
  });
}

/** Throws `InputError` for a program that needs more than this machine has. */
export function checkMachine(program: ScriptedProgram, { cores, controllers }: MachineConfiguration): void {
  if (program.cores.length > cores) {
    refuse(`has instructions for ${program.cores.length} cores, and the machine has ${cores}`);
  }
  program.cores.forEach((instructions, core) => {
    instructions.forEach((instruction, at) => {
      if (instruction.kind !== 'hint' || instruction.controller < controllers) return;
      refuse(
        `core ${core}, instruction ${at}: there is no memory controller ${instruction.controller}, the machine has ${controllers}`,
      );
    });
  });
}

function misplaced(
  { base, sizeBytes }: ScriptedProgram,
  instruction: ScriptedInstruction,
): string | undefined {
  if (!('address' in instruction)) return undefined;
  const { kind, address } = instruction;
  const lengthBytes = 'data' in instruction ? instruction.data.length / 2 : 1;
  if (lengthBytes === 0) return `${kind} must have one byte of data or more`;
  if (address < base || address + BigInt(lengthBytes) > base + BigInt(sizeBytes)) {
    const end = base + BigInt(sizeBytes);
    return `${kind} at 0x${address.toString(16)} reaches beyond the file, which lies from 0x${base.toString(16)} to 0x${end.toString(16)}`;
  }
  if (kind === 'locked' && Number((address - base) % 8n) + lengthBytes > 8) {
    return `locked at 0x${address.toString(16)} must lie within 8 aligned bytes of the file`;
  }
  return undefined;
}

function refuse(what: string): never {
  throw new InputError(`scripted program: ${what}`);
}
