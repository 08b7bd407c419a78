/** Bytes that grow, with the integers of WebAssembly’s binary format (LEB128). */
export class ByteWriter {
  private buffer = new Uint8Array(256);
  private length = 0;

  get sizeBytes(): number {
    return this.length;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.buffer.subarray(0, this.length);
  }

  byte(value: number): void {
    if (this.length === this.buffer.length) this.grow(1);
    this.buffer[this.length++] = value;
  }

  append(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.buffer.length) this.grow(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Up to 2^32 - 1. */
  unsigned(value: number): void {
    let left = value >>> 0;
    while (left > 0x7f) {
      this.byte((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    this.byte(left);
  }

  signed32(value: number): void {
    let left = value;
    while (left < -64 || left > 63) {
      this.byte((left & 0x7f) | 0x80);
      left >>= 7;
    }
    this.byte(left & 0x7f);
  }

  signed64(value: bigint): void {
    let left = value;
    while (left < -64n || left > 63n) {
      this.byte(Number(left & 0x7fn) | 0x80);
      left >>= 7n;
    }
    this.byte(Number(left & 0x7fn));
  }

  /** A text of ASCII with its length before it. */
  text(text: string): void {
    this.unsigned(text.length);
    for (let at = 0; at < text.length; at++) this.byte(text.charCodeAt(at));
  }

  private grow(more: number): void {
    const wider = new Uint8Array(Math.max(2 * this.buffer.length, this.length + more));
    wider.set(this.buffer);
    this.buffer = wider;
  }
}
