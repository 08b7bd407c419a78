import { LAYOUT } from '../layout.ts';
import { CONDITIONS, type Condition, type FlagOperation, type Width } from '../lifted/form.ts';
import { pendingCode } from '../processor.ts';
import { ARITHMETIC_FLAGS, CF, OF, SF, ZF } from '../registers.ts';
import type { Callees } from './callees.ts';
import type { Code } from './encoder.ts';
import { FlagFormulas, type RecordLocals } from './flag-formulas.ts';
import { flagsOfCondition } from './flag-liveness.ts';
import type { Locals } from './locals.ts';

/**
 * What is known, when code is made, of the record of flags at a place in it (sheet S10): nothing; that the flags are all in
 * the flag register; or which operation was recorded, and which flags come out of it.
 */
export type FlagState =
  | { readonly kind: 'dynamic' }
  | { readonly kind: 'normalised' }
  | {
      readonly kind: 'known';
      readonly operation: FlagOperation;
      readonly width: Width;
      readonly affects: number;
    };

export const DYNAMIC: FlagState = { kind: 'dynamic' };
const NORMALISED: FlagState = { kind: 'normalised' };

/** Defects of sheet S10 that tests switch on. */
export type FlagMutant = 'M1' | 'M2' | 'M3' | 'M4' | 'M5' | 'M6' | 'M7' | 'M8' | 'M9' | 'M10';

/**
 * Code for lazy flags: the record and the flag register are in locals, and always whole, so that they can be saved at any
 * exit; what is known of them makes conditions short.
 */
export class FlagCode {
  private readonly pending: number;
  private readonly affected: number;
  private readonly values: RecordLocals;
  private readonly flags: number;
  private readonly formulas: FlagFormulas;

  constructor(
    private readonly code: Code,
    locals: Locals,
    private readonly ownAt: number,
    private readonly callees: Callees,
    private readonly mutant: FlagMutant | undefined,
  ) {
    this.pending = locals.add('i32');
    this.affected = locals.add('i32');
    this.values = { left: locals.add('i64'), right: locals.add('i64'), result: locals.add('i64') };
    this.flags = locals.add('i32');
    this.formulas = new FlagFormulas(code, this.values, mutant);
  }

  fill(code: Code): void {
    for (const [local, sizeBytes, offset] of this.places()) {
      code.constant32(0);
      code.load(sizeBytes, this.ownAt + offset);
      code.set(local);
    }
    // From here on a record that there is not affects nothing.
    code.constant32(0);
    code.get(this.affected);
    code.get(this.pending);
    code.numeric('i32.eqz');
    code.select();
    code.set(this.affected);
  }

  spill(code: Code): void {
    for (const [local, sizeBytes, offset] of this.places()) {
      code.constant32(0);
      code.get(local);
      code.store(sizeBytes, this.ownAt + offset);
    }
  }

  /** Forgets the record: when it is resolved; where flags leave it is mutants M8 and M9. */
  dropRecord(): void {
    this.setConstant(this.pending, 0);
    this.setConstant(this.affected, 0);
  }

  /**
   * A new record; `operands` leaves left, right and result as i64. Flags that it does not affect, and that are `live` behind
   * it, are resolved out of the one before.
   */
  record(
    state: FlagState,
    operation: FlagOperation,
    width: Width,
    affects: number,
    live: number,
    operands: () => void,
  ): FlagState {
    if (this.mutant !== 'M3') this.resolve(state, live & ARITHMETIC_FLAGS & ~affects);
    operands();
    this.code.set(this.values.result);
    this.code.set(this.values.right);
    this.code.set(this.values.left);
    this.setConstant(this.pending, pendingCode(operation, width));
    const all = this.mutant === 'M3' ? ARITHMETIC_FLAGS : affects;
    this.setConstant(this.affected, all);
    return { kind: 'known', operation, width, affects: all };
  }

  /** Some flags become those bits of the i32 that `value` leaves. */
  set(state: FlagState, affects: number, value: () => void): FlagState {
    const { code } = this;
    code.get(this.flags);
    code.constant32(~affects);
    code.numeric('i32.and');
    value();
    code.constant32(affects);
    code.numeric('i32.and');
    code.numeric('i32.or');
    code.set(this.flags);
    // The record keeps what is left of its flags.
    if (state.kind === 'normalised') return state;
    if (state.kind === 'known') {
      const left = state.affects & ~affects;
      if (left === 0) return this.normalised();
      this.setConstant(this.affected, left);
      return { ...state, affects: left };
    }
    code.get(this.affected);
    code.constant32(~affects);
    code.numeric('i32.and');
    code.set(this.affected);
    return state;
  }

