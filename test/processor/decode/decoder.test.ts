import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodeDecoder, decodeAt, decodeBytes } from '../../../src/processor/decode/decoder.ts';
import type { Instruction, Operand } from '../../../src/processor/instruction.ts';
import { EXECUTABLE, GuestFault, GuestMemory, PAGE_BYTES, READABLE } from '../../../src/processor/memory.ts';
import { holds } from '../../support/many.ts';

const FILE = 'test/processor/decode/decoder.test.ts';
const CODE_AT = 0x10000;
const NEXT_PAGE = CODE_AT + PAGE_BYTES;

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const decoded = (hex: string): Instruction => decodeBytes(bytesOf(hex), 0x401000);

const register = (name: string): Operand => ({ kind: 'register', register: name });
const immediate = (value: bigint, bits = 64): Operand => ({ kind: 'immediate', value, bits });

describe('the operands of an instruction', () => {
  // Encodings by hand, from the tables of the Intel SDM, volume 2, chapter 2.
  it.each<[string, string, string, readonly Operand[]]>([
    ['registers', '4d 01 c8', 'add', [register('r8'), register('r9')]],
    ['a byte register of REX', '40 88 f4', 'mov', [register('spl'), register('sil')]],
    ['a high byte', '88 f4', 'mov', [register('ah'), register('dh')]],
    ['a signed immediate', '48 83 c0 ff', 'add', [register('rax'), immediate(-1n)]],
    ['an immediate of 64 bits', '48 b8 ff ff ff ff ff ff ff ff', 'mov', [register('rax'), immediate(-1n)]],
    [
      'base, index, scale and displacement',
      '48 8b 44 cb f8',
      'mov',
      [
        register('rax'),
        { kind: 'memory', sizeBytes: 8, base: 'rbx', index: 'rcx', scale: 8, displacement: -8n },
      ],
    ],
    [
      'relative to the next instruction',
      '48 8d 05 f0 ff ff ff',
      'lea',
      [register('rax'), { kind: 'memory', sizeBytes: 0, scale: 1, displacement: 0x400ff7n }],
    ],
    [
      'thread-local storage',
      '64 48 8b 04 25 28 00 00 00',
      'mov',
      [register('rax'), { kind: 'memory', sizeBytes: 8, scale: 1, displacement: 0x28n, segment: 'fs' }],
    ],
    [
      'a segment that is always at 0',
      '3e 8b 06',
      'mov',
      [register('eax'), { kind: 'memory', sizeBytes: 4, base: 'rsi', scale: 1, displacement: 0n }],
    ],
    [
      'an address of 32 bits',
      '67 8b 40 fc',
      'mov',
      [
        register('eax'),
        {
          kind: 'memory',
          sizeBytes: 4,
          base: 'eax',
          scale: 1,
          displacement: 0xffff_fffcn,
          address32: true,
        },
      ],
    ],
    [
      'an absolute address',
      '8b 04 25 f0 ff ff ff',
      'mov',
      [register('eax'), { kind: 'memory', sizeBytes: 4, scale: 1, displacement: -16n }],
    ],
    [
      'an absolute address of 32 bits',
      '67 8b 04 25 f0 ff ff ff',
      'mov',
      [
        register('eax'),
        { kind: 'memory', sizeBytes: 4, scale: 1, displacement: 0xffff_fff0n, address32: true },
      ],
    ],
    [
      'an absolute address of 64 bits',
      'a0 88 77 66 55 44 33 22 11',
      'mov',
      [register('al'), { kind: 'memory', sizeBytes: 1, scale: 1, displacement: 0x1122_3344_5566_7788n }],
    ],
    ['a target', 'eb fe', 'jmp', [{ kind: 'target', address: 0x401000 }]],
    [
      'pointers of strings',
      'f3 64 a4',
      'movsb',
      [
        { kind: 'memory', sizeBytes: 1, base: 'rdi', scale: 1, displacement: 0n },
        { kind: 'memory', sizeBytes: 1, base: 'rsi', scale: 1, displacement: 0n, segment: 'fs' },
      ],
    ],
  ])('%s: %s', (_, hex, mnemonic, operands) => {
    const instruction = decoded(hex);

    expect(instruction).toMatchObject({
      address: 0x401000,
      lengthBytes: bytesOf(hex).length,
      mnemonic,
      operands,
      lock: false,
      repeat: hex.startsWith('f3') ? 'rep' : 'none',
    });
  });

  it.each([
    ['LOCK where nothing is stored', 'f0 01 c0'],
    ['LOCK on what it does not belong to', 'f0 89 00'],
    ['an opcode that 64-bit mode has not', '06'],
    ['an instruction that is too long', '66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 90'],
  ])('are none: %s', (_, hex) => {
    expect(decoded(hex)).toMatchObject({ mnemonic: '(bad)', operands: [] });
  });

  it('says which prefixes there are', () => {
    expect(decoded('f0 48 0f b1 0e')).toMatchObject({ mnemonic: 'cmpxchg', lock: true, repeat: 'none' });
    expect(decoded('f2 ae')).toMatchObject({ mnemonic: 'scasb', lock: false, repeat: 'repne' });
  });
});

