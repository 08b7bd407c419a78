import type { Type } from '../lifted/form.ts';
import type { FunctionType, ModuleBuilder } from './module.ts';

/** Functions that every region may call, with their types; `helper …` are added as they are needed. */
export const RUNTIME = {
  load: { parameters: ['i64', 'i32'], results: ['i32'] },
  store: { parameters: ['i64', 'i32', 'i32', 'i32', 'i64'], results: ['i32'] },
  drain: { parameters: [], results: [] },
  resolve: { parameters: ['i32', 'i64', 'i64', 'i64'], results: ['i32'] },
  flush: { parameters: ['i64', 'i32', 'i32', 'i64'], results: ['i32'] },
  /** `(code) -> 1` where the operation is for the interpreter. */
  float: { parameters: ['i32'], results: ['i32'] },
  fence: { parameters: ['i32', 'i32', 'i64'], results: [] },
} as const satisfies Record<string, FunctionType>;

export type RuntimeFunction = keyof typeof RUNTIME;

/** The functions that a module imports: those of the runtime, and helpers by name and types. */
export class Imports {
  readonly runtime: Readonly<Record<RuntimeFunction, number>>;
  /** Helpers, by the names that they are imported by. */
  readonly helpers = new Map<string, { readonly helper: string; readonly index: number }>();

  constructor(private readonly module: ModuleBuilder) {
    const index = (name: RuntimeFunction): number => module.import(name, RUNTIME[name]);
    this.runtime = {
      load: index('load'),
      store: index('store'),
      drain: index('drain'),
      resolve: index('resolve'),
      flush: index('flush'),
      float: index('float'),
      fence: index('fence'),
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
}
