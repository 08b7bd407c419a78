import type { Type } from '../lifted/form.ts';

/** Locals of a function in the making: those that last, and temporary ones that are used again and again. */
export class Locals {
  /** Types of all locals, in order. */
  readonly types: Type[] = [];
  private readonly temporaries: Readonly<Record<Type, number[]>> = { i32: [], i64: [], v128: [] };
  private inUse: Readonly<Record<Type, number>> = { i32: 0, i64: 0, v128: 0 };

  /** One that lasts. */
  add(type: Type): number {
    return this.types.push(type) - 1;
  }

  /** One that is in use until `release`. */
  temporary(type: Type): number {
    const place = this.inUse[type];
    this.inUse = { ...this.inUse, [type]: place + 1 };
    this.temporaries[type][place] ??= this.add(type);
    return this.temporaries[type][place];
  }

  /** What is in use now, to go back to. */
  mark(): Readonly<Record<Type, number>> {
    return this.inUse;
  }

  release(mark: Readonly<Record<Type, number>>): void {
    this.inUse = mark;
  }
}
