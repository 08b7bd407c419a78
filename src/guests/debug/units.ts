import { ByteReader, MalformedDebugData } from './byte-reader.ts';

/** A unit of a section of debug information (DWARF 5, section 7.4). */
export interface Unit {
  /** Of its first byte in the section, which is the first of its length. */
  readonly offset: number;
  /** Numbers of bytes of that length, and of offsets into sections. */
  readonly lengthFieldBytes: 4 | 12;
  readonly offsetBytes: 4 | 8;
  /** What follows the length. */
  readonly contents: Uint8Array;
}

/** All units up to the end, or up to one that reaches beyond it. */
export function unitsOf(section: Uint8Array | undefined): Unit[] {
  const units: Unit[] = [];
  if (section === undefined) return units;
  const reader = new ByteReader(section);
  try {
    while (!reader.isAtEnd) {
      const offset = reader.at;
      const first = reader.u32();
      const isWide = first === 0xffff_ffff;
      const contents = reader.part(isWide ? reader.u64() : first).bytes;
      units.push({ offset, lengthFieldBytes: isWide ? 12 : 4, offsetBytes: isWide ? 8 : 4, contents });
    }
  } catch (error) {
    if (!(error instanceof MalformedDebugData)) throw error;
  }
  return units;
}

/** What a reading gives, or undefined where the data is damaged. */
export function orUnknown<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedDebugData) return undefined;
    throw error;
  }
}
