/** Debug information that ends early, or contradicts itself. Never leaves this folder: what it would tell is unknown. */
export class MalformedDebugData extends Error {
  override name = 'MalformedDebugData';
}

const TEXT = new TextDecoder();

/** Reads little-endian numbers one after the other; throws `MalformedDebugData` at the end of the bytes. */
export class ByteReader {
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  u8(): number {
    return this.bytes[this.take(1)];
  }

  i8(): number {
    return this.view.getInt8(this.take(1));
  }

  u16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  u24(): number {
    const at = this.take(3);
    return this.bytes[at] | (this.bytes[at + 1] << 8) | (this.bytes[at + 2] << 16);
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** Exact below 2^53, where all addresses and offsets are. */
  u64(): number {
    const low = this.u32();
    return this.u32() * 2 ** 32 + low;
  }

  /** Of 1, 2, 4 or 8 bytes. */
  unsigned(sizeBytes: number): number {
    switch (sizeBytes) {
      case 1:
        return this.u8();
      case 2:
        return this.u16();
      case 4:
        return this.u32();
      case 8:
        return this.u64();
      default:
        throw new MalformedDebugData(`a number of ${sizeBytes} bytes`);
    }
  }

  /** Unsigned LEB128 (DWARF 5, section 7.6). */
  uleb(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
    }
  }

  /** Signed LEB128. */
  sleb(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return byte & 0x40 ? value - weight * 128 : value;
    }
  }

  /** Text up to a byte of zero, which is passed over. */
  text(): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new MalformedDebugData('a text without end');
    const text = TEXT.decode(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    return text;
  }

  skip(sizeBytes: number): void {
    this.take(sizeBytes);
  }

  /** A reader of the next bytes only, which are passed over. */
  part(sizeBytes: number): ByteReader {
    const at = this.take(sizeBytes);
    return new ByteReader(this.bytes.subarray(at, at + sizeBytes));
  }

  private take(sizeBytes: number): number {
    const { at } = this;
    if (!(sizeBytes >= 0 && at + sizeBytes <= this.bytes.length)) {
      throw new MalformedDebugData(`${sizeBytes} bytes at ${at} of ${this.bytes.length}`);
    }
    this.at = at + sizeBytes;
    return at;
  }
}

/** The text at this offset of a section of texts. */
export const textAt = (section: Uint8Array | undefined, offset: number): string => {
  if (section === undefined) throw new MalformedDebugData('a text in a section that is missing');
  return new ByteReader(section, offset).text();
};
