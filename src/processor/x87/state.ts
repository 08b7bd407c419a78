import { LAYOUT } from '../layout.ts';
import type { Processor } from '../processor.ts';
import { C1 } from './comparison.ts';
import { type Extended, INDEFINITE, kindOf } from './extended.ts';
import { DENORMAL, EXCEPTIONS, INVALID, ZERO_DIVIDE } from './rounding.ts';

/** Of the status word: an overflow or underflow of the stack; the two bits that say that an exception is not masked. */
export const STACK_FAULT = 0x40;
const SUMMARY = 0x8080;
const TOP_SHIFT = 11;
/** Exceptions that are found before there is a result, which then is not written. */
const BEFORE_RESULT = INVALID | DENORMAL | ZERO_DIVIDE;
/** Bits of the control word that can be written, and the one that is always set. */
const CONTROL_WRITABLE = 0x1f3f;
const CONTROL_FIXED = 0x40;
const CONTROL_INITIAL = 0x37f;
const EMPTY = 3;

/**
 * The registers of x87: a stack of eight in a ring, with control, status and tags. Register numbers count from the top.
 * Source: Intel SDM volume 1, section 8.1.
 */
export class X87 {
  private readonly view: DataView;
  private readonly own: number;

  constructor({ memory }: Processor) {
    this.view = memory.view;
    this.own = memory.ownAt;
  }

  get control(): number {
    return this.view.getUint16(this.own + LAYOUT.x87Control, true);
  }

  /** An exception that is pending and not masked any more, or is now, changes the summary. */
  set control(value: number) {
    this.view.setUint16(this.own + LAYOUT.x87Control, (value & CONTROL_WRITABLE) | CONTROL_FIXED, true);
    const { status } = this;
    this.status = status;
  }

  get status(): number {
    return this.view.getUint16(this.own + LAYOUT.x87Status, true);
  }

  /** The summary follows from the exceptions. */
  set status(value: number) {
    const isPending = (value & ~this.control & EXCEPTIONS) !== 0;
    this.view.setUint16(this.own + LAYOUT.x87Status, isPending ? value | SUMMARY : value & ~SUMMARY, true);
  }

  /** Whether an exception waits that is not masked. */
  get isPending(): boolean {
    return (this.status & SUMMARY) !== 0;
  }

  /** Two bits for each physical register, as the manual has them. */
  get tags(): number {
    let tags = 0;
    for (let physical = 0; physical < 8; physical++) tags |= this.tagOf(physical) << (2 * physical);
    return tags;
  }

  /** Only empty or not is kept of it. */
  set tags(value: number) {
    for (let physical = 0; physical < 8; physical++)
      this.setEmpty(physical, ((value >> (2 * physical)) & 3) === EMPTY);
  }

  /** As FNINIT does. Registers keep what they hold. */
  initialize(): void {
    this.control = CONTROL_INITIAL;
    this.status = 0;
    this.tags = 0xffff;
  }

  isEmpty(register: number): boolean {
    return this.isPhysicalEmpty(this.physical(register));
  }

  /** What a register holds, empty or not. */
  get(register: number): Extended {
    const at = this.at(this.physical(register));
    const high = this.view.getUint16(at + 8, true);
    return {
      negative: high > 0x7fff,
      exponent: high & 0x7fff,
      significand: this.view.getBigUint64(at, true),
    };
  }

  /** The register is not empty from now on. */
  set(register: number, { negative, exponent, significand }: Extended): void {
    this.setBits(register, significand, exponent | (negative ? 0x8000 : 0));
    this.setEmpty(this.physical(register), false);
  }

  /** The bits of a register; its tag stays. */
  setBits(register: number, significand: bigint, signAndExponent: number): void {
    const at = this.at(this.physical(register));
    this.view.setBigUint64(at, significand, true);
    this.view.setUint16(at + 8, signAndExponent, true);
  }

  free(register: number): void {
    this.setEmpty(this.physical(register), true);
  }

  /** Moves the top of the stack; tags stay. */
  rotate(by: number): void {
    const { status } = this;
    const top = ((status >> TOP_SHIFT) + by) & 7;
    this.view.setUint16(this.own + LAYOUT.x87Status, (status & ~0x3800) | (top << TOP_SHIFT), true);
  }

  pop(count: number): void {
    for (; count > 0; count--) {
      this.free(0);
      this.rotate(1);
    }
  }

  /** Pushes a value, or where there is no room for it the indefinite. */
  push(value: Extended): void {
    if (this.hasRoom()) {
      this.raise(0);
      this.place(value);
    } else if (this.overflow()) this.place(INDEFINITE);
  }

  /** Whether a push would not overwrite anything. */
  hasRoom(): boolean {
    return this.isEmpty(7);
  }

  /** Pushes without a look at what was there. */
  place(value: Extended): void {
    this.rotate(-1);
    this.set(0, value);
  }

  /** Sets exceptions and C1, and says whether the instruction may go on to write its result. */
  raise(exceptions: number, c1 = false): boolean {
    const unmasked = exceptions & ~this.control;
    const isStopped = (unmasked & BEFORE_RESULT) !== 0;
    const raised = isStopped ? exceptions & (BEFORE_RESULT | STACK_FAULT) : exceptions;
    const isUp = c1 && (!isStopped || (exceptions & STACK_FAULT) !== 0);
    this.status = (this.status & ~C1) | (isUp ? C1 : 0) | raised;
    return !isStopped;
  }

  /** An operand is empty. Says whether the instruction may go on, with the indefinite instead of it. */
  underflow(): boolean {
    return this.raise(INVALID | STACK_FAULT);
  }

  /** There is no room for a push. Says whether the instruction may go on, with the indefinite. */
  overflow(): boolean {
    return this.raise(INVALID | STACK_FAULT, true);
  }

  setConditionCodes(codes: number, mask: number): void {
    this.status = (this.status & ~mask) | codes;
  }

  private physical(register: number): number {
    return ((this.status >> TOP_SHIFT) + register) & 7;
  }

  private at(physical: number): number {
    return this.own + LAYOUT.x87 + 16 * physical;
  }

  private isPhysicalEmpty(physical: number): boolean {
    return ((this.view.getUint16(this.own + LAYOUT.x87Tag, true) >> (2 * physical)) & 3) === EMPTY;
  }

  private setEmpty(physical: number, isEmpty: boolean): void {
    const at = this.own + LAYOUT.x87Tag;
    const mask = EMPTY << (2 * physical);
    const tags = this.view.getUint16(at, true);
    this.view.setUint16(at, isEmpty ? tags | mask : tags & ~mask, true);
  }

  /** 0 valid, 1 zero, 2 special, 3 empty. */
  private tagOf(physical: number): number {
    if (this.isPhysicalEmpty(physical)) return EMPTY;
    const value = this.get((physical - (this.status >> TOP_SHIFT)) & 7);
    const kind = kindOf(value);
    if (kind === 'zero') return 1;
    return kind === 'normal' ? 0 : 2;
  }
}
