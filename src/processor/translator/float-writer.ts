import { PE } from '../float/mxcsr.ts';
import { LAYOUT } from '../layout.ts';
import { Code } from './encoder.ts';

/** Opcodes on doubles, and conversions from and to them. Source: WebAssembly Core Specification 2.0, section 5.4.6. */
const DOUBLES = {
  'f64.eq': 0x61,
  'f64.ne': 0x62,
  'f64.lt': 0x63,
  'f64.gt': 0x64,
  'f64.le': 0x65,
  'f64.ge': 0x66,
  'f64.abs': 0x99,
  'f64.neg': 0x9a,
  'f64.nearest': 0x9e,
  'f64.trunc': 0x9d,
  'f64.sqrt': 0x9f,
  'f64.add': 0xa0,
  'f64.sub': 0xa1,
  'f64.mul': 0xa2,
  'f64.div': 0xa3,
  'i32.trunc_f64_s': 0xaa,
  'i64.trunc_f64_s': 0xb0,
  'f32.demote_f64': 0xb6,
  'f64.convert_i32_s': 0xb7,
  'f64.convert_i64_s': 0xb9,
  'f64.promote_f32': 0xbb,
  'i32.reinterpret_f32': 0xbc,
  'i64.reinterpret_f64': 0xbd,
  'f32.reinterpret_i32': 0xbe,
  'f64.reinterpret_i64': 0xbf,
} as const;
export type DoubleOperation = keyof typeof DOUBLES;

const bytes = new Uint8Array(8);
const view = new DataView(bytes.buffer);

/** Code of one function on doubles, in a block that is left where the function does not know better. */
export class FloatWriter extends Code {
  constructor(private readonly ownAt: number) {
    super();
  }

  double(operation: DoubleOperation): void {
    this.byte(DOUBLES[operation]);
  }

  constantDouble(value: number): void {
    view.setFloat64(0, value, true);
    this.byte(0x44);
    this.append(bytes);
  }

  /** The operation on two locals. */
  onLocals(operation: DoubleOperation, left: number, right: number): void {
    this.get(left);
    this.get(right);
    this.double(operation);
  }

  /** Leaves the block unless the i32 on the stack is 1. */
  require(): void {
    this.numeric('i32.eqz');
    this.branchIf(1);
  }

  /** Leaves the block unless the double in a local is zero or of such a magnitude, which a NaN is not. */
  requireMagnitude(local: number, { least, most }: { readonly least: number; readonly most: number }): void {
    const compare = (operation: DoubleOperation, bound: number): void => {
      this.get(local);
      this.double('f64.abs');
      this.constantDouble(bound);
      this.double(operation);
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
