import { ByteReader, MalformedDebugData } from './byte-reader.ts';
import { type Encoding, readForm, type TextSections } from './forms.ts';
import type { Unit } from './units.ts';

/** What a line-number program begins with (DWARF 5, section 6.2.4), and the program itself. */
export interface LineHeader {
  readonly addressBytes: number;
  readonly minimumInstructionBytes: number;
  readonly operationsPerInstruction: number;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** Numbers of operands of the standard opcodes, that of opcode 1 first. */
  readonly operandCounts: Uint8Array;
  /** Paths by the number that the program uses: from 0 in version 5, from 1 before. */
  readonly files: string[];
  readonly directories: readonly string[];
  readonly program: ByteReader;
}

const OLDEST = 2;
const NEWEST = 5;
/** Kinds of content of the tables of version 5. */
const PATH = 1;
const DIRECTORY = 2;

/** Throws `MalformedDebugData`. */
export function readLineHeader({ contents, offsetBytes }: Unit, texts: TextSections): LineHeader {
  const unit = new ByteReader(contents);
  const version = unit.u16();
  if (version < OLDEST || version > NEWEST) throw new MalformedDebugData(`line table of version ${version}`);
  const addressBytes = version === 5 ? unit.u8() : 8;
  if (version === 5) unit.skip(1); // segment selectors
  const headerBytes = unit.unsigned(offsetBytes);
  const programAt = unit.at + headerBytes;
  const minimumInstructionBytes = unit.u8();
  const operationsPerInstruction = version >= 4 ? unit.u8() : 1;
  unit.skip(1); // whether rows begin as statements
  const lineBase = unit.i8();
  const lineRange = unit.u8();
  const opcodeBase = unit.u8();
  if (lineRange === 0 || operationsPerInstruction === 0 || opcodeBase === 0) {
    throw new MalformedDebugData('line table with a step of 0');
  }
  const operandCounts = unit.part(opcodeBase - 1).bytes;
  const encoding = { version, addressBytes, offsetBytes };
  const tables = version === 5 ? readTables(unit, encoding, texts) : readOldTables(unit);
  unit.at = programAt;
  return {
    addressBytes,
    minimumInstructionBytes,
    operationsPerInstruction,
    lineBase,
    lineRange,
    opcodeBase,
    operandCounts,
    ...tables,
    program: unit.part(unit.bytes.length - programAt),
  };
}

/** A path below its directory, which is left out where it is that of the compilation. */
const pathOf = (directory: string | undefined, path: string): string => {
  const below = directory === undefined || path.startsWith('/') ? path : `${directory}/${path}`;
  return below.replace(/^(\.\/)+/, '').replace(/\/(\.\/)+/g, '/');
};

type Tables = Pick<LineHeader, 'directories' | 'files'>;

function readOldTables(unit: ByteReader): Tables {
  const directories = [''];
  for (let path = unit.text(); path !== ''; path = unit.text()) directories.push(path);
  const files = [''];
  for (let path = unit.text(); path !== ''; path = unit.text()) {
    files.push(readOldFile(unit, path, directories));
  }
  return { directories, files };
}

/** What follows the name of a file in versions 2 to 4: its directory, time and size. */
export function readOldFile(unit: ByteReader, path: string, directories: readonly string[]): string {
  const directory = unit.uleb();
  unit.uleb();
  unit.uleb();
  return pathOf(directory === 0 ? undefined : directories[directory], path);
}

function readTables(unit: ByteReader, encoding: Encoding, texts: TextSections): Tables {
  const directories = readEntries(unit, encoding, texts).map(({ path }) => path);
  const files = readEntries(unit, encoding, texts).map(({ path, directory }) =>
    pathOf(directory === 0 ? undefined : directories[directory], path),
  );
  return { directories, files };
}

function readEntries(
  unit: ByteReader,
  encoding: Encoding,
  texts: TextSections,
): { path: string; directory: number }[] {
  const formats = Array.from({ length: unit.u8() }, () => ({ content: unit.uleb(), form: unit.uleb() }));
  const count = unit.uleb();
  if (count > unit.bytes.length) throw new MalformedDebugData(`table of ${count} entries`);
  return Array.from({ length: count }, () => {
    const entry = { path: '', directory: 0 };
    for (const { content, form } of formats) {
      const value = readForm(unit, form, encoding, texts);
      if (content === PATH && typeof value === 'string') entry.path = value;
      if (content === DIRECTORY && typeof value === 'number') entry.directory = value;
    }
    return entry;
  });
}
