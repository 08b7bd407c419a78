import { CowTree, type Leaf, type Owner } from './cow-tree.ts';
import { Digest } from './digest.ts';

const PAGE_BYTES = 512;
const PAGE_WORDS = PAGE_BYTES / 4;

interface Page extends Leaf {
  words: Int32Array;
}

const newPage = (owner: Owner): Page => ({ owner, words: new Int32Array(PAGE_WORDS) });
const copyPage = (page: Page, owner: Owner): Page => ({ owner, words: page.words.slice() });

/**
 * Sparse copy-on-write memory, zero where it was never written, addresses below 2^53. Forking costs the same for any
 * size; the digest of the contents is kept current by each write.
 */
export class CowBytes {
  /** Digest of the contents; to be read only. */
  readonly digest = new Digest();
  private readonly tree: CowTree<Page>;
  private pageIndex = -1; // the page last used, so that neighbours cost no walk
  private page: Page | undefined;

  constructor(tree: CowTree<Page> = new CowTree(newPage, copyPage)) {
    this.tree = tree;
  }

  fork(): CowBytes {
    const fork = new CowBytes(this.tree.fork());
    fork.digest.set(this.digest);
    return fork;
  }

  /** The little-endian 32-bit word at an address that is a multiple of 4, as a signed number. */
  word(address: number): number {
    const index = Math.floor(address / PAGE_BYTES);
    if (index !== this.pageIndex) this.turnTo(index);
    return this.page === undefined ? 0 : this.page.words[(address % PAGE_BYTES) >> 2];
  }

  /** Writes the 8 bytes at an address that is a multiple of 8. */
  writeAtom(address: number, low: number, high: number): void {
    const index = Math.floor(address / PAGE_BYTES);
    if (index !== this.pageIndex) this.turnTo(index);
    let page = this.page;
    const at = (address % PAGE_BYTES) >> 2;
    const oldLow = page === undefined ? 0 : page.words[at];
    const oldHigh = page === undefined ? 0 : page.words[at + 1];
    if (oldLow === low && oldHigh === high) return;
    if (page === undefined || !this.tree.owns(page)) {
      page = this.tree.own(index);
      this.page = page;
    }
    this.digest.toggleAtom(address, oldLow, oldHigh);
    this.digest.toggleAtom(address, low, high);
    page.words[at] = low;
    page.words[at + 1] = high;
  }

  byte(address: number): number {
    return (this.word(address - (address % 4)) >>> ((address % 4) * 8)) & 0xff;
  }

  /** A copy of the bytes from an address on. */
  read(address: number, lengthBytes: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(lengthBytes);
    this.readInto(address, bytes);
    return bytes;
  }

  /** Fills `target` with the bytes from an address on; pages never written cost nothing but the zeroing. */
  readInto(address: number, target: Uint8Array): void {
    target.fill(0);
    const end = address + target.length;
    const first = Math.floor(address / PAGE_BYTES);
    for (const [index, page] of this.tree.leaves(first, Math.floor((end - 1) / PAGE_BYTES))) {
      const base = index * PAGE_BYTES;
      const from = Math.max(address, base);
      const to = Math.min(end, base + PAGE_BYTES);
      const bytes = new Uint8Array(page.words.buffer, page.words.byteOffset + from - base, to - from);
      target.set(bytes, from - address);
    }
  }

  /** Writes any number of bytes at any address. */
  write(address: number, bytes: Uint8Array): void {
    const end = address + bytes.length;
    for (let atom = address - (address % 8); atom < end; atom += 8) {
      const halves = [this.word(atom), this.word(atom + 4)] as [number, number];
      const from = Math.max(address, atom);
      const to = Math.min(end, atom + 8);
      for (let at = from; at < to; at++) {
        const half = at - atom < 4 ? 0 : 1;
        const shift = ((at - atom) % 4) * 8;
        halves[half] = (halves[half] & ~(0xff << shift)) | (bytes[at - address] << shift);
      }
      this.writeAtom(atom, halves[0], halves[1]);
    }
  }

  /** The pages that were ever written, in order: where each begins, and its words. To be read only. */
  *pages(): Generator<[address: number, words: Int32Array]> {
    for (const [index, { words }] of this.tree.leaves()) yield [index * PAGE_BYTES, words];
  }

  private turnTo(index: number): void {
    this.pageIndex = index;
    this.page = this.tree.find(index);
  }
}
