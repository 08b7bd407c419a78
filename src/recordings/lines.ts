import { isAscii, isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { InputError } from '../kernel/errors.ts';

/** Bytes that a line may have, unless the caller says otherwise. */
const LINE_BYTES_MAX = 16 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * Cuts chunks of bytes into lines of text, and knows where each one is and the CRC-32 of all before it. Holds back at most
 * one line, of at most so many bytes.
 */
export class Lines {
  /** Of the line being taken; the first is 1. */
  number = 0;
  /** Of the first byte of the line being taken, from the beginning of the (uncompressed) recording. */
  byteOffset = 0;
  private held: Buffer = Buffer.alloc(0);
  private heldBytes = 0;
  private block: Buffer = Buffer.alloc(0); // whole lines
  private blockOffset = 0;
  private summed = 0; // bytes of the block that are in the checksum
  private sum = 0;

  constructor(
    private readonly recording: string,
    private readonly take: (text: string) => void,
    private readonly lineBytesMax = LINE_BYTES_MAX,
  ) {}

  /** Where the line being taken is, for messages. */
  get place(): string {
    return `${this.recording}, line ${this.number} (byte ${this.byteOffset})`;
  }

  /** CRC-32 of all bytes before the line being taken. */
  checksum(): number {
    const upTo = this.byteOffset - this.blockOffset;
    this.sum = crc32(this.block.subarray(this.summed, upTo), this.sum);
    this.summed = upTo;
    return this.sum;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const first = bytes.indexOf(NEWLINE);
    if (first < 0) {
      this.hold(bytes);
      return;
    }
    let from = 0;
    if (this.heldBytes > 0) {
      from = first + 1;
      this.hold(bytes.subarray(0, from));
      const block = this.held.subarray(0, this.heldBytes);
      this.heldBytes = 0;
      this.takeBlock(block);
    }
    const to = bytes.lastIndexOf(NEWLINE) + 1;
    if (to > from) this.takeBlock(bytes.subarray(from, to));
    this.hold(bytes.subarray(Math.max(from, to)));
  }

  /** How many bytes are left behind the last line break. */
  end(): number {
    return this.heldBytes;
  }

  private takeBlock(block: Buffer): void {
    this.block = block;
    this.summed = 0;
    if (isAscii(block)) this.takeAscii(block.toString('latin1'));
    else this.takeBytes(block);
    this.sum = crc32(block.subarray(this.summed), this.sum);
    this.summed = block.length;
    this.blockOffset += block.length;
    this.byteOffset = this.blockOffset;
  }

  /** One character is one byte. */
  private takeAscii(text: string): void {
    for (let from = 0; from < text.length; ) {
      const to = text.indexOf('\n', from);
      this.turnTo(from, to - from);
      this.take(text.slice(from, to));
      from = to + 1;
    }
  }

  private takeBytes(block: Buffer): void {
    for (let from = 0; from < block.length; ) {
      const to = block.indexOf(NEWLINE, from);
      this.turnTo(from, to - from);
      const line = block.subarray(from, to);
      if (!isUtf8(line))
        throw new InputError(`${this.place} is not UTF-8: the file is damaged, or no recording`);
      this.take(line.toString());
      from = to + 1;
    }
  }

  private turnTo(from: number, lineBytes: number): void {
    this.number++;
    this.byteOffset = this.blockOffset + from;
    if (lineBytes > this.lineBytesMax) this.refuseLength();
  }

  private hold(bytes: Buffer): void {
    const length = this.heldBytes + bytes.length;
    if (length > this.lineBytesMax + 1) {
      this.number++;
      this.refuseLength();
    }
    if (length > this.held.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * length, 4096));
      this.held.copy(larger, 0, 0, this.heldBytes);
      this.held = larger;
    }
    bytes.copy(this.held, this.heldBytes);
    this.heldBytes = length;
  }

  private refuseLength(): never {
    throw new InputError(
      `${this.place} is longer than ${this.lineBytesMax} bytes: the file is damaged, or no recording`,
    );
  }
}
