import { type Abbreviation, readAbbreviations } from './abbreviations.ts';
import { readPairs, readRangeList } from './address-ranges.ts';
import { ByteReader, MalformedDebugData, textAt } from './byte-reader.ts';
import { type Encoding, FORM, readForm, type TextSections } from './forms.ts';
import type { Unit } from './units.ts';

/** The sections that entries refer to; what a file does not have is undefined. */
export interface InformationSections extends TextSections {
  readonly abbreviations: Uint8Array | undefined;
  readonly addresses: Uint8Array | undefined;
  readonly textOffsets: Uint8Array | undefined;
  readonly ranges: Uint8Array | undefined;
  readonly rangeLists: Uint8Array | undefined;
}

/** Attributes of entries (DWARF 5, section 7.5.4). */
export const ATTRIBUTE = {
  name: 0x03,
  statements: 0x10,
  lowAddress: 0x11,
  highAddress: 0x12,
  abstractOrigin: 0x31,
  specification: 0x47,
  ranges: 0x55,
  callFile: 0x58,
  callLine: 0x59,
  textOffsetsBase: 0x72,
  addressesBase: 0x73,
  rangeListsBase: 0x74,
} as const;

/** A value as it stands in an entry; what it means depends on its form. */
export interface Attribute {
  readonly form: number;
  readonly value: number | string | undefined;
}

/** An entry of .debug_info. */
export interface Entry {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: ReadonlyMap<number, Attribute>;
}

const COMPILE = 1;
const PARTIAL = 3;
const SKELETON = 4;
const OLDEST = 2;
const NEWEST = 5;

/** A unit of .debug_info: its entries, and what their values mean. Throws `MalformedDebugData`. */
export class InformationUnit {
  readonly encoding: Encoding;
  /** Of the first entry, in the section. */
  readonly firstEntry: number;
  private readonly abbreviations: ReadonlyMap<number, Abbreviation>;
  private readonly root: Entry | undefined;

  constructor(
    private readonly unit: Unit,
    private readonly sections: InformationSections,
  ) {
    const reader = new ByteReader(unit.contents);
    const { offsetBytes } = unit;
    const version = reader.u16();
    if (version < OLDEST || version > NEWEST) throw new MalformedDebugData(`unit of version ${version}`);
    const type = version === 5 ? reader.u8() : COMPILE;
    if (![COMPILE, PARTIAL, SKELETON].includes(type)) throw new MalformedDebugData(`unit of type ${type}`);
    let addressBytes = version === 5 ? reader.u8() : 0;
    const abbreviationsAt = reader.unsigned(offsetBytes);
    if (version < 5) addressBytes = reader.u8();
    if (type === SKELETON) reader.skip(8);
    this.encoding = { version, addressBytes, offsetBytes };
    this.firstEntry = unit.offset + unit.lengthFieldBytes + reader.at;
    if (sections.abbreviations === undefined) throw new MalformedDebugData('no abbreviations');
    this.abbreviations = readAbbreviations(sections.abbreviations, abbreviationsAt);
    this.root = this.readEntry(this.readerAt(this.firstEntry));
  }

  contains(offset: number): boolean {
    return (
      offset >= this.firstEntry &&
      offset < this.unit.offset + this.unit.lengthFieldBytes + this.unit.contents.length
    );
  }

  /** A reader at an offset of the section. */
  readerAt(offset: number): ByteReader {
    return new ByteReader(this.unit.contents, offset - this.unit.offset - this.unit.lengthFieldBytes);
  }

  /** The entry that the reader is at; undefined where a list of children ends. */
  readEntry(reader: ByteReader): Entry | undefined {
    const code = reader.uleb();
    if (code === 0) return undefined;
    const abbreviation = this.abbreviations.get(code);
    if (abbreviation === undefined) throw new MalformedDebugData(`entry of unknown kind ${code}`);
    const attributes = new Map<number, Attribute>();
    for (const { attribute, form, implicit } of abbreviation.attributes) {
      const value = implicit ?? readForm(reader, form, this.encoding, this.sections);
      attributes.set(attribute, { form, value });
    }
    return { tag: abbreviation.tag, hasChildren: abbreviation.hasChildren, attributes };
  }

