import { describe, expect, it } from 'vitest';
import { CodeCache } from '../../../src/processor/lifter.ts';
import { EXECUTABLE, GuestMemory, READABLE } from '../../../src/processor/memory.ts';
import { findRegion } from '../../../src/processor/translator/blocks.ts';

const CODE = 0x1000;
/** Addresses in the code below. */
const [LOOP, BEHIND_CALL, BEHIND_LOOP, CALLED] = [CODE + 3, CODE + 8, CODE + 13, CODE + 14];

/** A loop that calls a function, and a return. */
const BYTES = [
  ...[0x48, 0xff, 0xc0], // inc rax
  ...[0xe8, 0x06, 0x00, 0x00, 0x00], // LOOP: call CALLED
  ...[0x48, 0xff, 0xc9], // BEHIND_CALL: dec rcx
  ...[0x75, 0xf6], // jnz LOOP
  0xc3, // BEHIND_LOOP: ret
  ...[0x48, 0xff, 0xc2], // CALLED: inc rdx
  0xc3, // ret
];

/** First addresses of the blocks of the region that begins somewhere. */
function blocksFrom(entry: number, { executed, entries = [] }: { executed: number[]; entries?: number[] }) {
  const memory = new GuestMemory(0x1_0000, 0);
  memory.map(CODE, 0x1000, READABLE | EXECUTABLE);
  memory.bytes.set(BYTES, CODE);
  const region = findRegion(new CodeCache(memory).lift, entry, {
    isExecuted: (address) => executed.includes(address),
    isEntry: (address) => entries.includes(address),
  });
  return region?.blocks.map(({ instructions }) => instructions[0].address);
}

describe('a region', () => {
  it('ends at a call, behind which the return comes from outside', () => {
    expect(blocksFrom(CODE, { executed: [LOOP, BEHIND_CALL, CALLED] })).toEqual([CODE]);
  });

  it('goes on where jumps lead that were executed', () => {
    const executed = [LOOP, BEHIND_LOOP];
    expect(blocksFrom(BEHIND_CALL, { executed })).toEqual([BEHIND_CALL, LOOP, BEHIND_LOOP]);
  });

  it('does not go on where the program never came', () => {
    expect(blocksFrom(BEHIND_CALL, { executed: [LOOP] })).toEqual([BEHIND_CALL, LOOP]);
  });

  it('ends where another begins, by a jump or by going on', () => {
    const executed = [LOOP, BEHIND_LOOP];
    expect(blocksFrom(BEHIND_CALL, { executed, entries: [LOOP] })).toEqual([BEHIND_CALL, BEHIND_LOOP]);
    expect(blocksFrom(CODE, { executed, entries: [LOOP] })).toEqual([CODE]);
  });

  it('is none where there is no code', () => {
    expect(blocksFrom(0x8000, { executed: [] })).toBeUndefined();
  });
});
