/** Words of 32 bits that are taken in at once. */
export const GROUP_WORDS = 6;
const GROUP_BYTES = 4 * GROUP_WORDS;

const ROTATE_FIRST = 13;
const ROTATE_SECOND = 17;
const PRIME_A = 0x9e3779b1 | 0;
const PRIME_B = 0x85ebca77 | 0;
const PRIME_C = 0xc2b2ae3d | 0;
const PRIME_D = 0x27d4eb2f | 0;

/**
 * A 128-bit digest of a sequence, which costs some nanoseconds a group of 24 bytes. Each step can be undone when the group
 * is known, so that two sequences that differ in one group never have the same digest; those that differ in more have it by
 * chance only. Not meant to withstand an adversary.
 */
export class SequenceDigest {
  private a = 0x243f6a88 | 0;
  private b = 0x85a308d3 | 0;
  private c = 0x13198a2e | 0;
  private d = 0x03707344 | 0;

  /** Takes in so many groups, from a place in the words on. */
  add(words: Int32Array, from: number, groups: number): void {
    let { a, b, c, d } = this;
    const to = from + groups * GROUP_WORDS;
    for (let at = from; at < to; at += GROUP_WORDS) {
      a = Math.imul(((a << ROTATE_FIRST) | (a >>> (32 - ROTATE_FIRST))) ^ words[at], PRIME_A);
      b = Math.imul(((b << ROTATE_FIRST) | (b >>> (32 - ROTATE_FIRST))) ^ words[at + 1], PRIME_B);
      c = Math.imul(((c << ROTATE_FIRST) | (c >>> (32 - ROTATE_FIRST))) ^ words[at + 2], PRIME_C);
      d = Math.imul(((d << ROTATE_FIRST) | (d >>> (32 - ROTATE_FIRST))) ^ words[at + 3], PRIME_D);
      a = (a + b) | 0;
      c = (c + d) | 0;
      a = Math.imul(((a << ROTATE_SECOND) | (a >>> (32 - ROTATE_SECOND))) ^ words[at + 4], PRIME_C);
      c = Math.imul(((c << ROTATE_SECOND) | (c >>> (32 - ROTATE_SECOND))) ^ words[at + 5], PRIME_D);
      b = (b + c) | 0;
      d = (d + a) | 0;
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  /** Takes in bytes as one piece: what is cut elsewhere is another sequence. */
  addBytes(bytes: Uint8Array): void {
    const groups = 1 + Math.ceil(bytes.length / GROUP_BYTES);
    const padded = new DataView(new ArrayBuffer(groups * GROUP_BYTES));
    padded.setFloat64(0, bytes.length, true);
    new Uint8Array(padded.buffer).set(bytes, GROUP_BYTES);
    this.add(new Int32Array(padded.buffer), 0, groups);
  }

  /** 32 hexadecimal digits, of what was taken in so far. */
  hex(): string {
    const end = new SequenceDigest();
    const state = new Int32Array([this.a, this.b, this.c, this.d, 0, 0]);
    for (let round = 0; round < 4; round++) end.add(state, 0, 1);
    return [end.a, end.b, end.c, end.d].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
