import { type GuestMemory, PAGE_BYTES, PERSISTENT } from '../../processor/memory.ts';
import { OPERATION_KINDS, type OperationKind, type Operations } from '../../processor/operations.ts';
import type { Processor } from '../../processor/processor.ts';
import { SystemError } from './errno.ts';
import type { PersistentFileSpec } from './program-spec.ts';
import { pieces } from './user-memory.ts';

const LINE_BYTES = 64;

/** Where on the NVDIMM, which is at a fixed place in the guest's addresses, a file has its room. */
export interface Room {
  /** The path at which the file can be made. */
  readonly path: string;
  /** Of its first page. */
  readonly address: number;
  readonly capacityBytes: number;
}

/** What changes while a program runs, as plain data. */
export interface AreaState {
  /** Of each page: how many mappings reach it. */
  readonly references: Uint16Array;
  /** Of each page: what the program may do with it as far as the file has it. */
  readonly rights: Uint8Array;
  /** Of each line: whether it was stored to since it was flushed. */
  readonly dirty: Uint8Array;
}

/**
 * The NVDIMM of a guest. Its pages are guest memory, behind the volatile part, each file in a room of its own that is there
 * whether or not the program maps it: so that all mappings show the same bytes, and reading and writing by system calls
 * sees and makes the same contents as loads and stores. A file that is mapped appears in its room, at the same address each
 * time.
 *
 * `write` to such a file stores its bytes to the cache, in pieces of up to 8; `fsync`, `fdatasync` and `msync` are a `clwb`
 * of every line in question that was stored to since it was flushed, and an `sfence`. Names and sizes of files are durable
 * at once: the file system's own journal is not what is tested.
 */
export class PersistentArea {
  readonly rooms: readonly Room[];
  readonly sizeBytes: number;
  private readonly memory: GuestMemory;

  constructor(
    private readonly processor: Processor,
    readonly address: number,
    files: ReadonlyMap<string, PersistentFileSpec>,
  ) {
    this.memory = processor.memory;
    let at = address;
    this.rooms = [...files].map(([path, { capacityBytes }]) => {
      const room = { path, address: at, capacityBytes };
      at += roundedToPages(capacityBytes);
      return room;
    });
    this.sizeBytes = at - address;
    this.memory.map(address, this.sizeBytes, PERSISTENT);
  }

  makeState(): AreaState {
    const pages = this.sizeBytes / PAGE_BYTES;
    return {
      references: new Uint16Array(pages),
      rights: new Uint8Array(pages),
      dirty: new Uint8Array(this.sizeBytes / LINE_BYTES),
    };
  }

  /** Room at which a file of this path can be made. */
  roomOf(path: string): number | undefined {
    const index = this.rooms.findIndex((room) => room.path === path);
    return index < 0 ? undefined : index;
  }

  holds(address: number, sizeBytes = 1): boolean {
    return address + sizeBytes > this.address && address < this.address + this.sizeBytes;
  }

  read(room: number, offset: number, sizeBytes: number): Uint8Array {
    const at = this.rooms[room].address + offset;
    return this.memory.bytes.slice(at, at + sizeBytes);
  }

  /** Stores bytes, as the kernel does for `write`. Throws ENOSPC. */
  write(room: number, offset: number, bytes: Uint8Array): void {
    const { address, capacityBytes } = this.rooms[room];
    if (offset + bytes.length > capacityBytes) throw new SystemError('ENOSPC');
    for (const piece of pieces(address + offset, bytes)) {
      this.memory.prepareStore(piece.address, piece.sizeBytes);
      this.memory.bytes.set(
        bytes.subarray(piece.address - address - offset).subarray(0, piece.sizeBytes),
        piece.address,
      );
      this.record('store', piece.address, piece.sizeBytes, piece.value);
    }
  }

  /**
   * Puts contents into a room as if they had always been there. It held `usedBytes` before, and zeros behind the pages of
   * these; pages that hold the same already are left alone.
   */
  put(room: number, contents: Uint8Array, usedBytes: number): void {
    const { address } = this.rooms[room];
    const end = address + roundedToPages(Math.max(contents.length, usedBytes));
    for (let page = address; page < end; page += PAGE_BYTES) {
      const fresh = pageOf(contents, page - address);
      const present = new Int32Array(this.memory.bytes.buffer, page, PAGE_BYTES / 4);
      let word = 0;
      while (word < present.length && present[word] === fresh[word]) word++;
      if (word === present.length) continue;
      this.memory.prepareStore(page, PAGE_BYTES);
      present.set(fresh);
    }
  }

  /** Zeros from `from` up to the end of the room, durably: what a file system does before it gives blocks to a file anew. */
  clear(state: AreaState, room: number, from: number): void {
    const { address, capacityBytes } = this.rooms[room];
    const first = address + from - (from % 8);
    const { view } = this.memory;
    let isCleared = false;
    for (let at = first; at < address + capacityBytes; at += 8) {
      if (view.getBigUint64(at, true) === 0n) continue;
      const offset = Math.max(at - address, from);
      const zeros = new Uint8Array(Math.min(at + 8 - address, capacityBytes) - offset);
      this.write(room, offset, zeros);
      isCleared = true;
    }
    if (isCleared) this.sync(state, address + from, capacityBytes - from);
  }

