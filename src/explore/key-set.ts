import { Digest } from '../kernel/digest.ts';

/** A set of 128-bit keys in one typed array: 16 bytes a slot, at most 5/8 full, so 26 to 51 bytes a key. */
export class KeySet {
  size = 0;
  private slots: Int32Array;
  private mask: number;
  private hasZero = false; // an all-zero slot is an empty one

  /** `expected` is a hint; the set grows as it must. */
  constructor(expected = 1024) {
    let capacity = 1024;
    while (capacity * 0.6 < expected) capacity *= 2;
    this.slots = new Int32Array(capacity * 4);
    this.mask = capacity - 1;
  }

  /** Puts the key in; true when it was not there. */
  add(a: number, b: number, c: number, d: number): boolean {
    if ((a | b | c | d) === 0) {
      if (this.hasZero) return false;
      this.hasZero = true;
      this.size++;
      return true;
    }
    const at = this.find(a, b, c, d);
    const { slots } = this;
    if ((slots[at] | slots[at + 1] | slots[at + 2] | slots[at + 3]) !== 0) return false;
    slots[at] = a;
    slots[at + 1] = b;
    slots[at + 2] = c;
    slots[at + 3] = d;
    if (++this.size > this.mask * 0.625) this.grow();
    return true;
  }

  has(a: number, b: number, c: number, d: number): boolean {
    if ((a | b | c | d) === 0) return this.hasZero;
    const at = this.find(a, b, c, d);
    return (this.slots[at] | this.slots[at + 1] | this.slots[at + 2] | this.slots[at + 3]) !== 0;
  }

  /** Takes every key out. */
  clear(): void {
    this.slots.fill(0);
    this.hasZero = false;
    this.size = 0;
  }

  /** Adds a key given as 32 hexadecimal digits. */
  addHex(hex: string): boolean {
    const { a, b, c, d } = Digest.fromHex(hex);
    return this.add(a, b, c, d);
  }

  /** The slot of the key, or the empty one where it would go: the keys are digests, so their bits are the hash. */
  private find(a: number, b: number, c: number, d: number): number {
    const { slots, mask } = this;
    let slot = b & mask;
    for (;;) {
      const at = slot * 4;
      if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === c && slots[at + 3] === d) return at;
      if ((slots[at] | slots[at + 1] | slots[at + 2] | slots[at + 3]) === 0) return at;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    this.mask = this.slots.length / 4 - 1;
    for (let at = 0; at < old.length; at += 4) {
      if ((old[at] | old[at + 1] | old[at + 2] | old[at + 3]) === 0) continue;
      this.slots.set(old.subarray(at, at + 4), this.find(old[at], old[at + 1], old[at + 2], old[at + 3]));
    }
  }
}
