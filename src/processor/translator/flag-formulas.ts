import type { Condition, FlagOperation, Width } from '../lifted/form.ts';
import { AF, CF, OF, PF, SF, ZF } from '../registers.ts';
import type { Code } from './encoder.ts';

/** Locals, i64, that hold a record of flags by value, with zeros above its width. */
export interface RecordLocals {
  readonly left: number;
  readonly right: number;
  readonly result: number;
}

/** A record whose operation is known when code is made. */
export interface KnownRecord {
  readonly operation: FlagOperation;
  readonly width: Width;
}

/** Code that derives flags and conditions from a record. Source: `flagsOf`, of which this is the form without branches. */
export class FlagFormulas {
  constructor(
    private readonly code: Code,
    private readonly locals: RecordLocals,
    /** A defect of sheet S10 that tests switch on. */
    private readonly mutant?: string,
  ) {}

  /** Leaves a flag as an i32 of 0 or 1. */
  bit(record: KnownRecord, flag: number): void {
    switch (flag) {
      case CF:
        this.carry(record);
        return;
      case PF:
        this.parity();
        return;
      case AF:
        this.adjust(record);
        return;
      case ZF:
        this.code.get(this.locals.result);
        this.code.numeric('i64.eqz');
        return;
      case SF:
        this.signOf(record.width, () => this.code.get(this.locals.result));
        return;
      default:
        this.overflow(record);
        return;
    }
  }

  /** Leaves these flags at their places in RFLAGS. */
  bits(record: KnownRecord, flags: number): void {
    this.code.constant32(0);
    for (const flag of [CF, PF, AF, ZF, SF, OF]) {
      if ((flags & flag) === 0) continue;
      this.bit(record, flag);
      this.code.constant32(Math.log2(flag));
      this.code.numeric('i32.shl');
      this.code.numeric('i32.or');
    }
  }

  /**
   * Leaves a condition straight from the operands, 0 or 1, where there is a way that is shorter than the flags; else leaves
   * nothing and says no. The condition is one without its negation: o, b, e, be, s, p, l, le.
   */
  direct({ operation, width }: KnownRecord, condition: Condition): boolean {
    const { left, right } = this.locals;
    if (operation === 'sub' || operation === 'dec') {
      const [compare, isSigned] = this.comparison(condition);
      if (compare === undefined) return false;
      this.operand(left, width, isSigned);
      this.operand(right, width, isSigned);
      this.code.numeric(width === 64 ? `i64.${compare}` : `i32.${compare}`);
      return true;
    }
    if (operation === 'logic' && (condition === 'le' || condition === 'l')) {
      this.operand(this.locals.result, width, true);
      this.zero(width);
      const compare = condition === 'le' ? 'le_s' : 'lt_s';
      this.code.numeric(width === 64 ? `i64.${compare}` : `i32.${compare}`);
      return true;
    }
    return false;
  }

  private comparison(condition: Condition): ['eq' | 'lt_u' | 'le_u' | 'lt_s' | 'le_s' | undefined, boolean] {
    const isSwapped = this.mutant === 'M7';
    switch (condition) {
      case 'e':
        return ['eq', false];
      case 'b':
        return isSwapped ? ['lt_s', true] : ['lt_u', false];
      case 'be':
        return isSwapped ? ['le_s', true] : ['le_u', false];
      case 'l':
        return isSwapped ? ['lt_u', false] : ['lt_s', true];
      case 'le':
        return isSwapped ? ['le_u', false] : ['le_s', true];
      default:
        return [undefined, false];
    }
  }

  private operand(local: number, width: Width, isSigned: boolean): void {
    this.code.get(local);
    if (width === 64) return;
    this.code.numeric('i32.wrap_i64');
    if (isSigned && width === 8) this.code.numeric('i32.extend8_s');
    if (isSigned && width === 16) this.code.numeric('i32.extend16_s');
  }

  private zero(width: Width): void {
    if (width === 64) this.code.constant64(0);
    else this.code.constant32(0);
  }

  /** Bit `place` of the i64 that `push` leaves, as an i32. */
  private place(place: number, push: () => void): void {
    const { code } = this;
    push();
    if (place > 0) {
      code.constant64(place);
      code.numeric('i64.shr_u');
    }
    code.numeric('i32.wrap_i64');
    code.constant32(1);
    code.numeric('i32.and');
  }

  private signOf(width: Width, push: () => void): void {
    this.place(width - 1, push);
  }