describe('an instruction that goes on in the next page', () => {
  const CROSSING = bytesOf('48 b8 01 02 03 04 05 06 07 08'); // mov rax, 0x0807060504030201

  const memoryWith = (bytes: Uint8Array, at: number, pages: number): GuestMemory => {
    const memory = new GuestMemory(0x20000, 0);
    memory.map(CODE_AT, pages * PAGE_BYTES, READABLE | EXECUTABLE);
    memory.bytes.set(bytes.subarray(0, CODE_AT + pages * PAGE_BYTES - at), at);
    return memory;
  };

  it('is the same instruction as elsewhere', () => {
    for (let before = 1; before < CROSSING.length; before++) {
      const at = NEXT_PAGE - before;
      const memory = memoryWith(CROSSING, at, 2);

      expect(decodeAt(memory, at)).toEqual(decodeBytes(CROSSING, at));
    }
  });

  it('faults there where the page cannot be executed', () => {
    const at = NEXT_PAGE - 3;
    const memory = memoryWith(CROSSING, at, 1);

    expect(() => decodeAt(memory, at)).toThrow(new GuestFault(BigInt(NEXT_PAGE), 'execute', false));
  });

  it('needs only the bytes it has', () => {
    const at = NEXT_PAGE - CROSSING.length;
    const memory = memoryWith(CROSSING, at, 1);

    expect(decodeAt(memory, at)).toEqual(decodeBytes(CROSSING, at));
  });
});

describe('any bytes', () => {
  it('are an instruction of 1 to 15 bytes, wherever they stand', () => {
    const memory = new GuestMemory(0x20000, 0);
    memory.map(CODE_AT, 2 * PAGE_BYTES, READABLE | EXECUTABLE);

    holds(
      fc.property(
        fc.uint8Array({ minLength: 15, maxLength: 15 }),
        fc.integer({ min: 0, max: 2 * PAGE_BYTES - 15 }),
        (bytes, offset) => {
          const at = CODE_AT + offset;
          memory.bytes.set(bytes, at);

          const instruction = decodeAt(memory, at);

          expect(instruction).toEqual(decodeBytes(bytes, at));
          expect(instruction.lengthBytes).toBeGreaterThanOrEqual(1);
          expect(instruction.lengthBytes).toBeLessThanOrEqual(15);
        },
      ),
      2000,
      FILE,
    );
  });
});

describe('the decoder of a guest’s code', () => {
  const PAGES = 70; // more than are held at once
  const place = fc.integer({ min: 0, max: PAGES * PAGE_BYTES - 16 }).map((offset) => CODE_AT + offset);

  it('decodes what memory holds, in any order, when it is told what changes', () => {
    holds(
      fc.property(
        fc.array(fc.tuple(place, fc.uint8Array({ minLength: 15, maxLength: 15 }), fc.array(place)), {
          minLength: 1,
          maxLength: 20,
        }),
        (steps) => {
          const memory = new GuestMemory(0x100000, 0);
          memory.map(CODE_AT, PAGES * PAGE_BYTES, READABLE | EXECUTABLE);
          const guests = [new CodeDecoder(memory), new CodeDecoder(memory)];
          memory.beforeStore = (page) => {
            for (const guest of guests) guest.forget(page);
          };
          for (const [at, bytes, more] of steps) {
            memory.prepareStore(at, bytes.length);
            memory.bytes.set(bytes, at);
            for (const where of [at, ...more, at]) {
              for (const guest of guests) expect(guest.decodeAt(where)).toEqual(decodeAt(memory, where));
            }
          }
        },
      ),
      300,
      FILE,
    );
  });

  it('says where nothing can be executed', () => {
    const memory = new GuestMemory(0x40000, 0);
    memory.map(CODE_AT, PAGE_BYTES, READABLE);
    const at = CODE_AT + 5;

    expect(() => new CodeDecoder(memory).decodeAt(at)).toThrow(new GuestFault(BigInt(at), 'execute', true));
  });
});
