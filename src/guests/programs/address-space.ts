import { EXECUTABLE, type GuestMemory, PAGE_BYTES, READABLE, WRITABLE } from '../../processor/memory.ts';
import { SystemError } from './errno.ts';
import type { RegularFile } from './nodes.ts';
import { roundedToPages } from './persistent-area.ts';

/** No program is mapped below: a null pointer with an offset faults. As `vm.mmap_min_addr` of Linux. */
export const LOWEST_ADDRESS = 0x10000;

const PROT_READ = 1;
const PROT_WRITE = 2;
const PROT_EXEC = 4;

/** A file in volatile memory that is mapped. */
export interface FileMapping {
  readonly address: number;
  readonly sizeBytes: number;
  readonly file: RegularFile;
  readonly fileOffset: number;
  readonly isShared: boolean;
  readonly rights: number;
}

/** What changes while a program runs, as plain data. Which pages are mapped is in the attributes of memory. */
export interface SpaceState {
  /** The program break: where it began, and where it is. */
  readonly breakStart: number;
  break: number;
  mappings: readonly FileMapping[];
}

/** Rights that PROT bits mean: on this processor all that may be written or executed may be read. */
export const rightsOf = (protection: number): number => {
  const isReadable = (protection & (PROT_READ | PROT_WRITE | PROT_EXEC)) !== 0;
  return (
    (isReadable ? READABLE : 0) |
    ((protection & PROT_WRITE) !== 0 ? WRITABLE : 0) |
    ((protection & PROT_EXEC) !== 0 ? EXECUTABLE : 0)
  );
};

/**
 * Volatile memory of a program: what it maps, unmaps and protects. New mappings are put as high as they fit below the
 * stack; addresses that a program merely proposes are ignored. So addresses depend on nothing but what the program does.
 */
export class AddressSpace {
  constructor(
    private readonly memory: GuestMemory,
    /** Behind the last address that a mapping may have. */
    private readonly top: number,
  ) {}

  /** Sets the program break, if there is room; returns where it is then. */
  setBreak(state: SpaceState, address: bigint): number {
    if (address < BigInt(state.breakStart) || address > BigInt(this.top)) return state.break;
    const before = roundedToPages(state.break);
    const after = roundedToPages(Number(address));
    if (after > before) {
      if (!this.isFree(before, after - before)) return state.break;
      this.memory.map(before, after - before, READABLE | WRITABLE);
    } else if (after < before) this.memory.unmap(after, before - after);
    state.break = Number(address);
    return state.break;
  }

  /** Address of so many free bytes: the highest one. Throws ENOMEM. */
  find(sizeBytes: number): number {
    const { attributes } = this.memory;
    let end = this.top / PAGE_BYTES;
    const pages = sizeBytes / PAGE_BYTES;
    for (let page = end - 1; page >= LOWEST_ADDRESS / PAGE_BYTES; page--) {
      if (attributes[page] !== 0) end = page;
      else if (end - page === pages) return page * PAGE_BYTES;
    }
    throw new SystemError('ENOMEM');
  }

  isFree(address: number, sizeBytes: number): boolean {
    if (address < LOWEST_ADDRESS || address + sizeBytes > this.top) return false;
    const { attributes } = this.memory;
    const end = (address + sizeBytes) / PAGE_BYTES;
    for (let page = address / PAGE_BYTES; page < end; page++) if (attributes[page] !== 0) return false;
    return true;
  }

  /** Whether a fixed mapping may lie there. */
  isWithin(address: number, sizeBytes: number): boolean {
    return address >= LOWEST_ADDRESS && address + sizeBytes <= this.top;
  }

  mapAnonymous(state: SpaceState, address: number, sizeBytes: number, rights: number): void {
    this.unmap(state, address, sizeBytes);
    this.memory.map(address, sizeBytes, rights);
  }

  /** Throws EOPNOTSUPP for a second shared mapping of the same bytes that could be told from the first. */
  mapFile(state: SpaceState, mapping: FileMapping): void {
    this.unmap(state, mapping.address, mapping.sizeBytes);
    this.expectOnce(state, mapping);
    state.mappings = [...state.mappings, mapping];
    this.memory.map(mapping.address, mapping.sizeBytes, mapping.rights);
    this.show(mapping);
    this.allow(mapping);
  }

  /** Throws as `mapFile` would for a mapping that takes the place of another. */
  expectOnce(state: SpaceState, mapping: FileMapping, replaced?: FileMapping): void {
    const isTwice = state.mappings.some(
      (other) =>
        other !== replaced &&
        other.isShared &&
        mapping.isShared &&
        other.file === mapping.file &&
        ((other.rights | mapping.rights) & WRITABLE) !== 0 &&
        other.fileOffset < mapping.fileOffset + mapping.sizeBytes &&
        mapping.fileOffset < other.fileOffset + other.sizeBytes,
    );
    if (isTwice) throw new SystemError('EOPNOTSUPP');
  }