  /** Flushes what is dirty in a range of addresses, and fences. */
  sync(state: AreaState, address: number, sizeBytes: number): void {
    this.processor.operations.drain(); // so that `dirty` is up to date
    const first = Math.floor((address - this.address) / LINE_BYTES);
    const end = Math.ceil((address + sizeBytes - this.address) / LINE_BYTES);
    for (let line = first; line < end; line++) {
      if (state.dirty[line] !== 0) this.record('clwb', this.address + line * LINE_BYTES, 0, 0n);
    }
    this.record('sfence', 0, 0, 0n);
  }

  /** Notes which lines records of operations make dirty and clean. */
  note(state: AreaState, records: Operations): void {
    for (let place = 0; place < records.count; place++) {
      // Where every store is recorded, most are elsewhere: no record has more than 8 bytes.
      if (!this.holds(records.addressOf(place), 8)) continue;
      const { kind, address, sizeBytes } = records.record(place);
      if (kind === 'load' || kind === 'load, upper half') continue;
      if (!this.holds(address, Math.max(1, sizeBytes))) continue;
      const isFlush = kind === 'clwb' || kind === 'clflushopt' || kind === 'clflush';
      const last = Math.max(address, address + sizeBytes - 1);
      for (let at = address; at <= last; at += LINE_BYTES - (at % LINE_BYTES)) {
        state.dirty[Math.floor((at - this.address) / LINE_BYTES)] = isFlush ? 0 : 1;
      }
    }
  }

  /** Maps a part of a file, whole pages, and returns its address. Throws ENOSPC beyond its room. */
  map(state: AreaState, room: number, file: FileExtent, range: FileRange, rights: number): number {
    const { address, capacityBytes } = this.rooms[room];
    if (range.offset + range.sizeBytes > roundedToPages(capacityBytes)) throw new SystemError('ENOSPC');
    const first = (address + range.offset - this.address) / PAGE_BYTES;
    for (let page = first; page < first + range.sizeBytes / PAGE_BYTES; page++) {
      state.references[page]++;
      state.rights[page] = rights;
    }
    this.allow(state, room, file);
    return address + range.offset;
  }

  /** Takes one mapping from each page in the range. */
  unmap(state: AreaState, address: number, sizeBytes: number): void {
    this.eachPage(address, sizeBytes, (page) => {
      if (state.references[page] === 0) return;
      if (--state.references[page] > 0) return;
      state.rights[page] = 0;
      this.memory.protect(this.address + page * PAGE_BYTES, PAGE_BYTES, 0);
    });
  }

  protect(state: AreaState, address: number, sizeBytes: number, rights: number): void {
    this.eachPage(address, sizeBytes, (page) => {
      if (state.references[page] === 0) throw new SystemError('ENOMEM');
      state.rights[page] = rights;
    });
  }

  /** Whether a mapping reaches this address, be it beyond the end of the file. */
  isMapped(state: AreaState, address: number): boolean {
    return this.holds(address) && state.references[Math.floor((address - this.address) / PAGE_BYTES)] > 0;
  }

  /** What the program may do with a page that is mapped, as far as the file has it. */
  rightsAt(state: AreaState, address: number): number {
    return state.rights[(address - this.address) / PAGE_BYTES];
  }

  isRoomMapped(state: AreaState, room: number): boolean {
    const { address, capacityBytes } = this.rooms[room];
    let isMapped = false;
    this.eachPage(address, roundedToPages(capacityBytes), (page) => {
      isMapped ||= state.references[page] > 0;
    });
    return isMapped;
  }

  /** Lets the program reach those mapped pages that the file has, and no other. */
  allow(state: AreaState, room: number, { sizeBytes }: FileExtent): void {
    const { address, capacityBytes } = this.rooms[room];
    const pages = roundedToPages(capacityBytes) / PAGE_BYTES;
    const first = (address - this.address) / PAGE_BYTES;
    for (let page = 0; page < pages; page++) {
      if (state.references[first + page] === 0) continue;
      const rights = page * PAGE_BYTES < sizeBytes ? state.rights[first + page] : 0;
      this.memory.protect(address + page * PAGE_BYTES, PAGE_BYTES, rights);
    }
  }

  private eachPage(address: number, sizeBytes: number, visit: (page: number) => void): void {
    const first = Math.max(address, this.address);
    const end = Math.min(address + sizeBytes, this.address + this.sizeBytes);
    for (let at = first; at < end; at += PAGE_BYTES) visit((at - this.address) / PAGE_BYTES);
  }

  private record(kind: OperationKind, address: number, sizeBytes: number, data: bigint): void {
    const { operations, instructionPointer, instructions } = this.processor;
    operations.push(
      OPERATION_KINDS.indexOf(kind),
      address,
      sizeBytes,
      data,
      instructionPointer,
      instructions % 2 ** 32,
    );
  }
}

/** A page of contents, with zeros behind their end. */
function pageOf(contents: Uint8Array, offset: number): Int32Array {
  const at = contents.byteOffset + offset;
  if (offset + PAGE_BYTES <= contents.length && at % 4 === 0) {
    return new Int32Array(contents.buffer, at, PAGE_BYTES / 4);
  }
  const page = new Uint8Array(PAGE_BYTES);
  page.set(contents.subarray(offset, offset + PAGE_BYTES));
  return new Int32Array(page.buffer);
}

export interface FileExtent {
  readonly sizeBytes: number;
}

/** Whole pages of a file. */
export interface FileRange {
  readonly offset: number;
  readonly sizeBytes: number;
}

export const roundedToPages = (sizeBytes: number): number => Math.ceil(sizeBytes / PAGE_BYTES) * PAGE_BYTES;
