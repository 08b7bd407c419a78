import type { Type } from '../lifted/form.ts';
import { floatFunctionName, floatFunctionType, type RoundingFloat } from './float-functions.ts';
import type { FunctionType, ModuleBuilder } from './module.ts';

/** Functions that every region may call, with their types; `helper …` are added as they are needed. */
export const RUNTIME = {
  load: { parameters: ['i64', 'i32'], results: ['i32'] },
  store: { parameters: ['i64', 'i32', 'i32', 'i32', 'i64'], results: ['i32'] },
  drain: { parameters: [], results: [] },
  resolve: { parameters: ['i32', 'i64', 'i64', 'i64'], results: ['i32'] },
  carry: { parameters: ['i32', 'i64', 'i64', 'i64'], results: ['i32'] },
  record: { parameters: ['i32', 'i32', 'i32', 'i32', 'i64'], results: [] },
  /** `(code) -> 1` where the operation is for the interpreter. */
  float: { parameters: ['i32'], results: ['i32'] },
} as const satisfies Record<string, FunctionType>;

export type RuntimeFunction = keyof typeof RUNTIME;

/** The functions that a module imports: those of the runtime, helpers by name and types, and floating point. */
export class Imports {
  readonly runtime: Readonly<Record<RuntimeFunction, number>>;
  /** Helpers, by the names that they are imported by. */
  readonly helpers = new Map<string, { readonly helper: string; readonly index: number }>();
  /** Functions of floating point, by the names that they are imported by. */
  readonly floats = new Map<string, { readonly float: RoundingFloat; readonly index: number }>();

  constructor(private readonly module: ModuleBuilder) {
    const index = (name: RuntimeFunction): number => module.import(name, RUNTIME[name]);
    this.runtime = {
      load: index('load'),
      store: index('store'),
      drain: index('drain'),
      resolve: index('resolve'),
      carry: index('carry'),
      record: index('record'),
      float: index('float'),
    };
  }

  /** Index of a helper that takes and gives values of these types. */
  helper(name: string, parameters: readonly Type[], results: readonly Type[]): number {
    const field = `helper ${name} ${parameters.join(' ')} ${results.join(' ')}`;
    const known = this.helpers.get(field);
    if (known !== undefined) return known.index;
    const index = this.module.import(field, { parameters, results });
    this.helpers.set(field, { helper: name, index });
    return index;
  }
  /** Index of the function for an operation that rounds. */
  float(float: RoundingFloat): number {
    const field = floatFunctionName(float);
    const known = this.floats.get(field);
    if (known !== undefined) return known.index;
    const index = this.module.import(field, floatFunctionType(float));
    this.floats.set(field, { float, index });
    return index;
  }
}
