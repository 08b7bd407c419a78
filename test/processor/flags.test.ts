import { describe, expect, it } from 'vitest';
import { flagsOf, holds } from '../../src/processor/flags.ts';
import { CONDITIONS, type FlagOperation } from '../../src/processor/lifted/form.ts';
import { AF, CF, OF, PF, SF, ZF } from '../../src/processor/registers.ts';

const signed = (byte: number): number => (byte > 127 ? byte - 256 : byte);
const ones = (byte: number): number => byte.toString(2).replaceAll('0', '').length;

/** Flags of a sum or difference of bytes, from what they say of it in numbers. */
function expected(unsigned: number, inRange: number, digits: number): number {
  const result = unsigned & 0xff;
  return (
    (unsigned < 0 || unsigned > 255 ? CF : 0) |
    (ones(result) % 2 === 0 ? PF : 0) |
    (digits < 0 || digits > 15 ? AF : 0) |
    (result === 0 ? ZF : 0) |
    (result > 127 ? SF : 0) |
    (inRange < -128 || inRange > 127 ? OF : 0)
  );
}

const flags = (operation: FlagOperation, left: number, right: number, result: number): number =>
  flagsOf({ operation, width: 8, left: BigInt(left), right: BigInt(right), result: BigInt(result & 0xff) });

describe('S10 flags of an operation', () => {
  it('S10.I1 sums and differences of all bytes, with and without a carry', () => {
    for (let left = 0; left < 256; left++) {
      for (let right = 0; right < 256; right++) {
        for (const carry of [0, 1]) {
          const sum = left + right + carry;
          const difference = left - right - carry;
          const digits = [left & 15, right & 15];
          const ofSum = expected(sum, signed(left) + signed(right) + carry, digits[0] + digits[1] + carry);
          const ofDifference = expected(
            difference,
            signed(left) - signed(right) - carry,
            digits[0] - digits[1] - carry,
          );
          if (flags(carry === 0 ? 'add' : 'adc', left, right, sum) !== ofSum)
            expect.fail(`${left} + ${right} + ${carry}`);
          if (flags(carry === 0 ? 'sub' : 'sbb', left, right, difference) !== ofDifference)
            expect.fail(`${left} - ${right} - ${carry}`);
        }
      }
    }
  });

  it('S10.I1 shifts of all bytes: what falls out last, and whether the sign changed by one step', () => {
    for (let left = 0; left < 256; left++) {
      for (let count = 1; count < 8; count++) {
        const shl = flags('shl', left, count, left << count);
        expect(shl & CF).toBe((left << count) & 0x100 ? CF : 0);
        const shr = flags('shr', left, count, left >> count);
        expect(shr & CF).toBe((left >> (count - 1)) & 1 ? CF : 0);
        const sar = flags('sar', left, count, signed(left) >> count);
        expect(sar & CF).toBe((signed(left) >> (count - 1)) & 1 ? CF : 0);
        if (count > 1) continue;
        expect(shl & OF).toBe((left ^ (left << 1)) & 0x80 ? OF : 0);
        expect(shr & OF).toBe(left & 0x80 ? OF : 0);
        expect(sar & OF).toBe(0);
      }
    }
  });

  it('S10.I5 a condition compares what was subtracted', () => {
    const comparisons: Partial<
      Record<(typeof CONDITIONS)[number], (left: number, right: number) => boolean>
    > = {
      b: (left, right) => left < right,
      be: (left, right) => left <= right,
      e: (left, right) => left === right,
      l: (left, right) => signed(left) < signed(right),
      le: (left, right) => signed(left) <= signed(right),
    };
    for (let left = 0; left < 256; left++) {
      for (let right = 0; right < 256; right++) {
        const of = flags('sub', left, right, left - right);
        for (const [at, condition] of CONDITIONS.entries()) {
          const compare = comparisons[condition];
          if (compare !== undefined && holds(condition, of) !== compare(left, right))
            expect.fail(`${left} ${condition} ${right}`);
          // Each odd condition is the one before it, denied.
          if (at % 2 === 1 && holds(condition, of) === holds(CONDITIONS[at - 1], of))
            expect.fail(`${condition} and ${CONDITIONS[at - 1]}`);
        }
      }
    }
  });
});
