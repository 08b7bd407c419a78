import { flagsOf } from './flags.ts';
import { LAYOUT, OWN_BYTES } from './layout.ts';
import { FLAG_OPERATIONS, type FlagOperation, WIDTHS, type Width } from './lifted/form.ts';
import { GuestMemory } from './memory.ts';
import { OPERATION_KINDS, type OperationKind, Operations } from './operations.ts';
import { FIXED_FLAGS, GENERAL_REGISTERS } from './registers.ts';

/** What is recorded: stores to an NVDIMM, or all stores, or loads, too. Flushes and fences are recorded in any case. */
export const RECORDED = ['persistent', 'stores', 'all'] as const;
export type Recorded = (typeof RECORDED)[number];

/** The pending record's first word: operation and width; 0 means that none is pending. */
export const pendingCode = (operation: FlagOperation, width: Width): number =>
  1 + FLAG_OPERATIONS.indexOf(operation) * 4 + WIDTHS.indexOf(width);

const kindNumber = (kind: OperationKind): number => OPERATION_KINDS.indexOf(kind);
const [STORE, NON_TEMPORAL, LOAD] = (['store', 'non-temporal store', 'load'] as const).map(kindNumber);
const [UPPER, NON_TEMPORAL_UPPER, LOAD_UPPER] = (
  ['store, upper half', 'non-temporal store, upper half', 'load, upper half'] as const
).map(kindNumber);

const HALF = (1n << 64n) - 1n;

/**
 * The state of one x86-64 core, with its memory. All of it lies in linear memory, behind that of the guest, so that an
 * interpreter and translated code can take turns at any instruction, and a snapshot holds it.
 */
export class Processor {
  readonly memory: GuestMemory;
  readonly operations: Operations;
  private readonly view: DataView;
  private readonly own: number;

  constructor(
    /** Of the guest; a multiple of 64 KiB. */
    sizeBytes: number,
    readonly recorded: Recorded,
    consume: (records: Operations) => void,
  ) {
    this.memory = new GuestMemory(sizeBytes, OWN_BYTES, LAYOUT.operations);
    this.operations = new Operations(this.memory, consume);
    this.view = this.memory.view;
    this.own = this.memory.ownAt;
    this.reset();
  }

  /** As at the start of a program: zeros, MXCSR 0x1f80, x87 as after FNINIT. */
  reset(): void {
    this.memory.bytes.fill(0, this.own, this.own + LAYOUT.operations);
    this.view.setUint32(this.own + LAYOUT.flags, FIXED_FLAGS, true);
    this.mxcsr = 0x1f80;
    this.view.setUint16(this.own + LAYOUT.x87Control, 0x37f, true);
    this.view.setUint16(this.own + LAYOUT.x87Tag, 0xffff, true);
  }

  /** A general register, unsigned. */
  general(register: number): bigint {
    return this.view.getBigUint64(this.own + LAYOUT.general + 8 * register, true);
  }

  setGeneral(register: number, value: bigint): void {
    this.view.setBigUint64(this.own + LAYOUT.general + 8 * register, value, true);
  }

  /** A vector register: 128 bits, unsigned. */
  vector(register: number): bigint {
    const at = this.own + LAYOUT.vector + 16 * register;
    return this.view.getBigUint64(at, true) | (this.view.getBigUint64(at + 8, true) << 64n);
  }

  setVector(register: number, value: bigint): void {
    const at = this.own + LAYOUT.vector + 16 * register;
    this.view.setBigUint64(at, value & HALF, true);
    this.view.setBigUint64(at + 8, value >> 64n, true);
  }

  /** Address of the next instruction. */
  get instructionPointer(): number {
    return this.wholeNumber(LAYOUT.instructionPointer);
  }

  set instructionPointer(address: number) {
    this.setWholeNumber(LAYOUT.instructionPointer, address);
  }

  /** Instructions executed so far; each repetition of a string instruction counts as one. */
  get instructions(): number {
    return this.wholeNumber(LAYOUT.instructions);
  }

  set instructions(count: number) {
    this.setWholeNumber(LAYOUT.instructions, count);
  }

  segmentBase(segment: 'fs' | 'gs'): bigint {
    return this.view.getBigUint64(this.own + (segment === 'fs' ? LAYOUT.fsBase : LAYOUT.gsBase), true);
  }

  setSegmentBase(segment: 'fs' | 'gs', base: bigint): void {
    this.view.setBigUint64(this.own + (segment === 'fs' ? LAYOUT.fsBase : LAYOUT.gsBase), base, true);
  }

  get mxcsr(): number {
    return this.view.getUint32(this.own + LAYOUT.mxcsr, true);
  }

  set mxcsr(value: number) {
    this.view.setUint32(this.own + LAYOUT.mxcsr, value, true);
  }

