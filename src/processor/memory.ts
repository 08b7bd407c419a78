/** Pages of a guest, as of x86-64. */
export const PAGE_BYTES = 4096;
const PAGE_BITS = 12;

/** What a page is, a bit each: one byte for each page, in linear memory behind the guest's, where translated code tests it. */
export const READABLE = 1;
export const WRITABLE = 2;
export const EXECUTABLE = 4;
/** On an NVDIMM: every store to it is an operation of the machine. */
export const PERSISTENT = 8;
/** Holds instructions that were translated: they are dropped before a store to it. */
export const TRANSLATED = 16;
/** As it was when the snapshot was taken: it is kept before a store to it. */
export const KEPT = 32;
/** There is a page, whatever it allows. */
export const MAPPED = 64;
/** A store may go straight to a page of which these are just `WRITABLE`. */
export const STORE_MASK = WRITABLE | PERSISTENT | TRANSLATED | KEPT;

export type Access = 'read' | 'write' | 'execute';

/** An access that the page does not allow. The instruction has changed nothing. */
export class GuestFault extends Error {
  override name = 'GuestFault';
  constructor(
    readonly address: bigint,
    readonly access: Access,
    /** Whether there is a page at all. */
    readonly isMapped: boolean,
  ) {
    super(`${access} at 0x${address.toString(16)}, which is ${isMapped ? 'protected' : 'not mapped'}`);
  }
}

const NEEDED: Readonly<Record<Access, number>> = { read: READABLE, write: WRITABLE, execute: EXECUTABLE };

/** What must be known before a store goes to a page that is translated. */
export type BeforeStore = (page: number) => void;

/**
 * Memory of a guest and, behind it, the processor’s own area, in one linear memory: a virtual address is an offset in it.
 * Addresses from `sizeBytes` on are never mapped. A page that is not mapped reads as zeros when it is mapped anew.
 */
export class GuestMemory {
  readonly linear: WebAssembly.Memory;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** One byte a page of the guest. */
  readonly attributes: Uint8Array;
  /** Offset of the area that holds the state of the processor: behind the guest’s pages and their attributes. */
  readonly ownAt: number;
  /** Told before a store to a translated page, whose mark it clears by `untranslate`. */
  beforeStore: BeforeStore = (page) => this.untranslate(page);
  private kept: Kept | undefined;

  /**
   * `sizeBytes`: a multiple of 64 KiB, at most 3 GiB. `ownBytes`: of the area behind, of which a snapshot holds the first
   * `keptBytes`.
   */
  constructor(
    readonly sizeBytes: number,
    ownBytes: number,
    private readonly keptBytes = ownBytes,
  ) {
    const pages = sizeBytes / PAGE_BYTES;
    this.ownAt = sizeBytes + pages;
    const blocks = Math.ceil((this.ownAt + ownBytes) / 65536);
    this.linear = new WebAssembly.Memory({ initial: blocks, maximum: blocks });
    this.bytes = new Uint8Array(this.linear.buffer);
    this.view = new DataView(this.linear.buffer);
    this.attributes = new Uint8Array(this.linear.buffer, sizeBytes, pages);
  }

  /** Offset of an access of so many bytes, at most a page. Throws `GuestFault`. */
  offset(address: bigint, sizeBytes: number, access: Access): number {
    const at = Number(address); // rounded only where it is far too large
    if (at + sizeBytes > this.sizeBytes) throw new GuestFault(address, access, false);
    const first = at >>> PAGE_BITS;
    const last = (at + sizeBytes - 1) >>> PAGE_BITS;
    for (let page = first; page <= last; page++) {
      if ((this.attributes[page] & NEEDED[access]) === 0) {
        const from = page === first ? address : BigInt(page * PAGE_BYTES);
        throw new GuestFault(from, access, this.attributes[page] !== 0);
      }
    }
    return at;
  }

  /** Makes pages ready to be stored to: what must be kept is kept, translations of them are dropped. */
  prepareStore(at: number, sizeBytes: number): void {
    for (let page = at >>> PAGE_BITS; page <= (at + sizeBytes - 1) >>> PAGE_BITS; page++) {
      const attributes = this.attributes[page];
      if ((attributes & TRANSLATED) !== 0) this.beforeStore(page);
      if ((attributes & KEPT) !== 0) this.keep(page);
    }
  }

  /** Clears the mark of translated code. */
  untranslate(page: number): void {
    this.attributes[page] &= ~TRANSLATED;
  }

