import type { ClassHash, Digestible } from './class-digest.ts';

/** A set of whole numbers below a fixed size, one bit each. Forking copies an eighth of a byte for each number. */
export class BitMap implements Digestible {
  /** How many bits are set. */
  count = 0;

  constructor(
    readonly size: number,
    private readonly words = new Int32Array((size + 31) >>> 5),
  ) {}

  /** A map of this size with every bit set. */
  static full(size: number): BitMap {
    const map = new BitMap(size);
    for (let at = 0; at < size; at++) map.set(at);
    return map;
  }

  fork(): BitMap {
    const fork = new BitMap(this.size, this.words.slice());
    fork.count = this.count;
    return fork;
  }

  has(at: number): boolean {
    return ((this.words[at >>> 5] >>> (at & 31)) & 1) === 1;
  }

  set(at: number): void {
    if (at >= this.size) throw new RangeError(`bit ${at} of a map of ${this.size}`);
    if (this.has(at)) return;
    this.words[at >>> 5] |= 1 << (at & 31);
    this.count++;
  }

  clear(at: number): void {
    if (!this.has(at)) return;
    this.words[at >>> 5] &= ~(1 << (at & 31));
    this.count--;
  }

  /** Sets the bit or clears it. */
  put(at: number, value: boolean): void {
    if (value) this.set(at);
    else this.clear(at);
  }

  /** Clears every bit. */
  reset(): void {
    this.words.fill(0);
    this.count = 0;
  }

  /** The lowest number that is set at or after `from`; undefined when there is none. */
  first(from = 0): number | undefined {
    if (this.count === 0) return undefined;
    let at = from >>> 5;
    let word = (this.words[at] ?? 0) & (-1 << (from & 31));
    while (word === 0) {
      if (++at >= this.words.length) return undefined;
      word = this.words[at];
    }
    return at * 32 + 31 - Math.clz32(word & -word);
  }

  digestInto(hash: ClassHash): void {
    hash.word(this.count);
    if (this.count > 0) for (const word of this.words) hash.word(word);
  }

  /** The numbers in the set, in ascending order. */
  toJSON(): readonly number[] {
    const numbers: number[] = [];
    for (let at = this.first(); at !== undefined; at = this.first(at + 1)) numbers.push(at);
    return numbers;
  }
}
