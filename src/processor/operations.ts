import { LAYOUT, OPERATION_BYTES, OPERATIONS_MAX } from './layout.ts';
import type { GuestMemory } from './memory.ts';

/** Kinds of operation records. */
export const OPERATION_KINDS = [
  'store',
  'non-temporal store',
  'clwb',
  'clflushopt',
  'clflush',
  'sfence',
  'mfence',
  'locked',
  /** The upper 8 bytes of the store of 16 bytes before it. */
  'store, upper half',
  'non-temporal store, upper half',
  'load',
  'load, upper half',
] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** One record, as a reader sees it. */
export interface OperationRecord {
  readonly kind: OperationKind;
  readonly address: number;
  readonly sizeBytes: number;
  readonly data: bigint;
  /** Address of the instruction, and how many were executed before it, modulo 2^32. */
  readonly instruction: number;
  readonly position: number;
}

/**
 * What a program did to memory, in order, as records of 24 bytes in linear memory, where translated code writes them, too:
 * address (u32), kind (u8), size (u8), 2 bytes of zeros, instruction (u32), position (u32), data (u64). Whoever fills it
 * drains it.
 */
export class Operations {
  /** The linear memory as words of 32 bits, in the order of this machine: six of them a record. */
  readonly words: Int32Array;
  /** Place of the first record's first word. */
  readonly firstWord: number;
  private readonly view: DataView;
  private readonly at: number;
  private readonly countAt: number;

  constructor(
    memory: GuestMemory,
    /** Takes all records, before they are overwritten. */
    private readonly consume: (records: Operations) => void,
  ) {
    this.view = memory.view;
    this.at = memory.ownAt + LAYOUT.operations;
    this.countAt = memory.ownAt + LAYOUT.operationsCount;
    this.words = new Int32Array(memory.linear.buffer);
    this.firstWord = this.at / 4;
  }

  get count(): number {
    return this.view.getInt32(this.countAt, true);
  }

  push(
    kind: number,
    address: number,
    sizeBytes: number,
    data: bigint,
    instruction: number,
    position: number,
  ): void {
    if (this.count === OPERATIONS_MAX) this.makeRoom();
    const { view, count } = this;
    const at = this.at + count * OPERATION_BYTES;
    view.setUint32(at, address, true);
    view.setUint32(at + 4, kind | (sizeBytes << 8), true);
    view.setUint32(at + 8, instruction, true);
    view.setUint32(at + 12, position, true);
    view.setBigUint64(at + 16, data, true);
    this.count = count + 1;
  }

  /** The address of the record at this place: to choose among many. */
  addressOf(place: number): number {
    return this.view.getUint32(this.at + place * OPERATION_BYTES, true);
  }

  /** The record at this place, from 0 up to `count`. */
  record(place: number): OperationRecord {
    const { view } = this;
    const at = this.at + place * OPERATION_BYTES;
    return {
      kind: OPERATION_KINDS[view.getUint8(at + 4)],
      address: view.getUint32(at, true),
      sizeBytes: view.getUint8(at + 5),
      data: view.getBigUint64(at + 16, true),
      instruction: view.getUint32(at + 8, true),
      position: view.getUint32(at + 12, true),
    };
  }

  /** Takes back what the instruction behind so many others recorded before it turned out that it does not happen. */
  takeBack(executed: number): void {
    if (this.count > 0 && this.positionOf(this.count - 1) === executed % 2 ** 32)
      this.count = this.ofOthers();
  }

  /** Hands over all but what the last instruction recorded, which may have to be taken back. */
  makeRoom(): void {
    const { count } = this;
    const others = this.ofOthers() || count; // a system call records more than fits
    this.count = others;
    this.consume(this);
    const { at, view } = this;
    const moved = new Uint8Array(view.buffer, at, count * OPERATION_BYTES);
    moved.copyWithin(0, others * OPERATION_BYTES);
    this.count = count - others;
  }

  /** Hands over what is there, and begins anew. */
  drain(): void {
    if (this.count === 0) return;
    this.consume(this);
    this.count = 0;
  }

  private set count(count: number) {
    this.view.setInt32(this.countAt, count, true);
  }

  /** How many records stand before those of the last instruction. */
  private ofOthers(): number {
    let { count } = this;
    const last = this.positionOf(count - 1);
    while (count > 0 && this.positionOf(count - 1) === last) count--;
    return count;
  }

  private positionOf(place: number): number {
    return this.view.getUint32(this.at + place * OPERATION_BYTES + 12, true);
  }
}
