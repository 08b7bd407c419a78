import { InputError } from '../../kernel/errors.ts';
import { EXECUTABLE, type GuestMemory, PAGE_BYTES, READABLE, WRITABLE } from '../../processor/memory.ts';
import type { Processor } from '../../processor/processor.ts';
import { RSP } from '../../processor/registers.ts';
import { LOWEST_ADDRESS } from './address-space.ts';
import { type Executable, PROGRAM_HEADER_BYTES, parseExecutable } from './elf.ts';
import { roundedToPages } from './persistent-area.ts';
import type { ProgramSpec } from './program-spec.ts';

/** Where a static PIE is put: where other programs are linked to. */
export const POSITION_INDEPENDENT_BASE = 0x400000;

export const STACK_BYTES = 8 * 1024 * 1024;
/** Below the stack, never mapped: an overflow faults. */
const GUARD_BYTES = 1024 * 1024;
/** Arguments and environment may take as much of the stack, as in Linux. */
const ARGUMENTS_BYTES_MAX = STACK_BYTES / 4;

/** Keys of the auxiliary vector. */
const AT = {
  NULL: 0,
  PHDR: 3,
  PHENT: 4,
  PHNUM: 5,
  PAGESZ: 6,
  BASE: 7,
  FLAGS: 8,
  ENTRY: 9,
  UID: 11,
  EUID: 12,
  GID: 13,
  EGID: 14,
  PLATFORM: 15,
  HWCAP: 16,
  CLKTCK: 17,
  SECURE: 23,
  RANDOM: 25,
  EXECFN: 31,
} as const;

export interface Loaded {
  /** Behind the last page of the program: where its break begins. */
  readonly breakStart: number;
  /** Behind the last address that mappings may have: the guard below the stack. */
  readonly mappingsTop: number;
}

/**
 * Puts a program into memory and the processor at its entry, as the System V ABI (AMD64 supplement, section 3.4.1) has it: rdx 0,
 * and on the stack argc, argv, environment and auxiliary vector, in which there is no vDSO, so that time comes by system
 * call. Throws `InputError` when it does not fit.
 */
export function loadProgram(
  processor: Processor,
  spec: ProgramSpec,
  hardwareCapabilities: number,
  random: Uint8Array,
): Loaded {
  const { memory } = processor;
  const executable = parseExecutable(spec.executable, nameOf(spec));
  const base = executable.isPositionIndependent ? POSITION_INDEPENDENT_BASE : 0;
  const mappingsTop = spec.memoryBytes - STACK_BYTES - GUARD_BYTES;
  const breakStart = loadSegments(memory, spec, executable, base, mappingsTop);
  const stackRights = READABLE | WRITABLE | (executable.isStackExecutable ? EXECUTABLE : 0);
  memory.map(spec.memoryBytes - STACK_BYTES, STACK_BYTES, stackRights);

  const stack = new StackWriter(memory, spec.memoryBytes, nameOf(spec));
  stack.down(8); // Linux ends the stack with zeros
  const pathAt = stack.text(spec.path);
  const environmentAt = spec.environment
    .toReversed()
    .map((text) => stack.text(text))
    .toReversed();
  const argumentsAt = spec.argv
    .toReversed()
    .map((text) => stack.text(text))
    .toReversed();
  const platformAt = stack.text('x86_64');
  const randomAt = stack.bytes(random);

  const auxiliary: readonly (readonly [key: number, value: number])[] = [
    [AT.HWCAP, hardwareCapabilities],
    [AT.PAGESZ, PAGE_BYTES],
    [AT.CLKTCK, 100],
    [AT.PHDR, executable.programHeaders === undefined ? 0 : base + executable.programHeaders],
    [AT.PHENT, PROGRAM_HEADER_BYTES],
    [AT.PHNUM, executable.programHeaderCount],
    [AT.BASE, 0],
    [AT.FLAGS, 0],
    [AT.ENTRY, base + executable.entry],
    [AT.UID, USER_ID],
    [AT.EUID, USER_ID],
    [AT.GID, USER_ID],
    [AT.EGID, USER_ID],
    [AT.SECURE, 0],
    [AT.RANDOM, randomAt],
    [AT.EXECFN, pathAt],
    [AT.PLATFORM, platformAt],
    [AT.NULL, 0],
  ];
  const words = [spec.argv.length, ...argumentsAt, 0, ...environmentAt, 0, ...auxiliary.flat()];
  const stackPointer = stack.words(words);
  processor.reset();
  processor.setGeneral(RSP, BigInt(stackPointer));
  processor.instructionPointer = base + executable.entry;
  return { breakStart, mappingsTop };
}

