import { LAYOUT } from '../layout.ts';
import type { AccessSize, Type } from '../lifted/form.ts';
import { type GuestMemory, PAGE_BYTES, PERSISTENT, READABLE, STORE_MASK, WRITABLE } from '../memory.ts';
import type { OperationKind } from '../operations.ts';
import type { Recorded } from '../processor.ts';
import type { Callees } from './callees.ts';
import type { Code } from './encoder.ts';
import type { Locals } from './locals.ts';
import { kindAndSize, pushRecords, type RecordParts } from './record-code.ts';

/** Where an access stands. */
export interface AccessPlace {
  readonly instruction: number;
  /** Instructions of the path that are not in the count yet. */
  readonly executed: number;
  /** Leaves the region for the interpreter. */
  readonly giveUp: () => void;
}

const typeOfSize = (sizeBytes: AccessSize): Type =>
  sizeBytes === 16 ? 'v128' : sizeBytes === 8 ? 'i64' : 'i32';

/** Code for loads, stores, flushes and fences: in place where one byte says that the page allows it, else by functions. */
export class MemoryCode {
  /** Locals: the address of an access that is done in place, and the attributes of its page. */
  private readonly place: number;
  private readonly attributes: number;
  private readonly scratch: number;

  constructor(
    private readonly code: Code,
    private readonly locals: Locals,
    private readonly memory: GuestMemory,
    private readonly recorded: Recorded,
    private readonly callees: Callees,
    /** Local: instructions executed. */
    private readonly count: number,
  ) {
    this.place = locals.add('i32');
    this.attributes = locals.add('i32');
    this.scratch = memory.ownAt + LAYOUT.scratch;
  }

  /** Takes an i64 address and leaves the value. */
  load(sizeBytes: AccessSize, place: AccessPlace): void {
    const { code } = this;
    const address = this.locals.temporary('i64');
    code.set(address);
    code.block(typeOfSize(sizeBytes));
    const done = code.depth;
    code.block();
    this.check(address, sizeBytes, READABLE, READABLE);
    code.get(this.place);
    code.load(sizeBytes, 0);
    if (this.recorded === 'all') this.recordLoad(sizeBytes, place);
    code.branch(done);
    code.end();
    this.callLoad(address, sizeBytes, place);
    code.constant32(0);
    code.load(sizeBytes, this.scratch);
    code.end();
  }

  /** Takes an i64 address and the value. */
  store(sizeBytes: AccessSize, isNonTemporal: boolean, place: AccessPlace): void {
    const { code } = this;
    const address = this.locals.temporary('i64');
    const value = this.locals.temporary(typeOfSize(sizeBytes));
    code.set(value);
    code.set(address);
    code.block();
    const done = code.depth;
    code.block();
    this.check(address, sizeBytes, STORE_MASK & ~PERSISTENT, WRITABLE);
    code.get(this.place);
    code.get(value);
    code.store(sizeBytes, 0);
    this.recordStore(sizeBytes, isNonTemporal, value, place);
    code.branch(done);
    code.end();
    code.constant32(0);
    code.get(value);
    code.store(sizeBytes, this.scratch);
    code.get(address);
    code.constant32(sizeBytes);
    code.constant32(isNonTemporal ? 1 : 0);
    code.constant32(place.instruction);
    this.position(place);
    code.callSlot(this.callees.runtime('store'));
    code.if();
    place.giveUp();
    code.end();
    code.end();
  }

  /** Takes the i64 address of a line that is flushed; a place that cannot be read is for the interpreter. */
  flush(kind: OperationKind, place: AccessPlace): void {
    const { code } = this;
    const address = this.locals.temporary('i64');
    code.set(address);
    code.block();
    const done = code.depth;
    code.block();
    this.check(address, 1, READABLE, READABLE);
    this.callRecord([this.operation(kind, () => code.get(this.place), place)]);
    code.branch(done);
    code.end();
    place.giveUp();
    code.end();
  }

  fence(kind: OperationKind, place: AccessPlace): void {
    const { code } = this;
    this.callRecord([this.operation(kind, () => code.constant32(0), place)]);
  }

  /** Leaves how many instructions were executed before this one: an i64. */
  private position({ executed }: AccessPlace): void {
    this.code.get(this.count);
    if (executed === 0) return;
    this.code.constant64(executed);
    this.code.numeric('i64.add');
  }

  private callLoad(address: number, sizeBytes: number, place: AccessPlace): void {
    const { code } = this;
    code.get(address);
    code.constant32(sizeBytes);
    code.constant32(place.instruction);
    this.position(place);
    code.callSlot(this.callees.runtime('load'));
    code.if();
    place.giveUp();
    code.end();
  }

