import type { Width } from '../lifted/form.ts';
import { GENERAL_REGISTERS } from '../registers.ts';

interface GeneralRegister {
  readonly register: number;
  readonly width: Width;
  /** Bits 8 to 15: ah, ch, dh, bh. */
  readonly isHigh: boolean;
}

const BYTES = ['al', 'cl', 'dl', 'bl', 'spl', 'bpl', 'sil', 'dil'];

const generalRegisters = new Map<string, GeneralRegister>();
for (const [register, name] of GENERAL_REGISTERS.entries()) {
  const add = (one: string, width: Width, isHigh = false): void => {
    generalRegisters.set(one, { register, width, isHigh });
  };
  add(name, 64);
  if (register < 8) {
    add(`e${name.slice(1)}`, 32);
    add(name.slice(1), 16);
    add(BYTES[register], 8);
  } else {
    add(`${name}d`, 32);
    add(`${name}w`, 16);
    add(`${name}b`, 8);
    add(`${name}l`, 8); // the decoder's name
  }
}
for (const [register, name] of ['ah', 'ch', 'dh', 'bh'].entries())
  generalRegisters.set(name, { register, width: 8, isHigh: true });

/** Which register a name means, and which part of it. */
export function generalRegister(name: string): GeneralRegister {
  const found = generalRegisters.get(name);
  if (found === undefined) throw new TypeError(`${name} is no general register`);
  return found;
}

export const isGeneralRegister = (name: string): boolean => generalRegisters.has(name);

/** 0 to 15 of xmm0 to xmm15. */
export function vectorNumber(name: string): number {
  if (!name.startsWith('xmm')) throw new TypeError(`${name} is no vector register`);
  return Number(name.slice(3));
}
