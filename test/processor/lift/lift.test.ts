import { describe, expect, it } from 'vitest';
import type { Instruction } from '../../../src/processor/instruction.ts';
import { lift } from '../../../src/processor/lift/lift.ts';
import { lifts } from '../../../src/processor/lift/table.ts';
import { encodings } from '../encodings.ts';
import { mistakesOf } from './check-lifted.ts';
import { REQUIRED } from './required-mnemonics.ts';

const all = [...encodings()];
const byMnemonic = new Map<string, Instruction[]>();
for (const { instruction } of all) {
  const known = byMnemonic.get(instruction.mnemonic);
  if (known === undefined) byMnemonic.set(instruction.mnemonic, [instruction]);
  else known.push(instruction);
}

const isInvalid = (instruction: Instruction): boolean => {
  const [statement] = lift(instruction).statements;
  return statement?.op === 'trap' && statement.trap === 'invalid opcode';
};

describe('what an instruction is lifted to', () => {
  it('has the right types, names before their use, and whatever may fault before whatever changes the processor', () => {
    const wrong = all.flatMap(({ instruction }) =>
      mistakesOf(lift(instruction)).map((mistake) => `${instruction.form}: ${mistake}`),
    );

    expect(wrong).toEqual([]);
  });

  it('keeps the address and the length', () => {
    for (const { instruction } of all) {
      const { address, lengthBytes } = lift(instruction);

      expect([address, lengthBytes]).toEqual([instruction.address, instruction.lengthBytes]);
    }
  });

  it.each(REQUIRED)('of %s is not an invalid opcode in every form', (mnemonic) => {
    const forms = byMnemonic.get(mnemonic) ?? [];

    expect(forms.filter((instruction) => !isInvalid(instruction))).not.toEqual([]);
  });

  it('has no mnemonic that the decoder does not know', () => {
    const unknown = Object.keys(lifts).filter((mnemonic) => !byMnemonic.has(mnemonic));

    expect(unknown).toEqual([]);
  });
});
