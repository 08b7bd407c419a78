import { LAYOUT, OPERATION_BYTES, OPERATIONS_MAX } from '../layout.ts';
import type { AccessSize, Type } from '../lifted/form.ts';
import { type GuestMemory, PAGE_BYTES, READABLE, STORE_MASK, WRITABLE } from '../memory.ts';
import { OPERATION_KINDS } from '../operations.ts';
import type { Recorded } from '../processor.ts';
import type { Code } from './encoder.ts';
import type { Locals } from './locals.ts';

/** Indices of the functions that do what is not done in place. */
export interface MemoryImports {
  /** `(address i64, sizeBytes i32) -> i32`: 0 when the value is in the scratch place, 1 when it cannot be had. */
  readonly load: number;
  /**
   * `(address i64, sizeBytes i32, how i32, instruction i32, position i64) -> i32`: stores what is in the scratch place; 1
   * where that is for the interpreter to do. `how`: bits of `HOW`.
   */
  readonly store: number;
  /** Empties the list of records. */
  readonly drain: number;
}

/** Kinds of stores: one that goes past the caches, and one whose fence is the last record there is. */
export const HOW = { nonTemporal: 1, afterFence: 2 } as const;

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

const [STORE, NON_TEMPORAL, UPPER, NON_TEMPORAL_UPPER] = (
  ['store', 'non-temporal store', 'store, upper half', 'non-temporal store, upper half'] as const
).map((kind) => OPERATION_KINDS.indexOf(kind));

/** Code for loads and stores: in place where one byte says that the page allows it, else by functions. */
export class MemoryCode {
  private readonly place: number;
  private readonly scratch: number;

  constructor(
    private readonly code: Code,
    private readonly locals: Locals,
    private readonly memory: GuestMemory,
    private readonly recorded: Recorded,
    private readonly imports: MemoryImports,
    /** Local: instructions executed. */
    private readonly count: number,
  ) {
    this.place = locals.add('i32');
    this.scratch = memory.ownAt + LAYOUT.scratch;
  }

  /** Takes an i64 address and leaves the value. */
  load(sizeBytes: AccessSize, { giveUp }: AccessPlace): void {
    const { code } = this;
    const type = typeOfSize(sizeBytes);
    const address = this.locals.temporary('i64');
    code.set(address);
    code.block(type);
    const done = code.depth;
    code.block();
    this.check(address, sizeBytes, READABLE, READABLE);
    code.get(this.place);
    code.load(sizeBytes, 0);
    code.branch(done);
    code.end();
    code.get(address);
    code.constant32(sizeBytes);
    code.call(this.imports.load);
    code.if();
    giveUp();
    code.end();
    code.constant32(0);
    code.load(sizeBytes, this.scratch);
    code.end();
  }

  /** Takes an i64 address and the value. `how`: bits of `HOW`. */
  store(sizeBytes: AccessSize, how: number, place: AccessPlace): void {
    const { code } = this;
    const address = this.locals.temporary('i64');
    const value = this.locals.temporary(typeOfSize(sizeBytes));
    code.set(value);
    code.set(address);
    code.block();
    const done = code.depth;
    code.block();
    this.check(address, sizeBytes, STORE_MASK, WRITABLE);
    code.get(this.place);
    code.get(value);
    code.store(sizeBytes, 0);
    if (this.recorded === 'all') this.record(sizeBytes, (how & HOW.nonTemporal) !== 0, value, place);
    code.branch(done);
    code.end();
    code.constant32(0);
    code.get(value);
    code.store(sizeBytes, this.scratch);
    code.get(address);
    code.constant32(sizeBytes);
    code.constant32(how);
    code.constant32(place.instruction);
    this.position(place);
    code.call(this.imports.store);
    code.if();
    place.giveUp();
    code.end();
    code.end();
  }

  /** Leaves how many instructions were executed before this one: an i64. */
  position({ executed }: AccessPlace): void {
    this.code.get(this.count);
    if (executed === 0) return;
    this.code.constant64(executed);
    this.code.numeric('i64.add');
  }

  /**
   * Goes out of the innermost block unless the access lies in one page whose attributes, under a mask, are as wanted; else
   * the address is in `place`.
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

  private record(sizeBytes: AccessSize, isNonTemporal: boolean, value: number, place: AccessPlace): void {
    const { code } = this;
    const half = (kind: number, bytes: number, offset: number, push: () => void): void =>
      this.push(kind | (bytes << 8), offset, place, push);
    const kind = isNonTemporal ? NON_TEMPORAL : STORE;
    switch (sizeBytes) {
      case 16:
        half(kind, 8, 0, () => {
          code.get(value);
          code.numeric('i64x2.extract_lane', 0);
        });
        half(isNonTemporal ? NON_TEMPORAL_UPPER : UPPER, 8, 8, () => {
          code.get(value);
          code.numeric('i64x2.extract_lane', 1);
        });
        return;
      case 8:
        half(kind, 8, 0, () => code.get(value));
        return;
      default:
        half(kind, sizeBytes, 0, () => {
          code.get(value);
          code.numeric('i64.extend_i32_u');
        });
    }
  }

  private push(kindAndSize: number, offset: number, place: AccessPlace, data: () => void): void {
    const { code } = this;
    const countAt = this.memory.ownAt + LAYOUT.operationsCount;
    const records = this.memory.ownAt + LAYOUT.operations;
    const mark = this.locals.mark();
    const count = this.locals.temporary('i32');
    const record = this.locals.temporary('i32');
    code.constant32(0);
    code.load(4, countAt);
    code.tee(count);
    code.constant32(OPERATIONS_MAX);
    code.numeric('i32.eq');
    code.if();
    code.call(this.imports.drain);
    code.constant32(0);
    code.set(count);
    code.end();
    code.get(count);
    code.constant32(OPERATION_BYTES);
    code.numeric('i32.mul');
    code.tee(record);
    code.get(this.place);
    if (offset > 0) {
      code.constant32(offset);
      code.numeric('i32.add');
    }
    code.store(4, records);
    code.get(record);
    code.constant32(kindAndSize);
    code.store(4, records + 4);
    code.get(record);
    code.constant32(place.instruction);
    code.store(4, records + 8);
    code.get(record);
    this.position(place);
    code.numeric('i32.wrap_i64');
    code.store(4, records + 12);
    code.get(record);
    data();
    code.store(8, records + 16);
    code.constant32(0);
    code.get(count);
    code.constant32(1);
    code.numeric('i32.add');
    code.store(4, countAt);
    this.locals.release(mark);
  }
}
