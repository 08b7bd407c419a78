import { ByteReader } from './byte-reader.ts';

/** What all entries of one kind look like: a tag, whether they have children, their attributes (DWARF 5, section 7.5.3). */
export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly AttributeSpecification[];
}

export interface AttributeSpecification {
  readonly attribute: number;
  readonly form: number;
  /** The value itself, of the form that has it here. */
  readonly implicit: number | undefined;
}

const IMPLICIT = 0x21;

/** The table at an offset of .debug_abbrev, by code. Throws `MalformedDebugData`. */
export function readAbbreviations(section: Uint8Array, offset: number): Map<number, Abbreviation> {
  const reader = new ByteReader(section, offset);
  const table = new Map<number, Abbreviation>();
  for (let code = reader.uleb(); code !== 0; code = reader.uleb()) {
    const tag = reader.uleb();
    const hasChildren = reader.u8() === 1;
    const attributes: AttributeSpecification[] = [];
    for (;;) {
      const attribute = reader.uleb();
      const form = reader.uleb();
      const implicit = form === IMPLICIT ? reader.sleb() : undefined;
      if (attribute === 0 && form === 0) break;
      attributes.push({ attribute, form, implicit });
    }
    table.set(code, { tag, hasChildren, attributes });
  }
  return table;
}