  /** Whether a page in the range is on an NVDIMM. */
  isPersistent(at: number, sizeBytes = 1): boolean {
    for (let page = at >>> PAGE_BITS; page <= (at + sizeBytes - 1) >>> PAGE_BITS; page++) {
      if ((this.attributes[page] & PERSISTENT) !== 0) return true;
    }
    return false;
  }

  /** Maps whole pages, which hold zeros from now on. Both numbers are multiples of a page, and lie within memory. */
  map(start: number, sizeBytes: number, attributes: number): void {
    this.unmap(start, sizeBytes);
    this.setAttributes(start, sizeBytes, () => attributes | MAPPED);
  }

  unmap(start: number, sizeBytes: number): void {
    for (let page = start >>> PAGE_BITS; page < (start + sizeBytes) >>> PAGE_BITS; page++) {
      if (this.attributes[page] === 0) continue;
      this.prepareStore(page * PAGE_BYTES, PAGE_BYTES);
      this.bytes.fill(0, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
    }
    this.setAttributes(start, sizeBytes, () => 0);
  }

  /** Changes what is allowed on pages that are mapped. */
  protect(start: number, sizeBytes: number, rights: number): void {
    const all = READABLE | WRITABLE | EXECUTABLE;
    this.setAttributes(start, sizeBytes, (before) => (before & ~all) | rights | MAPPED);
  }

  /** Whether every page of the range is mapped. */
  isMapped(start: number, sizeBytes: number): boolean {
    const end = Math.ceil((start + sizeBytes) / PAGE_BYTES);
    if (end > this.attributes.length) return false;
    for (let page = start >>> PAGE_BITS; page < end; page++) if (this.attributes[page] === 0) return false;
    return true;
  }

  /** Whether the page of an address may be read: a page that allows nothing is not present for the processor. */
  isReadable(address: number): boolean {
    return (this.attributes[address >>> PAGE_BITS] & READABLE) !== 0;
  }

  /** From here on every page that is stored to is kept as it is now, up to `restore`. Replaces an earlier snapshot. */
  takeSnapshot(): void {
    this.kept = {
      pages: new Map(),
      attributes: new Map(),
      own: this.bytes.slice(this.ownAt, this.ownAt + this.keptBytes),
    };
    for (let page = 0; page < this.attributes.length; page++) {
      if (this.attributes[page] !== 0) this.attributes[page] |= KEPT;
    }
  }

  /** Goes back to the snapshot; it can be gone back to again. Costs what was changed. */
  restore(): void {
    const { kept } = this;
    if (kept === undefined) throw new Error('there is no snapshot to go back to');
    for (const pages of [kept.attributes, kept.pages]) {
      for (const page of pages.keys()) if ((this.attributes[page] & TRANSLATED) !== 0) this.beforeStore(page);
    }
    for (const [page, attributes] of kept.attributes) {
      if (attributes === 0) this.bytes.fill(0, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
      this.attributes[page] = attributes;
    }
    for (const [page, contents] of kept.pages) {
      this.bytes.set(contents, page * PAGE_BYTES);
      this.attributes[page] |= KEPT;
    }
    kept.pages.clear();
    kept.attributes.clear();
    this.bytes.set(kept.own, this.ownAt);
  }

  private keep(page: number): void {
    this.kept?.pages.set(page, this.bytes.slice(page * PAGE_BYTES, (page + 1) * PAGE_BYTES));
    this.attributes[page] &= ~KEPT;
  }

  private setAttributes(start: number, sizeBytes: number, of: (before: number) => number): void {
    for (let page = start >>> PAGE_BITS; page < (start + sizeBytes) >>> PAGE_BITS; page++) {
      const before = this.attributes[page];
      const after = of(before);
      if (after === before) continue;
      if (this.kept !== undefined && !this.kept.attributes.has(page)) {
        // A page that is not stored to keeps its contents, and its mark.
        this.kept.attributes.set(page, before === 0 ? 0 : (before & ~TRANSLATED) | KEPT);
      }
      if ((before & TRANSLATED) !== 0) this.beforeStore(page);
      this.attributes[page] = after & ~TRANSLATED;
    }
  }
}

interface Kept {
  /** Pages as they were, for those stored to since. */
  readonly pages: Map<number, Uint8Array>;
  /** Attributes of pages that were mapped, unmapped or protected since, as they were. */
  readonly attributes: Map<number, number>;
  /** The processor’s own area. */
  readonly own: Uint8Array;
}
