import type { NumericOperation } from './numeric.ts';
import type { Type } from './type.ts';

/**
 * The lifted form: what an instruction does, as typed trees. Its arithmetic is that of WebAssembly; to it come the
 * registers, lazy condition flags, memory, and what only this processor has. An interpreter and a translator run it, and
 * mechanisms that work by translation are passes over it.
 *
 * A number of 8, 16 or 32 bits is carried in an `i32` with zeros above it. A vector, and an operand of floating point, is
 * its bits. Operands are evaluated from left to right.
 */
export type { Type };

/** Widths of operands, in bits. */
export const WIDTHS = [8, 16, 32, 64] as const;
export type Width = (typeof WIDTHS)[number];

/** The sixteen conditions, in the order of their encoding; `b` is the carry. */
export const CONDITIONS = [
  'o',
  'no',
  'b',
  'ae',
  'e',
  'ne',
  'be',
  'a',
  's',
  'ns',
  'p',
  'np',
  'l',
  'ge',
  'le',
  'g',
] as const;
export type Condition = (typeof CONDITIONS)[number];

/** A number in binary floating point: binary32 or binary64. */
export type FloatFormat = 'f32' | 'f64';

export type Expression =
  | { readonly op: 'constant'; readonly type: 'i32'; readonly value: number }
  | { readonly op: 'constant'; readonly type: 'i64' | 'v128'; readonly value: bigint }
  /** A general register by number. */
  | { readonly op: 'general'; readonly type: 'i64'; readonly register: number }
  | { readonly op: 'vector'; readonly type: 'v128'; readonly register: number }
  | { readonly op: 'segment base'; readonly type: 'i64'; readonly segment: 'fs' | 'gs' }
  /** What `let` gave this name in the same instruction. */
  | { readonly op: 'name'; readonly type: Type; readonly name: number }
  | {
      readonly op: 'numeric';
      readonly type: Type;
      readonly operation: NumericOperation;
      readonly operands: readonly Expression[];
      /** Lane number, or 16 of them for a shuffle. */
      readonly immediate?: number | readonly number[] | undefined;
    }
  /** Zero-extended; little-endian. */
  | { readonly op: 'load'; readonly type: Type; readonly sizeBytes: AccessSize; readonly address: Expression }
  /** 1 where it holds, else 0. */
  | { readonly op: 'condition'; readonly type: 'i32'; readonly condition: Condition }
  /** All of RFLAGS. */
  | { readonly op: 'flags'; readonly type: 'i32' }
  /**
   * In SSE: rounded and flagged as MXCSR says. The operands and the result are bits, or vectors of them. An exception that
   * MXCSR does not mask ends the instruction before it has changed anything but those flags.
   */
  | {
      readonly op: 'float';
      readonly type: Type;
      readonly operation: FloatOperation;
      readonly format: FloatFormat;
      /** All lanes of a vector; else one number in an i32 or i64. */
      readonly packed: boolean;
      readonly operands: readonly Expression[];
      /** Predicate of `compare`, 0 to 7. */
      readonly immediate?: number | undefined;
    }
  /** A pure function, or one of the state of the processor that does not touch memory. */
  | {
      readonly op: 'call';
      readonly type: Type;
      readonly helper: string;
      readonly operands: readonly Expression[];
    };

export type AccessSize = 1 | 2 | 4 | 8 | 16;

/**
 * Operations of SSE that depend on MXCSR or raise its flags. `min`, `max`: the second operand where either is a NaN or both
 * are zeros. `compare`: all ones where the predicate holds. `ucomi`, `comi`: ZF, PF and CF. Conversions are named by
 * what they make and from what; `to i32 truncated` and the like give the integer indefinite where it does not fit.
 */
export const FLOAT_OPERATIONS = [
  'add',
  'sub',
  'mul',
  'div',
  'sqrt',
  'min',
  'max',
  'compare',
  'ucomi',
  'comi',
  'from i32',
  'from i64',
  'to i32',
  'to i64',
  'to i32 truncated',
  'to i64 truncated',
  'to f32',
  'to f64',
] as const;
export type FloatOperation = (typeof FLOAT_OPERATIONS)[number];

/** How the flags come out of what was computed, by value (sheet S10). */
export const FLAG_OPERATIONS = [
  'add',
  'adc',
  'sub',
  'sbb',
  'logic',
  'inc',
  'dec',
  'shl',
  'shr',
  'sar',
  'mul',
] as const;
export type FlagOperation = (typeof FLAG_OPERATIONS)[number];

export type Statement =
  | { readonly op: 'let'; readonly name: number; readonly value: Expression }
  | { readonly op: 'set general'; readonly register: number; readonly value: Expression }
  | { readonly op: 'set vector'; readonly register: number; readonly value: Expression }
  /**
   * `record flags`: those in `affects` come out of an operation on `left` and `right` with this result; for shifts `right`
   * is the count, which is not zero; for `mul` the result is the low half and `right` is not zero where CF and OF are set;
   * for `adc` and `sbb` the carry that went in follows from operands and result.
   */
  | {
      readonly op: 'record flags';
      readonly operation: FlagOperation;
      readonly width: Width;
      readonly left: Expression;
      readonly right: Expression;
      readonly result: Expression;
      /** Bits of RFLAGS. */
      readonly affects: number;
    }
  /** The flags in `affects` are those bits of an i32. */
  | { readonly op: 'set flags'; readonly value: Expression; readonly affects: number }
  | {
      readonly op: 'store';
      readonly sizeBytes: AccessSize;
      readonly address: Expression;
      readonly value: Expression;
      readonly nonTemporal: boolean;
    }
  | {
      readonly op: 'flush';
      readonly instruction: 'clwb' | 'clflushopt' | 'clflush';
      readonly address: Expression;
    }
  | { readonly op: 'fence'; readonly instruction: 'sfence' | 'mfence' | 'lfence' | 'locked' }
  | { readonly op: 'if'; readonly condition: Expression; readonly body: readonly Statement[] }
  /** The last one of its list: the program goes on there instead of behind the instruction. */
  | { readonly op: 'jump'; readonly target: Expression; readonly how: 'jump' | 'call' | 'return' }
  /** Ends the instruction before it has changed anything. */
  | { readonly op: 'trap'; readonly trap: Trap }
  /** What changes the state of the processor beyond registers, such as x87; with memory where `touchesMemory`. */
  | {
      readonly op: 'perform';
      readonly helper: string;
      readonly operands: readonly Expression[];
      readonly touchesMemory: boolean;
    }
  /** Left to what surrounds the processor, which sees all registers right, and may change them and memory. */
  | { readonly op: 'leave'; readonly to: 'syscall' | 'cpuid' | 'rdtsc' };

/** Why an instruction cannot be executed. */
export type Trap =
  | 'divide error'
  | 'invalid opcode'
  | 'breakpoint'
  | 'general protection'
  | 'alignment'
  /** An unmasked exception of x87 that an earlier instruction raised (#MF), or of SSE (#XM): SIGFPE. */
  | 'floating point';

/** An instruction, lifted. Without a jump it goes on behind itself. */
export interface LiftedInstruction {
  readonly address: number;
  readonly lengthBytes: number;
  readonly statements: readonly Statement[];
}