  /**
   * Goes out of the innermost block unless the access lies in one page whose attributes, under a mask, are as wanted; else
   * both are in their locals.
   */
  private check(address: number, sizeBytes: number, mask: number, wanted: number): void {
    const { code, memory } = this;
    code.get(address);
    code.constant64(memory.sizeBytes - sizeBytes);
    code.numeric('i64.gt_u');
    code.branchIf(code.depth);
    code.get(address);
    code.numeric('i32.wrap_i64');
    code.tee(this.place);
    code.constant32(12);
    code.numeric('i32.shr_u');
    code.load(1, memory.sizeBytes);
    code.tee(this.attributes);
    code.constant32(mask);
    code.numeric('i32.and');
    if (mask === wanted) code.numeric('i32.eqz');
    else {
      code.constant32(wanted);
      code.numeric('i32.ne');
    }
    code.branchIf(code.depth);
    if (sizeBytes === 1) return;
    code.get(this.place);
    code.constant32(PAGE_BYTES - 1);
    code.numeric('i32.and');
    code.constant32(PAGE_BYTES - sizeBytes);
    code.numeric('i32.gt_u');
    code.branchIf(code.depth);
  }

  /** Of a store that was done: in place where all are recorded, else by a call where the page is on an NVDIMM. */
  private recordStore(
    sizeBytes: AccessSize,
    isNonTemporal: boolean,
    value: number,
    place: AccessPlace,
  ): void {
    const { code } = this;
    const kind = isNonTemporal ? 'non-temporal store' : 'store';
    const records = this.recordsOf(kind, sizeBytes, value, place);
    if (this.recorded !== 'persistent') {
      this.recordInPlace(records);
      return;
    }
    code.get(this.attributes);
    code.constant32(PERSISTENT);
    code.numeric('i32.and');
    code.if();
    this.callRecord(records);
    code.end();
  }

  /** Of a load that was done, whose value is on the stack, and stays there. */
  private recordLoad(sizeBytes: AccessSize, place: AccessPlace): void {
    const { code, locals } = this;
    const mark = locals.mark();
    const value = locals.temporary(typeOfSize(sizeBytes));
    code.tee(value);
    this.callRecord(this.recordsOf('load', sizeBytes, value, place));
    locals.release(mark);
  }

  /** One for each 8 bytes of an access. */
  private recordsOf(
    kind: 'store' | 'non-temporal store' | 'load',
    sizeBytes: AccessSize,
    value: number,
    place: AccessPlace,
  ): RecordParts[] {
    const { code } = this;
    const address = (): void => code.get(this.place);
    const lower = kindAndSize(kind, Math.min(8, sizeBytes));
    const records = [this.record(lower, address, place, () => this.lowerHalf(sizeBytes, value))];
    if (sizeBytes !== 16) return records;
    const upperAddress = (): void => {
      address();
      code.constant32(8);
      code.numeric('i32.add');
    };
    const upperHalf = (): void => {
      code.get(value);
      code.numeric('i64x2.extract_lane', 1);
    };
    return [...records, this.record(kindAndSize(`${kind}, upper half`, 8), upperAddress, place, upperHalf)];
  }

  private lowerHalf(sizeBytes: AccessSize, value: number): void {
    this.code.get(value);
    if (sizeBytes === 16) this.code.numeric('i64x2.extract_lane', 0);
    else if (sizeBytes < 8) this.code.numeric('i64.extend_i32_u');
  }

  /** Of a flush or a fence. */
  private operation(kind: OperationKind, address: () => void, place: AccessPlace): RecordParts {
    return this.record(kindAndSize(kind, 0), address, place, () => this.code.constant64(0));
  }

  private record(kind: number, address: () => void, place: AccessPlace, data: () => void): RecordParts {
    const { code } = this;
    return {
      address,
      kindAndSize: () => code.constant32(kind),
      instruction: () => code.constant32(place.instruction),
      position: () => {
        this.position(place);
        code.numeric('i32.wrap_i64');
      },
      data,
    };
  }

  private callRecord(records: readonly RecordParts[]): void {
    for (const { address, kindAndSize, instruction, position, data } of records) {
      for (const part of [address, kindAndSize, instruction, position, data]) part();
      this.code.call(this.callees.record);
    }
  }

  private recordInPlace(records: readonly RecordParts[]): void {
    const { code, locals, memory } = this;
    const mark = locals.mark();
    const temporaries = [locals.temporary('i32'), locals.temporary('i32')] as const;
    pushRecords(code, memory.ownAt, this.callees.runtime('makeRoom'), temporaries, records);
    locals.release(mark);
  }
}
