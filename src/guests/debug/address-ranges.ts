import { type ByteReader, MalformedDebugData } from './byte-reader.ts';

/** The first address, and the address behind the last. */
export type AddressRange = [from: number, to: number];

/** A list of .debug_ranges (DWARF 4, section 2.17.3): pairs relative to a base, up to one of zeros. */
export function readPairs(reader: ByteReader, addressBytes: number, unitBase: number): AddressRange[] {
  const largest = 2 ** (8 * addressBytes) - 1;
  const ranges: AddressRange[] = [];
  let base = unitBase;
  for (;;) {
    const from = reader.unsigned(addressBytes);
    const to = reader.unsigned(addressBytes);
    if (from === 0 && to === 0) return ranges;
    if (from >= largest) base = to;
    else ranges.push([base + from, base + to]);
  }
}

/** A list of .debug_rnglists (DWARF 5, sections 2.17.3 and 7.25). Indices are into the table of addresses. */
export function readRangeList(
  reader: ByteReader,
  addressBytes: number,
  unitBase: number,
  addressAt: (index: number) => number,
): AddressRange[] {
  const ranges: AddressRange[] = [];
  const push = (from: number, to: number) => ranges.push([from, to]);
  const pushLength = (from: number, sizeBytes: number) => push(from, from + sizeBytes);
  let base = unitBase;
  for (;;) {
    const kind = reader.u8();
    switch (kind) {
      case 0: // DW_RLE_end_of_list
        return ranges;
      case 1: // DW_RLE_base_addressx
        base = addressAt(reader.uleb());
        break;
      case 2: // DW_RLE_startx_endx
        push(addressAt(reader.uleb()), addressAt(reader.uleb()));
        break;
      case 3: // DW_RLE_startx_length
        pushLength(addressAt(reader.uleb()), reader.uleb());
        break;
      case 4: // DW_RLE_offset_pair
        push(base + reader.uleb(), base + reader.uleb());
        break;
      case 5: // DW_RLE_base_address
        base = reader.unsigned(addressBytes);
        break;
      case 6: // DW_RLE_start_end
        push(reader.unsigned(addressBytes), reader.unsigned(addressBytes));
        break;
      case 7: // DW_RLE_start_length
        pushLength(reader.unsigned(addressBytes), reader.uleb());
        break;
      default:
        throw new MalformedDebugData(`range of kind ${kind}`);
    }
  }
}
