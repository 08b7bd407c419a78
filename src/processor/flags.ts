import type { Condition, FlagOperation, Width } from './lifted/form.ts';
import { AF, CF, OF, PF, SF, ZF } from './registers.ts';

/** What a flag-affecting instruction computed, by value (sheet S10). All numbers are of this width, unsigned. */
export interface FlagRecord {
  readonly operation: FlagOperation;
  readonly width: Width;
  readonly left: bigint;
  readonly right: bigint;
  readonly result: bigint;
}

/**
 * The six arithmetic flags that an operation leaves, as bits of RFLAGS. Source: Intel SDM volume 1, section 3.4.3.1 and the
 * pages of the instructions. Where the manual leaves a flag undefined it is what the formula of the operation gives: AF is
 * 0 after logic, shifts and `mul`; OF of shifts is that of a count of 1; SF, ZF and PF of `mul` are those of its low half.
 */
export function flagsOf({ operation, width, left, right, result }: FlagRecord): number {
  const sign = 1n << BigInt(width - 1);
  let flags = (result & sign) === 0n ? 0 : SF;
  if (result === 0n) flags |= ZF;
  if (hasEvenParity(Number(result & 0xffn))) flags |= PF;
  const is = (flag: number, holds: boolean): void => {
    if (holds) flags |= flag;
  };
  switch (operation) {
    case 'add':
    case 'adc':
    case 'inc': {
      // What carries out of each bit.
      const carries = (left & right) | ((left | right) & ~result);
      is(CF, (carries & sign) !== 0n);
      is(AF, (carries & 8n) !== 0n);
      is(OF, ((left ^ result) & (right ^ result) & sign) !== 0n);
      break;
    }
    case 'sub':
    case 'sbb':
    case 'dec': {
      const borrows = (~left & right) | ((~left | right) & result);
      is(CF, (borrows & sign) !== 0n);
      is(AF, (borrows & 8n) !== 0n);
      is(OF, ((left ^ right) & (left ^ result) & sign) !== 0n);
      break;
    }
    case 'shl': {
      const isOut = right <= BigInt(width) && ((left >> (BigInt(width) - right)) & 1n) !== 0n;
      is(CF, isOut);
      is(OF, isOut !== ((result & sign) !== 0n));
      break;
    }
    case 'shr':
      is(CF, ((left >> (right - 1n)) & 1n) !== 0n);
      is(OF, (left & sign) !== 0n);
      break;
    case 'sar': {
      const isNegative = (left & sign) !== 0n;
      is(CF, right > BigInt(width) ? isNegative : ((left >> (right - 1n)) & 1n) !== 0n);
      break;
    }
    case 'mul':
      is(CF | OF, right !== 0n);
      break;
    case 'logic':
      break;
  }
  return flags;
}

/** Whether a byte has an even number of bits set. */
function hasEvenParity(byte: number): boolean {
  const nibble = byte ^ (byte >> 4);
  return ((0x9669 >> (nibble & 15)) & 1) === 1;
}

/** Whether a condition holds of these flags. Source: Intel SDM volume 1, appendix B. */
export function holds(condition: Condition, flags: number): boolean {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  switch (condition) {
    case 'o':
      return has(OF);
    case 'no':
      return !has(OF);
    case 'b':
      return has(CF);
    case 'ae':
      return !has(CF);
    case 'e':
      return has(ZF);
    case 'ne':
      return !has(ZF);
    case 'be':
      return has(CF | ZF);
    case 'a':
      return !has(CF | ZF);
    case 's':
      return has(SF);
    case 'ns':
      return !has(SF);
    case 'p':
      return has(PF);
    case 'np':
      return !has(PF);
    case 'l':
      return has(SF) !== has(OF);
    case 'ge':
      return has(SF) === has(OF);
    case 'le':
      return has(ZF) || has(SF) !== has(OF);
    case 'g':
      return !has(ZF) && has(SF) === has(OF);
  }
}