/** User and group of every program. */
export const USER_ID = 1000;

/** As the user wrote it, for messages. */
const nameOf = ({ argv, path }: ProgramSpec): string => argv[0] ?? path;

/** Returns where the break begins. */
function loadSegments(
  memory: GuestMemory,
  spec: ProgramSpec,
  { segments }: Executable,
  base: number,
  limit: number,
): number {
  const { executable: bytes, memoryBytes } = spec;
  let mappedTo = 0;
  for (const segment of segments) {
    const start = base + segment.address;
    const end = roundedToPages(start + segment.memoryBytes);
    if (start < LOWEST_ADDRESS) {
      throw new InputError(
        `${nameOf(spec)}: is linked to address 0x${start.toString(16)}, below 0x${LOWEST_ADDRESS.toString(16)}, where nothing is mapped`,
      );
    }
    if (end > limit) {
      const needed = Math.ceil((end + memoryBytes - limit) / 2 ** 20);
      throw new InputError(
        `${nameOf(spec)}: reaches up to address 0x${end.toString(16)}, beyond its memory of ${memoryBytes / 2 ** 20} MiB; it needs at least ${needed} MiB`,
      );
    }
    const rights =
      (segment.isReadable ? READABLE : 0) |
      (segment.isWritable ? WRITABLE | READABLE : 0) |
      (segment.isExecutable ? EXECUTABLE | READABLE : 0);
    // Two segments may share a page: it gets the rights of both.
    const firstPage = start - (start % PAGE_BYTES);
    if (firstPage < mappedTo)
      memory.protect(firstPage, PAGE_BYTES, memory.attributes[firstPage / PAGE_BYTES] | rights);
    const from = Math.max(mappedTo, firstPage);
    memory.map(from, end - from, rights);
    memory.bytes.set(bytes.subarray(segment.fileOffset, segment.fileOffset + segment.fileBytes), start);
    mappedTo = end;
  }
  return mappedTo;
}

/** Puts things on the stack, each below the one before. */
class StackWriter {
  private at: number;

  constructor(
    private readonly memory: GuestMemory,
    private readonly top: number,
    private readonly name: string,
  ) {
    this.at = top;
  }

  down(sizeBytes: number): number {
    this.at -= sizeBytes;
    if (this.top - this.at > ARGUMENTS_BYTES_MAX) {
      throw new InputError(
        `${this.name}: arguments and environment are larger than ${ARGUMENTS_BYTES_MAX / 2 ** 20} MiB; give fewer`,
      );
    }
    return this.at;
  }

  bytes(bytes: Uint8Array): number {
    const at = this.down(bytes.length);
    this.memory.bytes.set(bytes, at);
    return at;
  }

  text(text: string): number {
    this.down(1);
    return this.bytes(new TextEncoder().encode(text));
  }

  /** At a multiple of 16, as the ABI has the stack at the entry. */
  words(words: readonly number[]): number {
    const below = this.down(8 * words.length);
    const at = this.down(below % 16);
    for (const [index, word] of words.entries()) {
      this.memory.view.setBigUint64(at + 8 * index, BigInt(word), true);
    }
    return at;
  }
}
