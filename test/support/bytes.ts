/** The 8 bytes of an atom given as two little-endian halves. */
export function halvesOfAtom(low: number, high: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, low, true);
  view.setInt32(4, high, true);
  return bytes;
}

/** Bytes as lower-case hexadecimal digits. */
export const hexOf = (bytes: Iterable<number>): string => Buffer.from(Uint8Array.from(bytes)).toString('hex');

export const bytesOf = (hex: string): number[] => [...Buffer.from(hex, 'hex')];
