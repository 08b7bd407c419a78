import { type ClassHash, classDigest, type Digestible } from '../kernel/class-digest.ts';
import type { Digest } from '../kernel/digest.ts';

const CHUNK_BITS = 5;
const CHUNK = 1 << CHUNK_BITS;

interface Chunk {
  owner: object;
  contents: string[];
  /** Of the contents; undefined since they changed. */
  digest: Digest | undefined;
}

/** What a block holds that has an uncorrectable error. */
export const UNREADABLE = '';

/**
 * Memory in blocks. The contents of a block are immutable (hexadecimal digits, `UNREADABLE` after an uncorrectable
 * error), so copying a block copies a reference, whatever its size, and a fork copies one reference for 32 blocks.
 */
export class BlockStore implements Digestible {
  private owner = {};

  private constructor(
    /** How many blocks. */
    readonly size: number,
    private readonly chunks: Chunk[],
    /** How many of them are unreadable. */
    private unreadable: number,
  ) {}

  /** A store of so many blocks, all with these contents. */
  static filled(size: number, contents: string): BlockStore {
    const chunks = Array.from({ length: Math.ceil(size / CHUNK) }, (_, at) => ({
      owner: {},
      contents: new Array<string>(Math.min(CHUNK, size - at * CHUNK)).fill(contents),
      digest: undefined,
    }));
    return new BlockStore(size, chunks, contents === UNREADABLE ? size : 0);
  }

  fork(): BlockStore {
    this.owner = {};
    return new BlockStore(this.size, this.chunks.slice(), this.unreadable);
  }

  get(block: number): string {
    return this.chunks[block >> CHUNK_BITS].contents[block & (CHUNK - 1)];
  }

  set(block: number, contents: string): void {
    if (!(block < this.size)) throw new RangeError(`block ${block} of ${this.size}`);
    let chunk = this.chunks[block >> CHUNK_BITS];
    if (chunk.owner !== this.owner) {
      chunk = { owner: this.owner, contents: chunk.contents.slice(), digest: undefined };
      this.chunks[block >> CHUNK_BITS] = chunk;
    }
    chunk.digest = undefined;
    const at = block & (CHUNK - 1);
    this.unreadable += Number(contents === UNREADABLE) - Number(chunk.contents[at] === UNREADABLE);
    chunk.contents[at] = contents;
  }

  /** The first block that cannot be read; undefined, at no cost, where all can. */
  firstUnreadable(): number | undefined {
    let block = 0;
    while (this.unreadable > 0 && this.get(block) !== UNREADABLE) block++;
    return this.unreadable > 0 ? block : undefined;
  }

  digestInto(hash: ClassHash): void {
    for (const chunk of this.chunks) {
      chunk.digest ??= classDigest(chunk.contents);
      hash.digested(chunk.digest);
    }
  }

  /** The contents of all blocks. */
  toJSON(): readonly string[] {
    return this.chunks.flatMap(({ contents }) => contents);
  }
}

/** The contents of a block after bytes were written into it. */
export const patched = (contents: string, offsetBytes: number, data: string): string =>
  contents.slice(0, offsetBytes * 2) + data + contents.slice(offsetBytes * 2 + data.length);
