import { InputError } from '../../kernel/errors.ts';
import { DebugInformation, type SourceFrame } from '../debug/debug-information.ts';
import { parseExecutable } from './elf.ts';
import { POSITION_INDEPENDENT_BASE } from './loader.ts';

/** Names instructions by their addresses in the guest. */
export type InstructionNames = (instruction: number) => string;

/**
 * Names instructions as stack frames of store logs: `0x4011ef: store (pmem.h:29) in push (list.c:79)`, where nothing better is
 * known `0x4011ef: push+0x1f` or the address alone. Instructions of one source line have one name behind their address.
 */
export function instructionNames(executable: Uint8Array): InstructionNames {
  const debug = new DebugInformation(executable);
  const base = baseOf(executable);
  const known = new Map<number, string>();
  return (instruction) => {
    const name = known.get(instruction) ?? nameOf(debug, instruction, instruction - base);
    known.set(instruction, name);
    return name;
  };
}

function nameOf(debug: DebugInformation, instruction: number, address: number): string {
  const place = `0x${instruction.toString(16)}`;
  const frames = debug.framesOf(address);
  if (frames.length > 0 && frames.every(({ at }) => at !== undefined))
    return `${place}: ${frames.map(frameText).join(' in ')}`;
  const symbol = debug.functionOf(address);
  return symbol === undefined
    ? place
    : `${place}: ${symbol.name}+0x${(address - symbol.address).toString(16)}`;
}

const frameText = ({ name, at }: SourceFrame): string =>
  at === undefined ? name : `${name} (${at.file}:${at.line})`;

/** An instruction in words, by its address in the guest: `put+0x1c (kv.c:28)`; undefined where nothing is known of it. */
export const describeInstruction = (executable: Uint8Array, instruction: number): string | undefined =>
  new DebugInformation(executable).describeAddress(instruction - baseOf(executable));

/** How much higher than in its file a program lies in memory. */
function baseOf(executable: Uint8Array): number {
  try {
    return parseExecutable(executable, 'program').isPositionIndependent ? POSITION_INDEPENDENT_BASE : 0;
  } catch (error) {
    if (error instanceof InputError) return 0; // it is refused, in words, when it is loaded
    throw error;
  }
}