  /** A number of an entry that is neither an address nor a reference. */
  number(entry: Entry | undefined, attribute: number): number | undefined {
    const value = entry?.attributes.get(attribute)?.value;
    return typeof value === 'number' ? value : undefined;
  }

  text(entry: Entry, attribute: number): string | undefined {
    const found = entry.attributes.get(attribute);
    if (typeof found?.value !== 'number') return found?.value;
    if (!isOneOf(found.form, FORM.textIndex, FORM.textIndex1, FORM.textIndex4)) return undefined;
    const base = this.number(this.root, ATTRIBUTE.textOffsetsBase) ?? 0;
    return textAt(
      this.sections.strings,
      numberAt(this.sections.textOffsets, base, found.value, this.unit.offsetBytes),
    );
  }

  /** The offset in the section of the entry that an attribute refers to. */
  reference(entry: Entry, attribute: number): number | undefined {
    const found = entry.attributes.get(attribute);
    if (typeof found?.value !== 'number') return undefined;
    if (found.form === FORM.referenceInSection) return found.value;
    return found.form >= FORM.reference1 && found.form <= FORM.referenceUnsigned
      ? this.unit.offset + found.value
      : undefined;
  }

  /** Offset in .debug_line of the lines of this unit. */
  get linesOffset(): number | undefined {
    return this.number(this.root, ATTRIBUTE.statements);
  }

  /** Where the code of an entry lies: pairs of first address and address behind the last. */
  addressRanges(entry: Entry): [from: number, to: number][] {
    const ranges = entry.attributes.get(ATTRIBUTE.ranges);
    if (typeof ranges?.value === 'number') return this.listedRanges(ranges.form, ranges.value);
    const low = this.address(entry, ATTRIBUTE.lowAddress);
    const high = entry.attributes.get(ATTRIBUTE.highAddress);
    if (low === undefined || typeof high?.value !== 'number') return [];
    const to = isAddressForm(high.form) ? this.address(entry, ATTRIBUTE.highAddress)! : low + high.value;
    return [[low, to]];
  }

  private address(entry: Entry | undefined, attribute: number): number | undefined {
    const found = entry?.attributes.get(attribute);
    if (typeof found?.value !== 'number') return undefined;
    return found.form === FORM.address ? found.value : this.indexedAddress(found.value);
  }

  private indexedAddress(index: number): number {
    const base = this.number(this.root, ATTRIBUTE.addressesBase) ?? 0;
    return numberAt(this.sections.addresses, base, index, this.encoding.addressBytes);
  }

  private listedRanges(form: number, value: number): [number, number][] {
    const { version, addressBytes } = this.encoding;
    const base = this.address(this.root, ATTRIBUTE.lowAddress) ?? 0;
    const section = version === 5 ? this.sections.rangeLists : this.sections.ranges;
    if (section === undefined) return [];
    if (version < 5) return readPairs(new ByteReader(section, value), addressBytes, base);
    const offset = form === FORM.rangesIndex ? this.rangeListOffset(value) : value;
    return readRangeList(new ByteReader(section, offset), addressBytes, base, (index) =>
      this.indexedAddress(index),
    );
  }

  private rangeListOffset(index: number): number {
    const base = this.number(this.root, ATTRIBUTE.rangeListsBase) ?? 0;
    return base + numberAt(this.sections.rangeLists, base, index, this.encoding.offsetBytes);
  }
}

const isAddressForm = (form: number): boolean =>
  form === FORM.address || isOneOf(form, FORM.addressIndex, FORM.addressIndex1, FORM.addressIndex4);

const isOneOf = (form: number, single: number, first: number, last: number): boolean =>
  form === single || (form >= first && form <= last);

/** The number with this index of a table that begins at a base. */
function numberAt(section: Uint8Array | undefined, base: number, index: number, sizeBytes: number): number {
  if (section === undefined) throw new MalformedDebugData('an index into a table that is missing');
  return new ByteReader(section, base + index * sizeBytes).unsigned(sizeBytes);
}
