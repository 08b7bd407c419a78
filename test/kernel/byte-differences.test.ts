import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differingAtoms } from '../../src/kernel/byte-differences.ts';
import { CowBytes } from '../../src/kernel/cow-bytes.ts';

const writes = fc.array(
  fc.tuple(
    fc.nat(400).map((atom) => atom * 8),
    fc.nat(2),
  ),
  { maxLength: 20 },
);

describe('differingAtoms', () => {
  it('finds just the atoms that differ, whether or not the memories have an origin in common', () => {
    fc.assert(
      fc.property(writes, writes, writes, fc.boolean(), (common, left, right, forked) => {
        const write = (memory: CowBytes, atoms: readonly (readonly [number, number])[]): void => {
          for (const [address, value] of atoms) memory.writeAtom(address, value, value << 8);
        };
        const one = new CowBytes();
        write(one, common);
        const other = forked ? one.fork() : new CowBytes();
        write(one, left);
        write(other, right);
        const expected = Array.from({ length: 401 }, (_, atom) => atom * 8).filter(
          (address) =>
            one.word(address) !== other.word(address) || one.word(address + 4) !== other.word(address + 4),
        );
        expect([...differingAtoms(one, other)]).toEqual(expected);
      }),
    );
  });
});