  /** Leaves RFLAGS, right at least in these bits. */
  all(state: FlagState, needed: number): FlagState {
    const after = this.resolve(state, needed & ARITHMETIC_FLAGS);
    this.code.get(this.flags);
    return after;
  }

  /** Leaves whether a condition holds, as an i32 of 0 or 1. */
  condition(state: FlagState, condition: Condition): FlagState {
    const place = CONDITIONS.indexOf(condition);
    const plain = CONDITIONS[place & ~1];
    const needed = flagsOfCondition(plain);
    const isDirect =
      state.kind === 'known' && (state.affects & needed) === needed && this.formulas.direct(state, plain);
    const after = isDirect || state.kind === 'known' ? state : this.resolve(state, needed);
    if (!isDirect) this.ofBits(after, plain);
    if ((place & 1) === 1) this.code.numeric('i32.eqz');
    return after;
  }

  /** Puts flags of the record into the flag register. A record whose operation is not known is resolved whole. */
  private resolve(state: FlagState, needed: number): FlagState {
    const { code } = this;
    if (needed === 0 || state.kind === 'normalised') return state;
    if (this.mutant === 'M10') return this.normalised();
    if (state.kind === 'known') {
      const bits = state.affects & needed;
      if (bits === 0) return state;
      code.get(this.flags);
      code.constant32(~bits);
      code.numeric('i32.and');
      this.formulas.bits(state, bits);
      code.numeric('i32.or');
      code.set(this.flags);
      return state;
    }
    if (needed === CF || needed === ZF) {
      this.resolveOne(needed);
      return state;
    }
    code.get(this.affected);
    code.if();
    this.callResolver('resolve');
    code.get(this.affected);
    code.numeric('i32.and');
    code.get(this.flags);
    code.get(this.affected);
    code.constant32(-1);
    code.numeric('i32.xor');
    code.numeric('i32.and');
    code.numeric('i32.or');
    code.set(this.flags);
    code.end();
    return this.normalised();
  }

  /** The two that are asked for most; ZF is that of the result, whatever the operation was. */
  private resolveOne(flag: number): void {
    const { code } = this;
    code.get(this.affected);
    code.constant32(flag);
    code.numeric('i32.and');
    code.if();
    code.get(this.flags);
    code.constant32(~flag);
    code.numeric('i32.and');
    if (flag === CF) this.callResolver('carry');
    else {
      code.get(this.values.result);
      code.numeric('i64.eqz');
      code.constant32(Math.log2(ZF));
      code.numeric('i32.shl');
    }
    code.numeric('i32.or');
    code.set(this.flags);
    code.end();
  }

  /** One of the functions that compute all flags of a record, or its carry. */
  private callResolver(resolver: 'resolve' | 'carry'): void {
    this.code.get(this.pending);
    this.code.get(this.values.left);
    this.code.get(this.values.right);
    this.code.get(this.values.result);
    this.code.callSlot(this.callees.runtime(resolver));
  }

  private normalised(): FlagState {
    this.dropRecord();
    return NORMALISED;
  }

  private ofBits(state: FlagState, plain: Condition): void {
    const { code } = this;
    switch (plain) {
      case 'be':
        this.bit(state, CF);
        this.bit(state, ZF);
        code.numeric('i32.or');
        return;
      case 'l':
        this.isLess(state);
        return;
      case 'le':
        this.bit(state, ZF);
        this.isLess(state);
        code.numeric('i32.or');
        return;
      default:
        this.bit(state, flagsOfCondition(plain));
    }
  }

  private isLess(state: FlagState): void {
    this.bit(state, SF);
    this.bit(state, OF);
    this.code.numeric('i32.xor');
  }

  private bit(state: FlagState, flag: number): void {
    const { code } = this;
    if (state.kind === 'known' && (state.affects & flag) !== 0) {
      this.formulas.bit(state, flag);
      return;
    }
    code.get(this.flags);
    code.constant32(Math.log2(flag));
    code.numeric('i32.shr_u');
    code.constant32(1);
    code.numeric('i32.and');
  }

  private setConstant(local: number, value: number): void {
    this.code.constant32(value);
    this.code.set(local);
  }

  private places(): [local: number, sizeBytes: 4 | 8, offset: number][] {
    return [
      [this.pending, 4, LAYOUT.flagsPending],
      [this.affected, 4, LAYOUT.flagsAffected],
      [this.values.left, 8, LAYOUT.flagsLeft],
      [this.values.right, 8, LAYOUT.flagsRight],
      [this.values.result, 8, LAYOUT.flagsResult],
      [this.flags, 4, LAYOUT.flags],
    ];
  }
}
