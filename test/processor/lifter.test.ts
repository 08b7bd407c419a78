import { beforeEach, describe, expect, it } from 'vitest';
import { CodeCache } from '../../src/processor/lifter.ts';
import {
  EXECUTABLE,
  GuestFault,
  GuestMemory,
  PAGE_BYTES,
  READABLE,
  TRANSLATED,
  WRITABLE,
} from '../../src/processor/memory.ts';

const CODE_AT = 0x10000;
const CODE_PAGE = CODE_AT / PAGE_BYTES;
const NEXT_PAGE_AT = CODE_AT + PAGE_BYTES;
const NOP = 0x90;
const RET = 0xc3;
const MOV_EAX = [0xb8, 1, 0, 0, 0];

let memory: GuestMemory;
let cache: CodeCache;

beforeEach(() => {
  memory = new GuestMemory(0x20000, 0);
  memory.map(CODE_AT, 2 * PAGE_BYTES, READABLE | WRITABLE | EXECUTABLE);
  memory.bytes.fill(NOP, CODE_AT, CODE_AT + 2 * PAGE_BYTES);
  cache = new CodeCache(memory);
});

/** As the processor stores. */
function store(at: number, byte: number): void {
  memory.prepareStore(at, 1);
  memory.bytes[at] = byte;
}

const lengthAt = (at: number): number => cache.lift(at).lengthBytes;
const isTranslated = (page: number): boolean => (memory.attributes[page] & TRANSLATED) !== 0;

describe('a cache of lifted code', () => {
  it('lifts an instruction once', () => {
    expect(cache.lift(CODE_AT)).toBe(cache.lift(CODE_AT));
  });

  it('marks the pages that an instruction lies in, and no other', () => {
    cache.lift(CODE_AT);

    expect([CODE_PAGE, CODE_PAGE + 1].map(isTranslated)).toEqual([true, false]);
  });

  it('lifts anew after a store to the page', () => {
    const before = cache.lift(CODE_AT);

    store(CODE_AT, RET);

    expect(cache.lift(CODE_AT)).not.toBe(before);
    expect(cache.lift(CODE_AT).statements.at(-1)).toMatchObject({ op: 'jump', how: 'return' });
  });

  it('keeps what lies in other pages', () => {
    const kept = cache.lift(NEXT_PAGE_AT);
    cache.lift(CODE_AT);

    store(CODE_AT, RET);

    expect(cache.lift(NEXT_PAGE_AT)).toBe(kept);
  });

  it('lifts anew what reaches into a page that is stored to', () => {
    const at = NEXT_PAGE_AT - 1;
    memory.bytes.set(MOV_EAX, at);
    const before = cache.lift(at);

    store(NEXT_PAGE_AT, 2);

    expect(cache.lift(at)).not.toBe(before);
  });

  it('faults where a page can no longer be executed', () => {
    cache.lift(CODE_AT);

    memory.protect(CODE_AT, PAGE_BYTES, READABLE);

    expect(() => cache.lift(CODE_AT)).toThrow(new GuestFault(BigInt(CODE_AT), 'execute', true));
  });

  it('goes back with a snapshot', () => {
    memory.takeSnapshot();
    store(CODE_AT, MOV_EAX[0]);
    expect(lengthAt(CODE_AT)).toBe(MOV_EAX.length);

    memory.restore();

    expect(lengthAt(CODE_AT)).toBe(1);
  });

  it('tells which page is forgotten, once', () => {
    const told: number[] = [];
    cache.onForget((page) => told.push(page));
    cache.lift(CODE_AT);
    cache.lift(CODE_AT + 1);

    store(CODE_AT, RET);
    store(CODE_AT, NOP);

    expect(told).toEqual([CODE_PAGE]);
  });

  it('traps where there is no instruction', () => {
    memory.bytes[CODE_AT] = 0x06;

    expect(cache.lift(CODE_AT).statements).toEqual([{ op: 'trap', trap: 'invalid opcode' }]);
  });
});
