import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { misplacedFlush, prematureFlush } from '../../src/explore/misplaced-flush.ts';
import type { Operation } from '../../src/hardware/persistent-memory/operations.ts';
import type { StrayFlush } from '../../src/hardware/persistent-memory/stray-flush.ts';
import { holds } from '../support/many.ts';

const FILE = 'test/explore/misplaced-flush.test.ts';
const LINE_BYTES = 64;
const BASE = 0x70000000n;
const HEAD = 0;
const NODE = 256;
const OTHER = 512;

const map: Operation = { type: 'map', file: '/pool', base: BASE, sizeBytes: 4096, fileOffset: 0 };
const fence: Operation = { type: 'fence', core: 0, instruction: 'sfence' };
const store = (address: number, value = 1n): Operation => {
  const digits = value.toString(16).padStart(16, '0').match(/../g) ?? [];
  return { type: 'store', core: 0, address, data: digits.reverse().join('') };
};
const flush = (address: number, source?: string, sizeBytes = 1): Operation => ({
  type: 'flush',
  core: 0,
  address,
  sizeBytes,
  instruction: 'clwb',
  ...(source !== undefined && { source }),
});
const placed = (operations: readonly Operation[]) =>
  operations.map((operation, place) => ({ place, operation }));
const stray = (place: number): StrayFlush => ({ place, source: '0x401000: push (a.c:7)', isOnStack: true });

/** What is found for the store at this place, when the rest of the run should have flushed it. */
const found = (operations: readonly Operation[], place: number, strays: readonly StrayFlush[] = []) => {
  const operation = operations[place];
  const address = operation.type === 'store' ? operation.address : -1;
  const stretch = { store: { place, address }, until: operations.length };
  return misplacedFlush(stretch, placed(operations), strays, LINE_BYTES);
};

describe('a flush that was meant for a store', () => {
  it('goes to where a stored pointer points', () => {
    const run = [map, store(NODE), store(HEAD, BASE + BigInt(NODE)), flush(NODE, 'push (a.c:3)')];
    expect(found(run, 2)).toEqual({ to: 'pointee', source: 'push (a.c:3)', line: NODE / LINE_BYTES });
  });

  it('goes to where a stored offset points, if nothing else is to be flushed there', () => {
    const run = [map, store(NODE), flush(NODE), store(HEAD, BigInt(NODE)), flush(NODE, 'push (a.c:5)')];
    expect(found(run, 3)).toEqual({ to: 'pointee', source: 'push (a.c:5)', line: NODE / LINE_BYTES });
    const useful = [map, store(NODE), store(HEAD, BigInt(NODE)), flush(NODE)];
    expect(found(useful, 2)).toBeUndefined();
  });

  it('goes to volatile memory, between the store and what came too early', () => {
    const run = [map, store(NODE), store(HEAD, 0n), fence];
    expect(found(run, 1, [stray(2)])).toEqual({ to: 'volatile memory', ...stray(2) });
    expect(found(run, 1, [stray(1)])).toBeUndefined();
    expect(found(run, 1, [stray(5)])).toBeUndefined();
  });

  it('goes to a line in which there is nothing to flush', () => {
    const run = [map, store(NODE), flush(OTHER, 'push (a.c:4)'), fence];
    expect(found(run, 1)).toEqual({
      to: 'another line',
      source: 'push (a.c:4)',
      line: OTHER / LINE_BYTES,
    });
  });

  it('is none of a loop that flushes anything else, but one of another statement', () => {
    const run = [map, store(NODE), store(HEAD), flush(HEAD, 'a (a.c:1)'), flush(OTHER, 'a (a.c:1)')];
    expect(found(run, 1)).toBeUndefined();
    const two = [map, store(NODE), store(HEAD), flush(HEAD, 'a (a.c:1)'), flush(OTHER, 'a (a.c:2)')];
    expect(found(two, 1)).toMatchObject({ to: 'another line', source: 'a (a.c:2)' });
  });

  it('to another line is what a search through the past finds', () => {
    const line = fc.integer({ min: 0, max: 3 });
    const step = fc.oneof(
      line.map((at) => store(LINE_BYTES * at, 0n)),
      line.map((at) => flush(LINE_BYTES * at)),
      fc.tuple(line, line).map(([one, other]) => {
        const first = Math.min(one, other);
        return flush(LINE_BYTES * first, undefined, LINE_BYTES * (Math.abs(one - other) + 1));
      }),
      fc.constant(fence),
    );
    holds(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const run = [map, store(OTHER, 0n), ...steps];
        const first = run.findIndex((operation, place) => place > 1 && isIdle(run, operation, place));
        const expected = first < 0 ? undefined : run[first];
        const misplaced = found(run, 1);
        expect(misplaced === undefined).toBe(expected === undefined);
        if (expected?.type === 'flush')
          expect(misplaced).toMatchObject({ line: expected.address / LINE_BYTES });
      }),
      300,
      FILE,
    );
  });
});

/** Whether no line of a flush was stored to since it was flushed before. */
function isIdle(run: readonly Operation[], operation: Operation, place: number): boolean {
  if (operation.type !== 'flush') return false;
  const touches = (one: Operation, line: number): boolean =>
    (one.type === 'store' || one.type === 'flush') &&
    Math.floor(one.address / LINE_BYTES) <= line &&
    line <= Math.floor((one.address + (one.type === 'store' ? 8 : one.sizeBytes) - 1) / LINE_BYTES);
  for (let address = operation.address; address < operation.address + operation.sizeBytes; address += 64) {
    const last = run.slice(0, place).findLast((one) => touches(one, address / LINE_BYTES));
    if (last?.type === 'store') return false;
  }
  return true;
}

describe('a flush that comes before its store', () => {
  const premature = (...before: readonly Operation[]): boolean => {
    const run = [map, ...before, store(NODE)];
    const at = { place: before.length + 1, address: NODE };
    return prematureFlush(at, placed(run), LINE_BYTES) !== undefined;
  };

  it('found nothing to flush, or is not fenced yet', () => {
    expect(premature(flush(NODE))).toBe(true);
    expect(premature(flush(NODE), fence)).toBe(true);
    expect(premature(store(NODE), flush(NODE))).toBe(true);
  });

  it('is not one that made an earlier store durable, nor one of another line', () => {
    expect(premature(store(NODE), flush(NODE), fence)).toBe(false);
    expect(premature(flush(OTHER))).toBe(false);
  });
});
