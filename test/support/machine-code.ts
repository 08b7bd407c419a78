/** Where `programOf` has its code. */
export const CODE_AT = 0x401000;

const FILE_OFFSET = 0x1000;

/** A static executable of one segment, which may be read, written and executed: machine code, entered at its first byte. */
export function programOf(code: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(FILE_OFFSET + code.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true); // executable
  view.setUint16(18, 62, true); // x86-64
  view.setBigUint64(24, BigInt(CODE_AT), true);
  view.setBigUint64(32, 64n, true); // its one program header
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  view.setUint32(64, 1, true); // to be loaded
  view.setUint32(68, 7, true);
  view.setBigUint64(72, BigInt(FILE_OFFSET), true);
  view.setBigUint64(80, BigInt(CODE_AT), true);
  view.setBigUint64(96, BigInt(code.length), true);
  view.setBigUint64(104, 0x10000n, true);
  bytes.set(code, FILE_OFFSET);
  return bytes;
}
