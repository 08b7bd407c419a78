import { InputError } from '../../kernel/errors.ts';
import { PAGE_BYTES } from '../../processor/memory.ts';

/** A part of an executable that is mapped. Sizes and offsets are in bytes. */
export interface Segment {
  /** Virtual address as in the file. */
  readonly address: number;
  readonly fileOffset: number;
  readonly fileBytes: number;
  /** At least `fileBytes`; what is beyond them is zeros. */
  readonly memoryBytes: number;
  readonly isReadable: boolean;
  readonly isWritable: boolean;
  readonly isExecutable: boolean;
}

/** A statically linked executable. */
export interface Executable {
  /** Whether it runs wherever it is put (static PIE): addresses are then relative to where that is. */
  readonly isPositionIndependent: boolean;
  readonly entry: number;
  /** Ascending, and none overlaps another. At least one. */
  readonly segments: readonly Segment[];
  /** Where the program headers lie in memory; undefined when no segment holds them. */
  readonly programHeaders: number | undefined;
  readonly programHeaderCount: number;
  readonly isStackExecutable: boolean;
}

const HEADER_BYTES = 64;
export const PROGRAM_HEADER_BYTES = 56;

const TYPE_EXECUTABLE = 2;
const TYPE_SHARED = 3;
const MACHINE_X86_64 = 62;

const PT_LOAD = 1;
const PT_INTERP = 3;
const PT_PHDR = 6;
const PT_GNU_STACK = 0x6474e551;

const MACHINES: Readonly<Record<number, string>> = {
  3: 'i386',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC 64',
  22: 's390',
  40: 'ARM',
  183: 'AArch64',
  243: 'RISC-V',
};

/** No address or size of an executable is as large: guests live below 4 GiB. */
const ADDRESS_LIMIT = 2 ** 32;

/**
 * Reads the headers of a statically linked x86-64 ELF file. Every field that is used is checked. Throws `InputError` with
 * the name of the file, the offset of the field, and how to mend it. Source: System V ABI, chapters 4 and 5.
 */
export function parseExecutable(bytes: Uint8Array, name: string): Executable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const refuse = (offset: number, what: string): never => {
    throw new InputError(`${name}: at byte ${offset}: ${what}`);
  };
  if (bytes.length < 4 || view.getUint32(0) !== 0x7f454c46) {
    throw new InputError(
      bytes[0] === 0x23 && bytes[1] === 0x21
        ? `${name}: is a script, not an executable; give the program that runs it, statically linked`
        : `${name}: is not an ELF file; give a statically linked x86-64 Linux executable`,
    );
  }
  if (bytes.length < HEADER_BYTES) refuse(bytes.length, 'the file ends within the ELF header');
  if (bytes[4] !== 2) {
    refuse(4, bytes[4] === 1 ? 'a 32-bit program; compile it for x86-64' : `class ${bytes[4]} is unknown`);
  }
  if (bytes[5] !== 1) refuse(5, 'not little-endian; compile it for x86-64');
  if (bytes[6] !== 1) refuse(6, `version ${bytes[6]} of ELF is unknown`);
  const machine = view.getUint16(18, true);
  if (machine !== MACHINE_X86_64) {
    refuse(18, `a program for ${MACHINES[machine] ?? `machine ${machine}`}; compile it for x86-64`);
  }
  const type = view.getUint16(16, true);
  if (type !== TYPE_EXECUTABLE && type !== TYPE_SHARED) {
    refuse(16, type === 1 ? 'an object file; link it: gcc -static' : `type ${type} is not an executable`);
  }

  /** A field of 8 bytes that is an address or size. */
  const number = (offset: number, what: string): number => {
    const value = view.getBigUint64(offset, true);
    if (value >= BigInt(ADDRESS_LIMIT)) {
      refuse(offset, `${what} 0x${value.toString(16)} is above 4 GiB, where guests have no memory`);
    }
    return Number(value);
  };
  const tableAt = number(32, 'the offset of the program headers');
  const count = view.getUint16(56, true);
  if (view.getUint16(54, true) !== PROGRAM_HEADER_BYTES) {
    refuse(54, `program headers of ${view.getUint16(54, true)} bytes, not ${PROGRAM_HEADER_BYTES}`);
  }
  if (count === 0) refuse(56, 'there are no program headers, so nothing to load');
  if (tableAt + count * PROGRAM_HEADER_BYTES > bytes.length) {
    refuse(32, `the program headers reach beyond the end of the file (${bytes.length} bytes)`);
  }

  const segments: Segment[] = [];
  let headersAddress: number | undefined;
  let isStackExecutable = false;
  for (let index = 0; index < count; index++) {
    const at = tableAt + index * PROGRAM_HEADER_BYTES;
    const flags = view.getUint32(at + 4, true);
    switch (view.getUint32(at, true)) {
      case PT_INTERP:
        refuse(at, 'a dynamically linked program; link it statically: gcc -static, or musl-gcc -static');
        break;
      case PT_PHDR:
        headersAddress = number(at + 16, 'the address of the program headers');
        break;
      case PT_GNU_STACK:
        isStackExecutable = (flags & 1) !== 0;
        break;
      case PT_LOAD: {
        const segment: Segment = {
          fileOffset: number(at + 8, 'the offset of a segment'),
          address: number(at + 16, 'the address of a segment'),
          fileBytes: number(at + 32, 'the file size of a segment'),
          memoryBytes: number(at + 40, 'the memory size of a segment'),
          isExecutable: (flags & 1) !== 0,
          isWritable: (flags & 2) !== 0,
          isReadable: (flags & 4) !== 0,
        };
        if (segment.memoryBytes === 0) break;
        if (segment.fileBytes > segment.memoryBytes) {
          refuse(at + 32, 'a segment has more bytes in the file than in memory');
        }
        if (segment.fileOffset + segment.fileBytes > bytes.length) {
          refuse(at + 8, `a segment reaches beyond the end of the file (${bytes.length} bytes)`);
        }
        if (segment.address + segment.memoryBytes > ADDRESS_LIMIT)
          refuse(at + 40, 'a segment ends above 4 GiB');
        if (segment.address % PAGE_BYTES !== segment.fileOffset % PAGE_BYTES) {
          refuse(at + 16, 'address and file offset of a segment differ within a page');
        }
        const before = segments.at(-1);
        if (before !== undefined && segment.address < before.address + before.memoryBytes) {
          refuse(at + 16, 'a segment overlaps the one before it, or is not in ascending order');
        }
        segments.push(segment);
      }
    }
  }
  if (segments.length === 0) refuse(tableAt, 'no program header has a segment to load');
  const entry = number(24, 'the entry point');
  if (!segments.some((segment) => segment.isExecutable && isIn(segment, entry))) {
    refuse(24, `the entry point 0x${entry.toString(16)} is in no executable segment`);
  }
  const holder = segments.find(
    ({ fileOffset, fileBytes }) =>
      fileOffset <= tableAt && tableAt + count * PROGRAM_HEADER_BYTES <= fileOffset + fileBytes,
  );
  return {
    isPositionIndependent: type === TYPE_SHARED,
    entry,
    segments,
    programHeaders: headersAddress ?? (holder && holder.address + tableAt - holder.fileOffset),
    programHeaderCount: count,
    isStackExecutable,
  };
}

const isIn = ({ address, memoryBytes }: Segment, at: number): boolean =>
  at >= address && at < address + memoryBytes;
