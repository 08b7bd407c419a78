import { ClassHash, type Digestible } from '../kernel/class-digest.ts';
import { CowTable } from '../kernel/cow-table.ts';
import type { Digest } from '../kernel/digest.ts';

/**
 * Records under page numbers: a page table, or the entries of a TLB. Records are immutable and are replaced whole, so
 * forks share them; iteration and digest are in ascending order of page, whatever the order of insertion.
 */
export class PageMap<T> implements Digestible {
  /** Of all entries; undefined since they changed. */
  private digest: Digest | undefined;

  constructor(private readonly table: CowTable<T> = new CowTable((record: T) => record)) {}

  fork(): PageMap<T> {
    const fork = new PageMap(this.table.fork());
    fork.digest = this.digest;
    return fork;
  }

  get size(): number {
    return this.table.size;
  }

  get(page: number): Readonly<T> | undefined {
    return this.table.get(page);
  }

  set(page: number, record: T): void {
    this.table.set(page, record);
    this.digest = undefined;
  }

  delete(page: number): void {
    this.table.delete(page);
    this.digest = undefined;
  }

  /** In ascending order of page. The map must not change meanwhile. */
  entries(): Generator<[page: number, record: Readonly<T>]> {
    return this.table.entries();
  }

  digestInto(hash: ClassHash): void {
    this.digest ??= this.digestOfEntries();
    hash.digested(this.digest);
  }

  private digestOfEntries(): Digest {
    const hash = new ClassHash();
    hash.number(this.size);
    for (const [page, record] of this.entries()) {
      hash.number(page);
      hash.value(record);
    }
    return hash.digest();
  }

  /** The records under their page numbers. */
  toJSON(): Readonly<Record<string, Readonly<T>>> {
    return Object.fromEntries(this.entries());
  }
}
