import { R8, R9, R10, RDI, RDX, RSI } from '../../../processor/registers.ts';
import type { Kernel } from '../kernel.ts';

/** Registers that hold the arguments, in order. */
const ARGUMENTS = [RDI, RSI, RDX, R10, R8, R9];

/** Sizes and offsets beyond are cut to this, which is larger than anything there is. */
const SIZE_MAX = 2 ** 52;

/** The arguments of a system call, by the C type that each has. They count from 0. */
export class Arguments {
  readonly values: readonly bigint[];

  constructor({ processor }: Kernel) {
    this.values = ARGUMENTS.map((register) => processor.general(register));
  }

  /** An int. */
  int(index: number): number {
    return Number(BigInt.asIntN(32, this.values[index]));
  }

  /** An unsigned int: flags. */
  flags(index: number): number {
    return Number(BigInt.asUintN(32, this.values[index]));
  }

  /** A size_t. */
  size(index: number): number {
    const value = this.values[index];
    return value > BigInt(SIZE_MAX) ? SIZE_MAX : Number(value);
  }

  /** An off_t: negative, or cut. */
  offset(index: number): number {
    const value = BigInt.asIntN(64, this.values[index]);
    if (value < 0n) return -1;
    return value > BigInt(SIZE_MAX) ? SIZE_MAX : Number(value);
  }

  /** A pointer. */
  address(index: number): bigint {
    return this.values[index];
  }

  /** A long. */
  long(index: number): bigint {
    return BigInt.asIntN(64, this.values[index]);
  }
}

/** Does a system call; returns its result, or throws `SystemError`. */
export type SystemCallHandler = (kernel: Kernel, given: Arguments) => number | bigint;

export type SystemCalls = Readonly<Record<string, SystemCallHandler>>;
