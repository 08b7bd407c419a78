const TEXTS_MAX = 65536;

interface Entry {
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly next: Entry | undefined;
}

/** Texts that repeat, decoded once: equal bytes give the same string. */
export class Interner {
  private readonly entries = new Map<number, Entry>();
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** `decode` makes of the raw text what is wanted of it. */
  constructor(private readonly decode: (raw: string) => string) {}

  intern(bytes: Uint8Array, from: number, to: number): string {
    let hash = 0x811c9dc5;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
    const first = this.entries.get(hash);
    for (let entry = first; entry !== undefined; entry = entry.next) {
      if (equal(entry.bytes, bytes, from, to)) return entry.text;
    }
    if (this.entries.size >= TEXTS_MAX) this.entries.clear();
    const copy = bytes.slice(from, to);
    const text = this.decode(this.decoder.decode(copy));
    this.entries.set(hash, { bytes: copy, text, next: first });
    return text;
  }
}

function equal(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}