  private carry({ operation, width }: KnownRecord): void {
    const { code } = this;
    const { left, right, result } = this.locals;
    switch (operation) {
      case 'add':
      case 'inc':
        code.get(result);
        code.get(left);
        code.numeric('i64.lt_u');
        return;
      case 'sub':
      case 'dec':
        code.get(left);
        code.get(right);
        code.numeric('i64.lt_u');
        return;
      case 'adc':
        this.signOf(width, () => this.carries());
        return;
      case 'sbb':
        this.signOf(width, () => this.borrows());
        return;
      case 'logic':
        code.constant32(0);
        return;
      case 'mul':
        code.get(right);
        code.constant64(0);
        code.numeric('i64.ne');
        return;
      case 'shl':
        this.carryOfLeftShift(width);
        return;
      case 'shr':
        this.lastShiftedOut();
        return;
      case 'sar':
        this.carryOfArithmeticShift(width);
        return;
    }
  }

  /** `(left & right) | ((left | right) & ~result)`: what carries out of each bit. */
  private carries(): void {
    const { code } = this;
    const { left, right, result } = this.locals;
    code.get(left);
    code.get(right);
    code.numeric('i64.and');
    code.get(left);
    code.get(right);
    code.numeric('i64.or');
    this.not(result);
    code.numeric('i64.and');
    code.numeric('i64.or');
  }

  /** `(~left & right) | ((~left | right) & result)`. */
  private borrows(): void {
    const { code } = this;
    const { left, right, result } = this.locals;
    this.not(left);
    code.get(right);
    code.numeric('i64.and');
    this.not(left);
    code.get(right);
    code.numeric('i64.or');
    code.get(result);
    code.numeric('i64.and');
    code.numeric('i64.or');
  }

  private not(local: number): void {
    this.code.get(local);
    this.code.constant64(-1);
    this.code.numeric('i64.xor');
  }

  private carryOfLeftShift(width: Width): void {
    const { code } = this;
    const { left, right } = this.locals;
    this.place(0, () => {
      code.get(left);
      code.constant64(width);
      code.get(right);
      code.numeric('i64.sub');
      code.numeric('i64.shr_u');
    });
    if (width > 16) return; // counts are less than these widths
    code.get(right);
    code.constant64(width);
    code.numeric('i64.le_u');
    code.numeric('i32.and');
  }

  /** Bit `right - 1` of `left`. */
  private lastShiftedOut(): void {
    const { code } = this;
    this.place(0, () => {
      code.get(this.locals.left);
      code.get(this.locals.right);
      code.constant64(1);
      code.numeric('i64.sub');
      code.numeric('i64.shr_u');
    });
  }

  private carryOfArithmeticShift(width: Width): void {
    const { code } = this;
    const { left, right } = this.locals;
    if (width > 16) {
      this.lastShiftedOut();
      return;
    }
    this.signOf(width, () => code.get(left));
    this.lastShiftedOut();
    code.get(right);
    code.constant64(width);
    code.numeric('i64.gt_u');
    code.select();
  }

  private parity(): void {
    const { code } = this;
    code.get(this.locals.result);
    if (this.mutant === 'M6') {
      code.numeric('i64.popcnt');
      code.numeric('i32.wrap_i64');
    } else {
      code.numeric('i32.wrap_i64');
      code.constant32(0xff);
      code.numeric('i32.and');
      code.numeric('i32.popcnt');
    }
    code.constant32(1);
    code.numeric('i32.and');
    code.numeric('i32.eqz');
  }

  private adjust({ operation }: KnownRecord): void {
    const { code } = this;
    const { left, right, result } = this.locals;
    switch (operation) {
      case 'add':
      case 'adc':
      case 'inc':
      case 'sub':
      case 'sbb':
      case 'dec':
        this.place(4, () => {
          code.get(left);
          code.get(right);
          code.numeric('i64.xor');
          code.get(result);
          code.numeric('i64.xor');
        });
        return;
      default:
        code.constant32(0);
    }
  }

  private overflow(record: KnownRecord): void {
    const { code } = this;
    const { left, right, result } = this.locals;
    const { width } = record;
    const both = (first: number, second: number, third: number, fourth: number): void =>
      this.signOf(width, () => {
        code.get(first);
        code.get(second);
        code.numeric('i64.xor');
        code.get(third);
        code.get(fourth);
        code.numeric('i64.xor');
        code.numeric('i64.and');
      });
    switch (record.operation) {
      case 'add':
      case 'adc':
      case 'inc':
        both(left, result, right, result);
        return;
      case 'sub':
      case 'sbb':
      case 'dec':
        this.mutant === 'M2' ? both(left, result, right, result) : both(left, right, left, result);
        return;
      case 'shl':
        this.carry(record);
        this.signOf(width, () => code.get(result));
        code.numeric('i32.xor');
        return;
      case 'shr':
        this.signOf(width, () => code.get(left));
        return;
      case 'mul':
        this.carry(record);
        return;
      case 'sar':
      case 'logic':
        code.constant32(0);
        return;
    }
  }
}
