import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExecutable } from '../../../src/guests/programs/elf.ts';
import { programSpec } from '../../../src/guests/programs/program-spec.ts';
import { InputError } from '../../../src/kernel/errors.ts';
import { guestSpec, runGuest, startGuest, x86Fixture } from '../../support/guests.ts';
import { holds } from '../../support/many.ts';

const FILE = 'test/guests/programs/elf.test.ts';
const hello = x86Fixture('guests/hello.elf');
const PROGRAM_HEADERS = 64;

/** The executable with a number of so many bytes in another place. */
function changed(offset: number, value: bigint, sizeBytes: 1 | 2 | 4 | 8): Uint8Array {
  const bytes = hello.slice();
  for (let index = 0; index < sizeBytes; index++) {
    bytes[offset + index] = Number((value >> BigInt(8 * index)) & 0xffn);
  }
  return bytes;
}

const refusal = (bytes: Uint8Array): string => {
  try {
    parseExecutable(bytes, './prog');
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('executables that a guest cannot be', () => {
  it.each([
    [
      'nothing',
      new Uint8Array(0),
      './prog: is not an ELF file; give a statically linked x86-64 Linux executable',
    ],
    ['a script', new TextEncoder().encode('#!/bin/sh\n'), /is a script/],
    ['half a header', hello.slice(0, 40), './prog: at byte 40: the file ends within the ELF header'],
    ['32 bits', changed(4, 1n, 1), './prog: at byte 4: a 32-bit program; compile it for x86-64'],
    ['AArch64', changed(18, 183n, 2), './prog: at byte 18: a program for AArch64; compile it for x86-64'],
    ['an object file', changed(16, 1n, 2), './prog: at byte 16: an object file; link it: gcc -static'],
    ['a core file', changed(16, 4n, 2), './prog: at byte 16: type 4 is not an executable'],
    [
      'dynamically linked',
      changed(PROGRAM_HEADERS, 3n, 4),
      './prog: at byte 64: a dynamically linked program; link it statically: gcc -static, or musl-gcc -static',
    ],
    ['headers beyond the end', changed(32, 1n << 20n, 8), /at byte 32: the program headers reach beyond/],
    [
      'an entry outside',
      changed(24, 0x10n, 8),
      /at byte 24: the entry point 0x10 is in no executable segment/,
    ],
    ['a segment beyond the end', changed(PROGRAM_HEADERS + 32, 1n << 30n, 8), /at byte 96/],
    ['an address above 4 GiB', changed(PROGRAM_HEADERS + 16, 1n << 40n, 8), /at byte 80: .* above 4 GiB/],
  ])('%s', (_, bytes, message) => {
    expect(refusal(bytes)).toMatch(message);
  });

  it('names the program as the user did', () => {
    const spec = programSpec({ executable: new Uint8Array(9), path: '/dir/prog', argv: ['dir/prog'] });

    expect(() => startGuest(spec)).toThrow(/^dir\/prog: is not an ELF file/);
  });
});

describe('executables that are damaged', () => {
  it('are refused as input, or run in their own world: the host never fails and never hangs', () => {
    const places = fc.integer({ min: 0, max: PROGRAM_HEADERS + 7 * 56 });
    const change = fc.record({ at: places, value: fc.oneof(fc.nat(255), fc.constantFrom(0, 255, 127, 128)) });
    holds(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const executable = hello.slice();
        for (const { at, value } of changes) executable[at] = value;
        try {
          runGuest(guestSpec('hello', [], { executable, memoryBytes: 16 * 2 ** 20 }), 300);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          expect(error.message).not.toContain('\n');
        }
      }),
      150,
      FILE,
    );
  });

  it('have headers that are refused by name, or are whole', () => {
    holds(
      fc.property(
        fc.array(fc.tuple(fc.nat(PROGRAM_HEADERS + 400), fc.nat(255)), { maxLength: 8 }),
        (changes) => {
          const bytes = hello.slice();
          for (const [at, value] of changes) bytes[at] = value;
          const message = refusal(bytes);
          if (message !== 'accepted') {
            expect(message).toMatch(/^\.\/prog: /);
            return;
          }
          const { segments, entry } = parseExecutable(bytes, './prog');
          let end = 0;
          for (const { address, fileBytes, memoryBytes, fileOffset } of segments) {
            expect(address).toBeGreaterThanOrEqual(end);
            expect(fileOffset + fileBytes).toBeLessThanOrEqual(bytes.length);
            expect(fileBytes).toBeLessThanOrEqual(memoryBytes);
            end = address + memoryBytes;
          }
          expect(entry).toBeLessThan(end);
        },
      ),
      2000,
      FILE,
    );
  });
});
