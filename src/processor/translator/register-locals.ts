import { LAYOUT } from '../layout.ts';
import type { Code } from './encoder.ts';
import type { Locals } from './locals.ts';

/** General and vector registers that a region uses, in locals. */
export class RegisterLocals {
  private readonly general = new Map<number, number>();
  private readonly vector = new Map<number, number>();
  private readonly writtenGeneral = new Set<number>();
  private readonly writtenVector = new Set<number>();

  constructor(
    private readonly locals: Locals,
    private readonly ownAt: number,
  ) {}

  generalLocal(register: number): number {
    return found(this.general, register, () => this.locals.add('i64'));
  }

  vectorLocal(register: number): number {
    return found(this.vector, register, () => this.locals.add('v128'));
  }

  /** The local of a register that is about to be written. */
  writeGeneral(register: number): number {
    this.writtenGeneral.add(register);
    return this.generalLocal(register);
  }

  writeVector(register: number): number {
    this.writtenVector.add(register);
    return this.vectorLocal(register);
  }

  /** Loads all that are used: for the beginning of the function, when its body is made. */
  fill(code: Code): void {
    for (const [register, local] of this.general) {
      code.constant32(0);
      code.load(8, this.ownAt + LAYOUT.general + 8 * register);
      code.set(local);
    }
    for (const [register, local] of this.vector) {
      code.constant32(0);
      code.load(16, this.ownAt + LAYOUT.vector + 16 * register);
      code.set(local);
    }
  }

  /** Stores all that are written anywhere in the region. */
  spill(code: Code): void {
    for (const register of this.writtenGeneral) {
      code.constant32(0);
      code.get(this.generalLocal(register));
      code.store(8, this.ownAt + LAYOUT.general + 8 * register);
    }
    for (const register of this.writtenVector) {
      code.constant32(0);
      code.get(this.vectorLocal(register));
      code.store(16, this.ownAt + LAYOUT.vector + 16 * register);
    }
  }
}

function found(map: Map<number, number>, key: number, make: () => number): number {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
