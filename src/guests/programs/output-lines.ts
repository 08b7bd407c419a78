const NEWLINE = 0x0a;
const LINE_BYTES_MAX = 4096;

/** Puts lines together from what a program writes to standard output and standard error, each by itself. */
export class OutputLines {
  private readonly begun = new Map<1 | 2, { readonly bytes: Uint8Array; length: number }>();

  constructor(
    /** Takes a line without its line break, as soon as that is written; of a very long one, the first 4,096 bytes. */
    private readonly take: (line: string, descriptor: 1 | 2) => void,
  ) {}

  push(descriptor: 1 | 2, bytes: Uint8Array): void {
    const line = this.begun.get(descriptor) ?? { bytes: new Uint8Array(LINE_BYTES_MAX), length: 0 };
    this.begun.set(descriptor, line);
    for (const byte of bytes) {
      if (byte === NEWLINE) this.cut(descriptor);
      else if (line.length < LINE_BYTES_MAX) line.bytes[line.length++] = byte;
    }
  }

  /** What was written without a line break at its end is a line, too. */
  end(): void {
    for (const [descriptor, { length }] of this.begun) if (length > 0) this.cut(descriptor);
  }

  private cut(descriptor: 1 | 2): void {
    const line = this.begun.get(descriptor);
    if (line === undefined) return;
    const text = new TextDecoder().decode(line.bytes.subarray(0, line.length));
    line.length = 0;
    this.take(text, descriptor);
  }
}
