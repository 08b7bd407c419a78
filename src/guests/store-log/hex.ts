/** The value of each character as a hexadecimal digit; -1 for the others. */
const DIGITS = new Int8Array(256).fill(-1);
for (let i = 0; i < 10; i++) DIGITS[0x30 + i] = i;
for (let i = 0; i < 6; i++) DIGITS[0x41 + i] = DIGITS[0x61 + i] = 10 + i;

const ZERO = 0x30;
const LOWER_X = 0x78;

/** A 64-bit number in two unsigned halves, so that no value is rounded and none costs a BigInt. */
export class HexNumber {
  high = 0;
  low = 0;

  /** Takes in `0x` and up to 16 significant digits from bytes[from, to); false, and no meaning, for anything else. */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from < 3 || bytes[from] !== ZERO || bytes[from + 1] !== LOWER_X) return false;
    let high = 0;
    let low = 0;
    let at = from + 2;
    while (at < to - 1 && bytes[at] === ZERO) at++;
    if (to - at > 16) return false;
    for (; at < to; at++) {
      const digit = DIGITS[bytes[at]];
      if (digit < 0) return false;
      high = (high << 4) | (low >>> 28);
      low = (low << 4) | digit;
    }
    this.high = high >>> 0;
    this.low = low >>> 0;
    return true;
  }

  /** As a number, rounded beyond 2^53. */
  get number(): number {
    return this.high * 4294967296 + this.low;
  }

  get bigint(): bigint {
    return (BigInt(this.high) << 32n) | BigInt(this.low);
  }

  /** Whether the value needs no more than this many bytes. */
  fits(sizeBytes: number): boolean {
    if (sizeBytes >= 8) return true;
    return this.high === 0 && (sizeBytes >= 4 || this.low < 2 ** (8 * sizeBytes));
  }

  /** The value's first bytes in memory order, as hexadecimal digits. */
  littleEndian(sizeBytes: number): string {
    const { low, high } = this;
    switch (sizeBytes) {
      case 1:
        return String.fromCharCode(hex(low >>> 4), hex(low));
      case 2:
        return String.fromCharCode(hex(low >>> 4), hex(low), hex(low >>> 12), hex(low >>> 8));
      case 4:
        return littleEndianWord(low);
      default:
        return (littleEndianWord(low) + littleEndianWord(high)).slice(0, 2 * sizeBytes);
    }
  }
}

const hex = (value: number): number => ((value & 15) < 10 ? 0x30 + (value & 15) : 0x57 + (value & 15));

const littleEndianWord = (word: number): string =>
  String.fromCharCode(
    hex(word >>> 4),
    hex(word),
    hex(word >>> 12),
    hex(word >>> 8),
    hex(word >>> 20),
    hex(word >>> 16),
    hex(word >>> 28),
    hex(word >>> 24),
  );
