import type { Type } from '../lifted/form.ts';
import { type NumericOperation, signatureOf } from '../lifted/numeric.ts';
import { ByteWriter } from './byte-writer.ts';

/** Source of all numbers here: WebAssembly Core Specification 2.0, chapter 5, Binary Format. */

export type ValueType = Type | 'f32' | 'f64';

export const VALUE_TYPES: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

const EMPTY_BLOCK = 0x40;
const SIMD = 0xfd;

/** Operations on f32 and f64. */
const FLOAT_OPCODES = {
  'f32.eq': 0x5b,
  'f32.ne': 0x5c,
  'f32.lt': 0x5d,
  'f32.gt': 0x5e,
  'f32.le': 0x5f,
  'f32.ge': 0x60,
  'f64.eq': 0x61,
  'f64.ne': 0x62,
  'f64.lt': 0x63,
  'f64.gt': 0x64,
  'f64.le': 0x65,
  'f64.ge': 0x66,
  'f32.nearest': 0x90,
  'f32.sqrt': 0x91,
  'f32.add': 0x92,
  'f32.sub': 0x93,
  'f32.mul': 0x94,
  'f32.div': 0x95,
  'f64.abs': 0x99,
  'f64.neg': 0x9a,
  'f64.trunc': 0x9d,
  'f64.nearest': 0x9e,
  'f64.sqrt': 0x9f,
  'f64.add': 0xa0,
  'f64.sub': 0xa1,
  'f64.mul': 0xa2,
  'f64.div': 0xa3,
  'i32.trunc_f32_s': 0xa8,
  'i32.trunc_f64_s': 0xaa,
  'i64.trunc_f32_s': 0xae,
  'i64.trunc_f64_s': 0xb0,
  'f32.convert_i32_s': 0xb2,
  'f32.convert_i64_s': 0xb4,
  'f32.demote_f64': 0xb6,
  'f64.convert_i32_s': 0xb7,
  'f64.convert_i64_s': 0xb9,
  'f64.promote_f32': 0xbb,
  'i32.reinterpret_f32': 0xbc,
  'i64.reinterpret_f64': 0xbd,
  'f32.reinterpret_i32': 0xbe,
  'f64.reinterpret_i64': 0xbf,
} as const;
export type FloatOpcode = keyof typeof FLOAT_OPCODES;

/** Operations on vectors of numbers, behind `SIMD`. */
const FLOAT_VECTOR_OPCODES = {
  'f32x4.extract_lane': 0x1f,
  'f32x4.replace_lane': 0x20,
  'f64x2.extract_lane': 0x21,
  'f64x2.replace_lane': 0x22,
  'i32x4.all_true': 0xa3,
  'i64x2.all_true': 0xc3,
  'f32x4.sqrt': 0xe3,
  'f32x4.add': 0xe4,
  'f32x4.sub': 0xe5,
  'f32x4.mul': 0xe6,
  'f32x4.div': 0xe7,
  'f64x2.sqrt': 0xef,
  'f64x2.add': 0xf0,
  'f64x2.sub': 0xf1,
  'f64x2.mul': 0xf2,
  'f64x2.div': 0xf3,
} as const;
export type FloatVectorOpcode = keyof typeof FLOAT_VECTOR_OPCODES;

/** What a load or store takes: the opcode, behind `SIMD` for those of 16 bytes. */
const LOADS = { 1: 0x2d, 2: 0x2f, 4: 0x28, 8: 0x29, 16: 0x00 } as const;
const STORES = { 1: 0x3a, 2: 0x3b, 4: 0x36, 8: 0x37, 16: 0x0b } as const;
export type LoadSize = keyof typeof LOADS;

/** A function of the imported table: its place there, and the index of its type in the module. */
export interface Callee {
  readonly slot: number;
  readonly type: number;
}

/** Instructions of one function, appended one after the other. */
export class Code extends ByteWriter {
  /** How many blocks, loops and ifs are open. */
  depth = 0;

  constant32(value: number): void {
    this.byte(0x41);
    this.signed32(value | 0);
  }

