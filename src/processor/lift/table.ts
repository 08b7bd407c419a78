import type { Instruction } from '../instruction.ts';
import type { Lift } from './builder.ts';
import { integerLifts } from './integer.ts';
import { sseLifts } from './sse.ts';
import { x87Lifts } from './x87.ts';

/** MOVSD and CMPSD are two instructions each: of strings, whose operands are both in memory, and of SSE. */
const isOfStrings = ({ operands }: Instruction): boolean =>
  operands.length === 2 && operands.every(({ kind }) => kind === 'memory');

function merged(...tables: readonly Readonly<Record<string, Lift>>[]): ReadonlyMap<string, Lift> {
  const all = new Map<string, Lift>();
  for (const [mnemonic, lift] of tables.flatMap(Object.entries<Lift>)) {
    const strings = all.get(mnemonic);
    all.set(
      mnemonic,
      strings === undefined
        ? lift
        : (build, instruction) => (isOfStrings(instruction) ? strings : lift)(build, instruction),
    );
  }
  return all;
}

/** How each mnemonic of a baseline x86-64 is lifted; what is not here is an invalid opcode. */
export const lifts: ReadonlyMap<string, Lift> = merged(integerLifts, x87Lifts, sseLifts);
