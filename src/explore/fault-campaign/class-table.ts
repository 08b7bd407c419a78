import type { Digest } from '../../kernel/digest.ts';

interface Entry<T> {
  readonly c: number;
  readonly d: number;
  readonly value: T;
  next: Entry<T> | undefined;
}

/** A map from digests of 128 bits to values. */
export class ClassTable<T> {
  size = 0;
  private readonly entries = new Map<number, Entry<T>>();

  get({ a, b, c, d }: Digest): T | undefined {
    for (let entry = this.entries.get(keyOf(a, b)); entry !== undefined; entry = entry.next) {
      if (entry.c === c && entry.d === d) return entry.value;
    }
    return undefined;
  }

  /** Puts a value under a digest that is not in the table. */
  add({ a, b, c, d }: Digest, value: T): void {
    const key = keyOf(a, b);
    this.entries.set(key, { c, d, value, next: this.entries.get(key) });
    this.size++;
  }

  *values(): Generator<T> {
    for (const first of this.entries.values()) {
      for (let entry: Entry<T> | undefined = first; entry !== undefined; entry = entry.next)
        yield entry.value;
    }
  }
}

const keyOf = (a: number, b: number): number => (a >>> 0) * 2097152 + (b & 0x1fffff);
