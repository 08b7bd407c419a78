import { PAGE_BYTES } from '../memory.ts';
import type { StraightLine } from './blocks.ts';

/** Executes a region, and gives why it ended: one of `EXIT`. */
export type RegionFunction = () => number;

/** A place that control came to, from outside of translated code. */
export interface Place {
  executions: number;
  /** From here to the next instruction that may jump, for the interpreter. */
  readonly line: StraightLine;
  /** Whether control came here by a call, a return, a computed jump or out of a region: then one has to begin here. */
  isEntered: boolean;
  run: RegionFunction | undefined;
}

const pageOf = (address: number): number => Math.floor(address / PAGE_BYTES);

/** Places by their addresses, and by the pages that their code lies in. */
export class Places {
  private readonly places = new Map<number, Place>();
  private readonly pages = new Map<number, Set<number>>();

  get(address: number): Place | undefined {
    return this.places.get(address);
  }

  add(address: number, place: Place): void {
    this.places.set(address, place);
  }

  /** Code of a place lies from `start` to before `end`. */
  remember(address: number, start: number, end: number): void {
    for (let page = pageOf(start); page <= pageOf(end - 1); page++) {
      const addresses = this.pages.get(page);
      if (addresses === undefined) this.pages.set(page, new Set([address]));
      else addresses.add(address);
    }
  }

  /** Forgets what has code in a page, and gives it. */
  forget(page: number): Map<number, Place> {
    const forgotten = new Map<number, Place>();
    for (const address of this.pages.get(page) ?? []) {
      const place = this.places.get(address);
      if (place !== undefined) forgotten.set(address, place);
      this.places.delete(address);
    }
    this.pages.delete(page);
    return forgotten;
  }
}