  constant64(value: bigint | number): void {
    this.byte(0x42);
    // Most are small, and numbers are many times faster than bigints.
    const small = Number(value);
    if (small === (small | 0)) this.signed32(small);
    else this.signed64(BigInt.asIntN(64, BigInt(value)));
  }

  constantVector(value: bigint): void {
    this.byte(SIMD);
    this.unsigned(0x0c);
    for (let lane = 0n; lane < 16n; lane++) this.byte(Number((value >> (8n * lane)) & 0xffn));
  }

  get(local: number): void {
    this.byte(0x20);
    this.unsigned(local);
  }

  set(local: number): void {
    this.byte(0x21);
    this.unsigned(local);
  }

  tee(local: number): void {
    this.byte(0x22);
    this.unsigned(local);
  }

  numeric(operation: NumericOperation, immediate?: number | readonly number[]): void {
    const [first, second] = signatureOf(operation).opcode;
    this.byte(first);
    if (second !== undefined) this.unsigned(second);
    if (typeof immediate === 'number') this.byte(immediate);
    else for (const lane of immediate ?? []) this.byte(lane);
  }

  float(operation: FloatOpcode): void {
    this.byte(FLOAT_OPCODES[operation]);
  }

  /** `lane`: of those that take or leave one. */
  floatVector(operation: FloatVectorOpcode, lane?: number): void {
    this.byte(SIMD);
    this.unsigned(FLOAT_VECTOR_OPCODES[operation]);
    if (lane !== undefined) this.byte(lane);
  }

  /** Takes an i32 address; zero-extended into the type that carries so many bytes. */
  load(sizeBytes: LoadSize, offset: number): void {
    this.access(LOADS[sizeBytes], sizeBytes, offset);
  }

  /** Takes an i32 address and the value. */
  store(sizeBytes: LoadSize, offset: number): void {
    this.access(STORES[sizeBytes], sizeBytes, offset);
  }

  block(result?: ValueType): void {
    this.open(0x02, result);
  }

  loop(): void {
    this.open(0x03);
  }

  if(result?: ValueType): void {
    this.open(0x04, result);
  }

  end(): void {
    this.depth--;
    this.byte(0x0b);
  }

  /** To the block that was opened at this depth: its end, or the beginning of a loop. */
  branch(openedAt: number): void {
    this.byte(0x0c);
    this.unsigned(this.depth - openedAt);
  }

  /** The same, where the i32 on the stack is not zero. */
  branchIf(openedAt: number): void {
    this.byte(0x0d);
    this.unsigned(this.depth - openedAt);
  }

  /** By the i32 on the stack: to one of these blocks, or to the last one where it is beyond them. */
  branchTable(openedAt: readonly number[]): void {
    this.byte(0x0e);
    this.unsigned(openedAt.length - 1);
    for (const one of openedAt) this.unsigned(this.depth - one);
  }

  call(functionIndex: number): void {
    this.byte(0x10);
    this.unsigned(functionIndex);
  }

  /** Through the imported table. */
  callSlot({ slot, type }: Callee): void {
    this.constant32(slot);
    this.callIndirect(type);
  }

  /** Through the imported table: takes operands and the place in it. `type`: index of the function's type. */
  callIndirect(type: number): void {
    this.byte(0x11);
    this.unsigned(type);
    this.unsigned(0);
  }

  return(): void {
    this.byte(0x0f);
  }

  drop(): void {
    this.byte(0x1a);
  }

  select(): void {
    this.byte(0x1b);
  }

  private open(opcode: number, result?: ValueType): void {
    this.depth++;
    this.byte(opcode);
    this.byte(result === undefined ? EMPTY_BLOCK : VALUE_TYPES[result]);
  }

  private access(opcode: number, sizeBytes: LoadSize, offset: number): void {
    if (sizeBytes === 16) this.byte(SIMD);
    this.unsigned(opcode);
    this.unsigned(0); // alignment is a hint: any
    this.unsigned(offset);
  }
}
