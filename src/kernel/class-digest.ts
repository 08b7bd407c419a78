import { Digest } from './digest.ts';
import type { Forkable } from './model.ts';

/** A forkable part of a state that says by itself what it holds. */
export interface Digestible extends Forkable {
  /** Feeds everything that distinguishes this part from another. */
  digestInto(hash: ClassHash): void;
}

/**
 * Digest of whole states, for telling classes apart: two states with equal digests are equal in every member. Order
 * matters, so members must be made in the same order each time. Not meant to withstand an adversary.
 */
export class ClassHash {
  private a = 0x243f6a88;
  private b = 0x85a308d3;
  private c = 0x13198a2e;
  private d = 0x03707344;

  /** Feeds 32 bits. */
  word(value: number): void {
    this.pair(value, SINGLE);
  }

  /** Feeds 64 bits, in the time of 32: a bijection of what was fed so far, and other bits lead elsewhere. */
  pair(low: number, high: number): void {
    this.a = Math.imul((this.a ^ low) + ((this.d << 13) | (this.d >>> 19)), 0x9e3779b1);
    this.b = Math.imul(this.b ^ (this.a >>> 15) ^ high, 0x85ebca77);
    this.c = Math.imul(this.c + (this.b ^ (this.b >>> 13)), 0xc2b2ae3d);
    this.d = Math.imul(this.d ^ (this.c >>> 16) ^ this.a, 0x27d4eb2f) ^ low;
  }

  /** Feeds another digest, such as that of a part that has not changed since it was made. */
  digested({ a, b, c, d }: Digest): void {
    this.pair(a, b);
    this.pair(c, d);
  }

  number(value: number): void {
    if ((value | 0) === value) {
      this.word(value);
      return;
    }
    double[0] = value;
    this.word(0x6e756d62);
    this.pair(halves[0], halves[1]);
  }

  text(value: string): void {
    const { low, high } = value.length <= KNOWN_TEXT_UNITS_MAX ? knownHashOf(value) : textHashOf(value);
    this.pair(low, high);
  }

  /** Feeds a plain value: records, arrays, primitives, and parts that digest themselves. */
  value(value: unknown): void {
    switch (typeof value) {
      case 'number':
        this.number(value);
        return;
      case 'string':
        this.text(value);
        return;
      case 'boolean':
        this.word(value ? 0x74727565 : 0x66616c73);
        return;
      case 'undefined':
        this.word(0x756e6465);
        return;
      case 'bigint':
        this.text(`${value}n`);
        return;
      case 'object':
        this.object(value);
        return;
      default:
        throw new TypeError(`a state holds plain data, not a ${typeof value}`);
    }
  }

  private object(value: object | null): void {
    if (value === null) this.word(0x6e756c6c);
    else if (Array.isArray(value)) {
      this.word(value.length ^ 0x6c697374);
      for (let at = 0; at < value.length; at++) this.value(value[at]);
    } else if (typeof (value as Partial<Digestible>).digestInto === 'function') {
      (value as Digestible).digestInto(this);
    } else {
      const record = value as Record<string, unknown>;
      this.word(0x7265636f);
      let name = NO_NAME;
      for (const key in record) {
        const member = record[key];
        name = nameAfter(name, key);
        const { low, high } = name;
        if (typeof member === 'number' && (member | 0) === member) this.pair(low, member);
        else {
          this.pair(low, high);
          this.value(member);
        }
      }
    }
  }

  digest(): Digest {
    for (let round = 0; round < 4; round++) this.word(0x9e3779b9);
    const digest = new Digest();
    digest.a = this.a;
    digest.b = this.b;
    digest.c = this.c;
    digest.d = this.d;
    return digest;
  }
}

/** The other half where only 32 bits are fed. */
const SINGLE = 0x6f6e6c79;

interface TextHash {
  readonly low: number;
  readonly high: number;
}

/** The name of a member, with the one that came after it in the last record that had both. */
interface NameHash extends TextHash {
  readonly name: string;
  next: NameHash | undefined;
}

const knownNames = new Map<string, NameHash>();
const NO_NAME: NameHash = { name: '', low: 0, high: 0, next: undefined };

/** Records of a kind have the same members in the same order, so the next name is nearly always known without a look-up. */
function nameAfter(before: NameHash, name: string): NameHash {
  const expected = before.next;
  if (expected !== undefined && expected.name === name) return expected;
  let hash = knownNames.get(name);
  if (hash === undefined) {
    hash = { name, ...textHashOf(name), next: undefined };
    if (knownNames.size >= KNOWN_TEXTS_MAX) knownNames.clear();
    knownNames.set(name, hash);
  }
  before.next = hash;
  return hash;
}

/** States share most of their texts: member names, contents of memory. Hashing each anew was two thirds of an exploration. */
const knownTexts = new Map<string, TextHash>();
const KNOWN_TEXTS_MAX = 100_000;
const KNOWN_TEXT_UNITS_MAX = 256;

function knownHashOf(text: string): TextHash {
  let hash = knownTexts.get(text);
  if (hash === undefined) {
    hash = textHashOf(text);
    if (knownTexts.size >= KNOWN_TEXTS_MAX) knownTexts.clear();
    knownTexts.set(text, hash);
  }
  return hash;
}

/** 64 bits of a text, by its UTF-16 units. */
function textHashOf(text: string): TextHash {
  let low = text.length ^ 0x74657874;
  let high = 0x68617368;
  for (let at = 0; at < text.length; at += 2) {
    const units = text.charCodeAt(at) | ((text.charCodeAt(at + 1) | 0) << 16);
    low = Math.imul((low ^ units) + ((high << 13) | (high >>> 19)), 0x9e3779b1);
    high = Math.imul(high ^ (low >>> 15) ^ units, 0x85ebca77);
    high ^= high >>> 13;
  }
  return { low: low ^ (low >>> 16), high };
}

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

/** Digest of everything that a value holds. */
export function classDigest(value: unknown): Digest {
  const hash = new ClassHash();
  hash.value(value);
  return hash.digest();
}
