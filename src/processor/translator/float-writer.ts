import { PE } from '../float/mxcsr.ts';
import { LAYOUT } from '../layout.ts';
import { Code, type FloatOpcode } from './encoder.ts';

const bytes = new Uint8Array(8);
const view = new DataView(bytes.buffer);

/** Code of one function on doubles, in a block that is left where the function does not know better. */
export class FloatWriter extends Code {
  constructor(private readonly ownAt: number) {
    super();
  }

  constantDouble(value: number): void {
    view.setFloat64(0, value, true);
    this.byte(0x44);
    this.append(bytes);
  }

  /** The operation on two locals. */
  onLocals(operation: FloatOpcode, left: number, right: number): void {
    this.get(left);
    this.get(right);
    this.float(operation);
  }

  /** Leaves the block unless the i32 on the stack is 1. */
  require(): void {
    this.numeric('i32.eqz');
    this.branchIf(1);
  }

  /** Leaves the block unless the double in a local is zero or of such a magnitude, which a NaN is not. */
  requireMagnitude(local: number, { least, most }: { readonly least: number; readonly most: number }): void {
    const compare = (operation: FloatOpcode, bound: number): void => {
      this.get(local);
      this.float('f64.abs');
      this.constantDouble(bound);
      this.float(operation);
    };
    compare('f64.ge', least);
    compare('f64.le', most);
    this.numeric('i32.and');
    compare('f64.eq', 0);
    this.numeric('i32.or');
    this.require();
  }

  /** Leaves the block unless these bits of MXCSR are so. */
  requireMxcsr(mask: number, wanted: number): void {
    this.mxcsr();
    this.constant32(mask);
    this.numeric('i32.and');
    this.constant32(wanted);
    this.numeric('i32.eq');
    this.require();
  }

  /** Sets PE where it is not set and `isInexact` leaves 1. */
  raisePrecision(isInexact: () => void): void {
    this.mxcsr();
    this.constant32(PE);
    this.numeric('i32.and');
    this.numeric('i32.eqz');
    this.if();
    isInexact();
    this.if();
    this.constant32(0);
    this.mxcsr();
    this.constant32(PE);
    this.numeric('i32.or');
    this.store(4, this.ownAt + LAYOUT.mxcsr);
    this.end();
    this.end();
  }

  private mxcsr(): void {
    this.constant32(0);
    this.load(4, this.ownAt + LAYOUT.mxcsr);
  }
}
