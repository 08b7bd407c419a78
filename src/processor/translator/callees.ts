import type { Type } from '../lifted/form.ts';
import type { Callee } from './encoder.ts';
import { floatFunctionType, type RoundingFloat } from './float-functions.ts';
import type { FunctionType, ModuleBuilder } from './module.ts';
import { RECORDER, recorderCode } from './record-code.ts';

/** Functions that every region may call, with their types. */
export const RUNTIME = {
  /** `(address, sizeBytes, instruction, position)`: 0 when the value is in the scratch place, 1 when it cannot be had. */
  load: { parameters: ['i64', 'i32', 'i32', 'i64'], results: ['i32'] },
  /**
   * `(address, sizeBytes, isNonTemporal, instruction, position)`: stores what is in the scratch place; 1 where that is for
   * the interpreter to do.
   */
  store: { parameters: ['i64', 'i32', 'i32', 'i32', 'i64'], results: ['i32'] },
  /** Hands over records that are there, so that there is room for more. */
  makeRoom: { parameters: [], results: [] },
  /** `(pending, left, right, result)`: all flags of a record, and its carry. */
  resolve: { parameters: ['i32', 'i64', 'i64', 'i64'], results: ['i32'] },
  carry: { parameters: ['i32', 'i64', 'i64', 'i64'], results: ['i32'] },
  /** `(code) -> 1` where the operation is for the interpreter. */
  float: { parameters: ['i32'], results: ['i32'] },
} as const satisfies Record<string, FunctionType>;

export type RuntimeFunction = keyof typeof RUNTIME;

/** Gives places in the table of functions, of those that it makes when they are asked for. */
export interface Functions {
  runtimeSlot(name: RuntimeFunction): number;
  /** A helper that takes and gives values of a type: lifted code calls one with several. */
  helperSlot(name: string, type: FunctionType): number;
  floatSlot(float: RoundingFloat): number;
}

/**
 * What the code of one module calls: functions of the runtime, helpers and floating point. They are called through a table,
 * because V8 compiles a wrapper for each type that a module imports a function of, in each module anew: a third of a
 * millisecond for these. What records is called most, and is a function of the module itself.
 */
export class Callees {
  /** Index of the function `(address, kindAndSize, instruction, position, data)`: appends a record. */
  readonly record: number;

  constructor(
    private readonly module: ModuleBuilder,
    private readonly functions: Functions,
    ownAt: number,
  ) {
    const code = recorderCode(ownAt, this.runtime('makeRoom'));
    this.record = module.define(RECORDER.type, RECORDER.locals, code);
  }

  runtime(name: RuntimeFunction): Callee {
    return this.callee(this.functions.runtimeSlot(name), RUNTIME[name]);
  }

  helper(name: string, parameters: readonly Type[], results: readonly Type[]): Callee {
    const type = { parameters, results };
    return this.callee(this.functions.helperSlot(name, type), type);
  }

  /** The function for an operation that rounds. */
  float(float: RoundingFloat): Callee {
    return this.callee(this.functions.floatSlot(float), floatFunctionType(float));
  }

  private callee(slot: number, type: FunctionType): Callee {
    return { slot, type: this.module.typeIndex(type) };
  }
}
