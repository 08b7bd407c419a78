import type { Operand } from '../instruction.ts';
import { isGeneralRegister } from './register-names.ts';

/** Segment registers of a 64-bit program under Linux. */
const SELECTORS: Readonly<Record<string, bigint>> = { es: 0n, cs: 0x33n, ss: 0x2bn, ds: 0n, fs: 0n, gs: 0n };

/** What a segment register holds; undefined for other operands. */
export const selectorOf = (operand: Operand): bigint | undefined =>
  operand.kind === 'register' ? SELECTORS[operand.register] : undefined;

/** Neither a segment register nor one of the system's. */
export const isGeneral = (operand: Operand): boolean =>
  operand.kind !== 'register' || isGeneralRegister(operand.register);
