import type { ProgramMoment } from '../../node/program-moment.ts';
import { printable } from '../event-text.ts';

/** Where a program is, for people: source line, registers, and the instructions that come. */
export const momentText = ({ source, instructions, registers, disassembly }: ProgramMoment): string[] => [
  `by the program, after ${instructions.toLocaleString('en')} instructions, at ${printable(source)}`,
  ...registers.split('\n').map((line) => `  ${line}`),
  ...disassembly.map(
    ({ address, text }, place) => `${place === 0 ? '> ' : '  '}0x${address.toString(16)}  ${text}`,
  ),
];
