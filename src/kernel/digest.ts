/**
 * A 128-bit digest of a set of (address, atom) pairs that costs what changed.
 *
 * Each pair is sent through a bijective mixing function and the results are XORed, so an atom is put in and taken out by
 * the same operation, in any order. An atom of zeros adds nothing: memory that was never written is free, and two
 * memories are equal in digest when they are equal in contents. Not meant to withstand an adversary.
 */
export class Digest {
  a = 0;
  b = 0;
  c = 0;
  d = 0;

  /** Puts the pair in, or takes it out when it was in. `low` and `high` are the halves of the 8-byte atom. */
  toggleAtom(address: number, low: number, high: number): void {
    if ((low | high) === 0) return;
    let s1 = (address | 0) ^ 0x243f6a88;
    let s2 = ((address / 4294967296) | 0) ^ 0x85a308d3;
    let s3 = low ^ 0x13198a2e;
    let s4 = high ^ 0x03707344;
    for (let round = 0; round < 3; round++) {
      s1 = Math.imul(s1 + ((s4 << 13) | (s4 >>> 19)), 0x9e3779b1);
      s1 ^= s1 >>> 15;
      s2 = Math.imul(s2 + ((s1 << 17) | (s1 >>> 15)), 0x85ebca77);
      s2 ^= s2 >>> 13;
      s3 = Math.imul(s3 + ((s2 << 11) | (s2 >>> 21)), 0xc2b2ae3d);
      s3 ^= s3 >>> 16;
      s4 = Math.imul(s4 + ((s3 << 19) | (s3 >>> 13)), 0x27d4eb2f);
      s4 ^= s4 >>> 14;
    }
    this.a ^= s1;
    this.b ^= s2;
    this.c ^= s3;
    this.d ^= s4;
  }

  /** Puts a text in under a name; order and number of texts with different names do not matter. */
  toggleText(name: string, text: string): void {
    const key = textHash(name);
    for (let i = 0; i < text.length; i += 2) {
      this.toggleAtom(key * 2097152 + i, text.charCodeAt(i) + 1, (text.charCodeAt(i + 1) || 0) + 1);
    }
    this.toggleAtom(key * 2097152 + 2097151, text.length, -1);
  }

  xor(other: Digest): void {
    this.a ^= other.a;
    this.b ^= other.b;
    this.c ^= other.c;
    this.d ^= other.d;
  }

  set(other: Digest): void {
    this.a = other.a;
    this.b = other.b;
    this.c = other.c;
    this.d = other.d;
  }

  fork(): Digest {
    const fork = new Digest();
    fork.set(this);
    return fork;
  }

  equals(other: Digest): boolean {
    return this.a === other.a && this.b === other.b && this.c === other.c && this.d === other.d;
  }

  /** 32 hexadecimal digits. */
  hex(): string {
    return word(this.a) + word(this.b) + word(this.c) + word(this.d);
  }

  static fromHex(hex: string): Digest {
    const digest = new Digest();
    digest.a = Number.parseInt(hex.slice(0, 8), 16) | 0;
    digest.b = Number.parseInt(hex.slice(8, 16), 16) | 0;
    digest.c = Number.parseInt(hex.slice(16, 24), 16) | 0;
    digest.d = Number.parseInt(hex.slice(24, 32), 16) | 0;
    return digest;
  }
}

const word = (lane: number): string => (lane >>> 0).toString(16).padStart(8, '0');

/** FNV-1a over UTF-16 units, 32 bits, for names of streams and fields. */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