  /** RFLAGS; a pending record is resolved first (sheet S10). */
  get flags(): number {
    const { view, own } = this;
    const pending = view.getInt32(own + LAYOUT.flagsPending, true);
    const flags = view.getUint32(own + LAYOUT.flags, true);
    if (pending === 0) return flags;
    const affects = view.getInt32(own + LAYOUT.flagsAffected, true);
    const computed = flagsOf({
      operation: FLAG_OPERATIONS[(pending - 1) >> 2],
      width: WIDTHS[(pending - 1) & 3],
      left: view.getBigUint64(own + LAYOUT.flagsLeft, true),
      right: view.getBigUint64(own + LAYOUT.flagsRight, true),
      result: view.getBigUint64(own + LAYOUT.flagsResult, true),
    });
    return (flags & ~affects) | (computed & affects);
  }

  set flags(value: number) {
    this.view.setInt32(this.own + LAYOUT.flagsPending, 0, true);
    this.view.setUint32(this.own + LAYOUT.flags, value, true);
  }

  /** Reads 1, 2, 4, 8 or 16 bytes, zero-extended, and records it where that is asked for. Throws `GuestFault`. */
  load(address: bigint, sizeBytes: number): bigint {
    const at = this.memory.offset(address, sizeBytes, 'read');
    const value = this.valueAt(at, sizeBytes);
    if (this.recorded === 'all') {
      this.record(LOAD, at, Math.min(8, sizeBytes), value & HALF);
      if (sizeBytes === 16) this.record(LOAD_UPPER, at + 8, 8, value >> 64n);
    }
    return value;
  }

  private valueAt(at: number, sizeBytes: number): bigint {
    const { view } = this;
    switch (sizeBytes) {
      case 1:
        return BigInt(view.getUint8(at));
      case 2:
        return BigInt(view.getUint16(at, true));
      case 4:
        return BigInt(view.getUint32(at, true));
      case 8:
        return view.getBigUint64(at, true);
      default:
        return view.getBigUint64(at, true) | (view.getBigUint64(at + 8, true) << 64n);
    }
  }

  /** Writes 1, 2, 4, 8 or 16 bytes, and records it where that is asked for. Throws `GuestFault`, with nothing changed. */
  store(address: bigint, sizeBytes: number, value: bigint, nonTemporal = false): void {
    const { memory, view } = this;
    const at = memory.offset(address, sizeBytes, 'write');
    memory.prepareStore(at, sizeBytes);
    switch (sizeBytes) {
      case 1:
        view.setUint8(at, Number(value));
        break;
      case 2:
        view.setUint16(at, Number(value), true);
        break;
      case 4:
        view.setUint32(at, Number(value), true);
        break;
      case 8:
        view.setBigUint64(at, value, true);
        break;
      default:
        view.setBigUint64(at, value & HALF, true);
        view.setBigUint64(at + 8, value >> 64n, true);
    }
    if (this.recorded !== 'persistent' || memory.isPersistent(at, sizeBytes)) {
      this.record(nonTemporal ? NON_TEMPORAL : STORE, at, Math.min(8, sizeBytes), value & HALF);
      if (sizeBytes === 16) this.record(nonTemporal ? NON_TEMPORAL_UPPER : UPPER, at + 8, 8, value >> 64n);
    }
  }

  /** Records a flush of the line that holds this address. Throws `GuestFault` where there is nothing to read. */
  flush(instruction: 'clwb' | 'clflushopt' | 'clflush', address: bigint): void {
    this.record(kindNumber(instruction), this.memory.offset(address, 1, 'read'), 0, 0n);
  }

  fence(instruction: 'sfence' | 'mfence' | 'locked'): void {
    this.record(kindNumber(instruction), 0, 0, 0n);
  }

  /** The general registers, flags and the instruction pointer, for people. */
  describe(): string {
    const hex = (value: bigint): string => value.toString(16).padStart(16, '0');
    const registers = GENERAL_REGISTERS.map(
      (name, register) => `${name.padEnd(3)} ${hex(this.general(register))}`,
    );
    const lines = [0, 4, 8, 12].map((from) => registers.slice(from, from + 4).join('  '));
    return [...lines, `rip ${hex(BigInt(this.instructionPointer))}  flags ${this.flags.toString(16)}`].join(
      '\n',
    );
  }

  /** A number of 64 bits as one of JavaScript's, which costs less than a bigint. */
  private wholeNumber(at: number): number {
    const { view, own } = this;
    return view.getUint32(own + at, true) + view.getUint32(own + at + 4, true) * 2 ** 32;
  }

  private setWholeNumber(at: number, value: number): void {
    const { view, own } = this;
    view.setUint32(own + at, value, true); // the lower 32 bits
    view.setUint32(own + at + 4, value / 2 ** 32, true);
  }

  private record(kind: number, address: number, sizeBytes: number, data: bigint): void {
    this.operations.push(
      kind,
      address,
      sizeBytes,
      data,
      this.instructionPointer,
      this.view.getUint32(this.own + LAYOUT.instructions, true),
    );
  }
}