  /** Makes a mapping longer, where the pages behind it are free. Throws as `mapFile`. */
  extendFile(state: SpaceState, mapping: FileMapping, moreBytes: number): void {
    const longer = { ...mapping, sizeBytes: mapping.sizeBytes + moreBytes };
    const more = {
      ...mapping,
      address: mapping.address + mapping.sizeBytes,
      sizeBytes: moreBytes,
      fileOffset: mapping.fileOffset + mapping.sizeBytes,
    };
    this.expectOnce(state, longer, mapping);
    this.collect(state, mapping.file);
    this.memory.map(more.address, more.sizeBytes, more.rights);
    this.show(more);
    state.mappings = state.mappings.map((other) => (other === mapping ? longer : other));
    this.allow(longer);
  }

  unmap(state: SpaceState, address: number, sizeBytes: number): void {
    this.splitMappings(state, address, sizeBytes);
    const end = address + sizeBytes;
    const [inside, outside] = [true, false].map((isInside) =>
      state.mappings.filter((mapping) => (mapping.address >= address && mapping.address < end) === isInside),
    );
    for (const mapping of inside) this.takeBack(mapping);
    if (inside.length > 0) state.mappings = outside;
    this.memory.unmap(address, sizeBytes);
  }

  /** Throws ENOMEM where a page is not mapped. */
  protect(state: SpaceState, address: number, sizeBytes: number, rights: number): void {
    if (!this.memory.isMapped(address, sizeBytes)) throw new SystemError('ENOMEM');
    this.memory.protect(address, sizeBytes, rights);
    if (state.mappings.length === 0) return;
    this.splitMappings(state, address, sizeBytes);
    const end = address + sizeBytes;
    state.mappings = state.mappings.map((mapping) =>
      mapping.address >= address && mapping.address < end ? { ...mapping, rights } : mapping,
    );
    for (const mapping of state.mappings) this.allow(mapping);
  }

  /** Brings a file up to date with what was stored to its shared mappings. */
  collect(state: SpaceState, file: RegularFile): void {
    for (const mapping of state.mappings) if (mapping.file === file) this.takeBack(mapping);
  }

  /** Shows in shared mappings what was written to a file, or which size it got. */
  spread(state: SpaceState, file: RegularFile): void {
    for (const mapping of state.mappings) {
      if (mapping.file !== file) continue;
      if (mapping.isShared) this.show(mapping);
      this.allow(mapping);
    }
  }

  /** The file whose mapping reaches an address. */
  mappingAt({ mappings }: SpaceState, address: number): FileMapping | undefined {
    return mappings.find(
      (mapping) => address >= mapping.address && address < mapping.address + mapping.sizeBytes,
    );
  }

  /** Makes the ends of a range ends of mappings. */
  private splitMappings(state: SpaceState, address: number, sizeBytes: number): void {
    for (const at of [address, address + sizeBytes]) {
      if (!state.mappings.some((mapping) => isInside(mapping, at))) continue;
      state.mappings = state.mappings.flatMap((mapping) => {
        if (!isInside(mapping, at)) return [mapping];
        const first = at - mapping.address;
        return [
          { ...mapping, sizeBytes: first },
          {
            ...mapping,
            address: at,
            sizeBytes: mapping.sizeBytes - first,
            fileOffset: mapping.fileOffset + first,
          },
        ];
      });
    }
  }

  /** Pages behind the end of the file cannot be reached. */
  private allow({ address, sizeBytes, file, fileOffset, rights }: FileMapping): void {
    const there = Math.min(sizeBytes, Math.max(0, roundedToPages(file.sizeBytes - fileOffset)));
    this.memory.protect(address, there, rights);
    this.memory.protect(address + there, sizeBytes - there, 0);
  }

  private show({ address, sizeBytes, file, fileOffset }: FileMapping): void {
    const there = Math.min(sizeBytes, file.sizeBytes - fileOffset);
    if (there <= 0) return;
    this.memory.prepareStore(address, there);
    this.memory.bytes.set(file.bytes.subarray(fileOffset, fileOffset + there), address);
  }

  private takeBack({ address, sizeBytes, file, fileOffset, isShared, rights }: FileMapping): void {
    if (!isShared || (rights & WRITABLE) === 0) return;
    const there = Math.min(sizeBytes, file.sizeBytes - fileOffset);
    if (there > 0) file.bytes.set(this.memory.bytes.subarray(address, address + there), fileOffset);
  }
}

const isInside = ({ address, sizeBytes }: FileMapping, at: number): boolean =>
  at > address && at < address + sizeBytes;
