import { type ByteReader, MalformedDebugData, textAt } from './byte-reader.ts';

/** The sections of texts that values of attributes lie in. */
export interface TextSections {
  readonly strings: Uint8Array | undefined;
  readonly lineStrings: Uint8Array | undefined;
}

/** What the sizes of values depend on: numbers of bytes of addresses and of offsets into sections; version of DWARF. */
export interface Encoding {
  readonly version: number;
  readonly addressBytes: number;
  readonly offsetBytes: number;
}

/** Forms of values (DWARF 5, section 7.5.6) whose meaning depends on more than their bytes. */
export const FORM = {
  address: 0x01,
  referenceInSection: 0x10,
  reference1: 0x11,
  reference2: 0x12,
  reference4: 0x13,
  reference8: 0x14,
  referenceUnsigned: 0x15,
  indirect: 0x16,
  textIndex: 0x1a,
  addressIndex: 0x1b,
  implicit: 0x21,
  rangesIndex: 0x23,
  textIndex1: 0x25,
  textIndex4: 0x28,
  addressIndex1: 0x29,
  addressIndex4: 0x2c,
} as const;

/**
 * Reads the value of a form: texts as text, blocks as undefined, all others as the number that stands there (an offset, an
 * index, a reference relative to its unit). Throws `MalformedDebugData` for a form that no version of DWARF has.
 */
export function readForm(
  reader: ByteReader,
  form: number,
  encoding: Encoding,
  texts: TextSections,
): number | string | undefined {
  const { addressBytes, offsetBytes } = encoding;
  switch (form) {
    case FORM.address:
      return reader.unsigned(addressBytes);
    case 0x03: // block2
      return skip(reader, reader.u16());
    case 0x04: // block4
      return skip(reader, reader.u32());
    case 0x09: // block
    case 0x18: // exprloc
      return skip(reader, reader.uleb());
    case 0x0a: // block1
      return skip(reader, reader.u8());
    case 0x1e: // data16
      return skip(reader, 16);
    case 0x08: // string
      return reader.text();
    case 0x0e: // strp
      return textAt(texts.strings, reader.unsigned(offsetBytes));
    case 0x1f: // line_strp
      return textAt(texts.lineStrings, reader.unsigned(offsetBytes));
    case 0x0b: // data1
    case 0x0c: // flag
    case FORM.reference1:
    case FORM.textIndex1:
    case FORM.addressIndex1:
      return reader.u8();
    case 0x05: // data2
    case FORM.reference2:
    case FORM.textIndex1 + 1:
    case FORM.addressIndex1 + 1:
      return reader.u16();
    case FORM.textIndex1 + 2:
    case FORM.addressIndex1 + 2:
      return reader.u24();
    case 0x06: // data4
    case FORM.reference4:
    case 0x1c: // ref_sup4
    case FORM.textIndex4:
    case FORM.addressIndex4:
      return reader.u32();
    case 0x07: // data8
    case FORM.reference8:
    case 0x20: // ref_sig8
    case 0x24: // ref_sup8
      return reader.u64();
    case 0x0d: // sdata
      return reader.sleb();
    case 0x0f: // udata
    case FORM.referenceUnsigned:
    case FORM.textIndex:
    case FORM.addressIndex:
    case 0x22: // loclistx
    case FORM.rangesIndex:
      return reader.uleb();
    case FORM.referenceInSection:
      return reader.unsigned(encoding.version === 2 ? addressBytes : offsetBytes);
    case 0x17: // sec_offset
    case 0x1d: // strp_sup
    case 0x1f20: // GNU_ref_alt
    case 0x1f21: // GNU_strp_alt
      return reader.unsigned(offsetBytes);
    case 0x19: // flag_present
      return 1;
    case FORM.indirect:
      return readForm(reader, reader.uleb(), encoding, texts);
    default:
      throw new MalformedDebugData(`form 0x${form.toString(16)}`);
  }
}

function skip(reader: ByteReader, sizeBytes: number): undefined {
  reader.skip(sizeBytes);
}
