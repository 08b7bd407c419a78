import { ByteReader, textAt } from './byte-reader.ts';

/** A section of an ELF file (System V ABI, chapter 4). */
export interface Section {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  /** Number of the section that holds the names, of a symbol table. */
  readonly link: number;
  /** Empty where the file holds none, or holds them compressed. */
  readonly bytes: Uint8Array;
}

const NO_BITS = 8;
const COMPRESSED = 0x800;
const EMPTY = new Uint8Array();

/** The sections of a 64-bit little-endian ELF file, by number. Throws `MalformedDebugData` where the file ends early. */
export function sectionsOf(file: Uint8Array): Section[] {
  const header = new ByteReader(file, 0x28);
  const tableAt = header.u64();
  header.at = 0x3a;
  const entryBytes = header.u16();
  const count = tableAt === 0 ? 0 : header.u16();
  header.at = 0x3e;
  const namesAt = header.u16();
  const headers = Array.from({ length: count }, (_, number) => {
    const reader = new ByteReader(file, tableAt + number * entryBytes);
    const name = reader.u32();
    const type = reader.u32();
    const flags = reader.u64();
    reader.skip(8);
    const offset = reader.u64();
    const sizeBytes = reader.u64();
    const hasBytes = type !== NO_BITS && (flags & COMPRESSED) === 0;
    const bytes = hasBytes ? new ByteReader(file, offset).part(sizeBytes).bytes : EMPTY;
    return { name, type, flags, link: reader.u32(), bytes };
  });
  return headers.map((one) => ({ ...one, name: textAt(headers[namesAt]?.bytes, one.name) }));
}
