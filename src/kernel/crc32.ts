const POLYNOMIAL = 0xedb88320;

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? POLYNOMIAL : 0);
  return sum;
});

const digit = (code: number): number => (code <= 0x39 ? code - 0x30 : code - 0x57);

/** The CRC-32 of Ethernet and zip over bytes given as lower-case hexadecimal digits; 0 to 2^32 - 1. */
export function crc32(hex: string): number {
  let sum = -1;
  for (let at = 0; at + 1 < hex.length; at += 2) {
    const byte = (digit(hex.charCodeAt(at)) << 4) | digit(hex.charCodeAt(at + 1));
    sum = (sum >>> 8) ^ table[(sum ^ byte) & 0xff];
  }
  return ~sum >>> 0;
}
