import { mapFile } from '../../hardware/persistent-memory/files.ts';
import { initialMemory } from '../../hardware/persistent-memory/state.ts';

/** A run of virtual addresses behind which lie consecutive bytes of one file. */
export interface Interval {
  readonly start: bigint;
  readonly startHigh: number;
  readonly startLow: number;
  readonly sizeBytes: number;
  /** NVDIMM address of its first byte. */
  readonly address: number;
}

/** A part of a virtual range that is mapped. */
export interface Segment {
  /** Where it begins in the range, in bytes. */
  readonly offset: number;
  readonly sizeBytes: number;
  /** NVDIMM address of its first byte. */
  readonly address: number;
}

const ADDRESSES = 1n << 64n;

/**
 * The address space of a program, as disjoint intervals in ascending order; where mappings overlap, the newest counts.
 * Files get their NVDIMM addresses by the machine's own rule.
 */
export class AddressSpace {
  intervals: readonly Interval[] = [];
  private readonly files = initialMemory();
  private last: Interval | undefined;

  /** Throws `IllegalEvent` for a mapping that the machine refuses. Returns the NVDIMM address of the first mapped byte. */
  map(file: string, base: bigint, sizeBytes: number, fileOffset: number): number {
    mapFile(this.files, { kind: 'file.mapped', file, base, sizeBytes, fileOffset });
    const address = this.files.files.find(({ name }) => name === file)!.address + fileOffset;
    const end = base + BigInt(sizeBytes);
    const others = this.intervals.flatMap((one) => {
      const oneEnd = one.start + BigInt(one.sizeBytes);
      const before = one.start < base ? slice(one, one.start, oneEnd < base ? oneEnd : base) : undefined;
      const after = oneEnd > end ? slice(one, one.start > end ? one.start : end, oneEnd) : undefined;
      return [before, after].filter((part) => part !== undefined);
    });
    this.intervals = [...others, interval(base, sizeBytes, address)].sort((a, b) =>
      a.start < b.start ? -1 : 1,
    );
    this.last = undefined;
    return address;
  }

  /** The interval that holds a virtual address, given in unsigned halves of 32 bits. */
  find(high: number, low: number): Interval | undefined {
    if (this.last !== undefined && within(this.last, high, low)) return this.last;
    let from = 0;
    let to = this.intervals.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const { startHigh, startLow } = this.intervals[middle];
      if (startHigh > high || (startHigh === high && startLow > low)) to = middle;
      else from = middle + 1;
    }
    const found = this.intervals[from - 1];
    if (found === undefined || !within(found, high, low)) return undefined;
    this.last = found;
    return found;
  }

  /** What is mapped of a virtual range, in ascending order; neighbours that are also neighbours in a file are one. */
  segments(start: bigint, sizeBytes: bigint): Segment[] {
    const segments: Segment[] = [];
    const end = start + sizeBytes < ADDRESSES ? start + sizeBytes : ADDRESSES;
    for (const one of this.intervals) {
      const oneEnd = one.start + BigInt(one.sizeBytes);
      if (oneEnd <= start || one.start >= end) continue;
      const part = slice(one, one.start > start ? one.start : start, oneEnd < end ? oneEnd : end);
      const offset = Number(part.start - start);
      const previous = segments.at(-1);
      if (
        previous &&
        previous.offset + previous.sizeBytes === offset &&
        previous.address + previous.sizeBytes === part.address
      ) {
        segments[segments.length - 1] = { ...previous, sizeBytes: previous.sizeBytes + part.sizeBytes };
      } else {
        segments.push({ offset, sizeBytes: part.sizeBytes, address: part.address });
      }
    }
    return segments;
  }

  /** A virtual address of an NVDIMM address; undefined where it is not mapped, or no longer. */
  virtual(address: number): bigint | undefined {
    const holds = (one: Interval): boolean => address >= one.address && address < one.address + one.sizeBytes;
    const found = this.last !== undefined && holds(this.last) ? this.last : this.intervals.find(holds);
    if (found === undefined) return undefined;
    this.last = found;
    return found.start + BigInt(address - found.address);
  }
}

/** How far a virtual address lies behind the start of an interval; wildly wrong, but never inside, when it is far away. */
export const distance = ({ startHigh, startLow }: Interval, high: number, low: number): number =>
  (high - startHigh) * 4294967296 + (low - startLow);

function within(one: Interval, high: number, low: number): boolean {
  const offset = distance(one, high, low);
  return offset >= 0 && offset < one.sizeBytes;
}

const interval = (start: bigint, sizeBytes: number, address: number): Interval => ({
  start,
  startHigh: Number(start >> 32n),
  startLow: Number(start & 0xffffffffn),
  sizeBytes,
  address,
});

const slice = (one: Interval, from: bigint, to: bigint): Interval =>
  interval(from, Number(to - from), one.address + Number(from - one.start));
