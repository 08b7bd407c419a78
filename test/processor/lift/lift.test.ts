import { describe, expect, it } from 'vitest';
import { decodeBytes } from '../../../src/processor/decode/decoder.ts';
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

  // Encodings by hand, from the opcode maps of the Intel SDM, volume 2, appendix A.
  it.each([
    ['jmp far [rax]', 'ff 28', 'general protection'],
    ['call far [rax]', 'ff 18', 'general protection'],
    ['mov fs, ax', '8e e0', 'general protection'],
    ['mov cr0, rax', '0f 22 c0', 'general protection'],
    ['hlt', 'f4', 'general protection'],
    ['int 0x80', 'cd 80', 'general protection'],
    ['int3', 'cc', 'breakpoint'],
    ['ud2', '0f 0b', 'invalid opcode'],
    ['popcnt eax, ecx', 'f3 0f b8 c1', 'invalid opcode'],
    ['paddd mm0, mm1', '0f fe c1', 'invalid opcode'],
    ['vaddps ymm0, ymm1, ymm2', 'c5 f4 58 c2', 'invalid opcode'],
    ['andn eax, ecx, edx', 'c4 e2 70 f2 c2', 'invalid opcode'],
    ['no instruction', '06', 'invalid opcode'],
  ])('of %s is a trap', (_, hex, trap) => {
    const instruction = decodeBytes(Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex')), 0);

    expect(lift(instruction).statements).toEqual([{ op: 'trap', trap }]);
  });

  it.each([
    ['f3 0f bc c1', '0f bc c1'],
    ['f3 0f bd c1', '0f bd c1'],
  ])('of %s is that without the prefix, which a baseline processor does not know', (hex, plain) => {
    const statementsOf = (encoding: string) =>
      lift(decodeBytes(Uint8Array.from(Buffer.from(encoding.replaceAll(' ', ''), 'hex')), 0)).statements;

    expect(statementsOf(hex)).toEqual(statementsOf(plain));
  });

  it('has no mnemonic that the decoder does not know', () => {
    const unknown = [...lifts.keys()].filter((mnemonic) => !byMnemonic.has(mnemonic));

    expect(unknown).toEqual([]);
  });
});
