import { InputError } from '../../kernel/errors.ts';

const BAR = 0x7c;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const LAST_OF_OPERATOR = 0x72;
const SEGMENT_BYTES_MAX = 1 << 20;

/** What stood before a piece of text: a `|` begins a record, a line break (or nothing at all) begins talk. */
export type Before = 'bar' | 'line break';

/** Takes bytes[from, to), which begin at this offset in the log. */
export type TakeSegment = (
  bytes: Uint8Array,
  from: number,
  to: number,
  before: Before,
  byteOffset: number,
) => void;

/**
 * Cuts a log, given in chunks of any size, at `|` and at line breaks. Holds back at most one segment. The `|` of a C++
 * frame such as `operator|=(A&, A)` does not cut.
 */
export class Segments {
  private held = new Uint8Array(0);
  private heldBytes = 0;
  private before: Before = 'line break';
  private skipping = false;
  /** Byte offset in the log of the first byte held back, or of the next chunk. */
  private offset = 0;

  constructor(
    private readonly take: TakeSegment,
    /** Whether a segment that is too long may be left out: in talk, not among records. */
    private readonly maySkip: () => boolean,
  ) {}

  push(chunk: Uint8Array): void {
    let bytes = chunk;
    let length = chunk.length;
    let at = 0;
    if (this.heldBytes > 0) {
      at = this.heldBytes;
      length = this.hold(chunk, at);
      bytes = this.held;
    }
    let from = 0;
    for (; at < length; at++) {
      const byte = bytes[at];
      if (byte !== BAR && byte !== NEWLINE) continue;
      if (byte === BAR && isOfOperator(bytes, from, at)) continue;
      const to = byte === NEWLINE && at > from && bytes[at - 1] === RETURN ? at - 1 : at;
      if (!this.skipping) this.take(bytes, from, to, this.before, this.offset + from);
      this.skipping = false;
      this.before = byte === BAR ? 'bar' : 'line break';
      from = at + 1;
    }
    this.offset += from;
    if (this.skipping || length - from > SEGMENT_BYTES_MAX) {
      this.skip(length - from);
    } else if (bytes === this.held) {
      this.held.copyWithin(0, from, length);
      this.heldBytes = length - from;
    } else {
      this.heldBytes = this.hold(chunk.subarray(from, length), 0);
    }
  }

  /** What is left behind the last `|` or line break. */
  end(): { text: string; before: Before; byteOffset: number } {
    const text = new TextDecoder().decode(this.held.subarray(0, this.heldBytes));
    return { text, before: this.before, byteOffset: this.offset };
  }

  /** Puts a chunk behind what is held already; returns how much there is then. */
  private hold(chunk: Uint8Array, behind: number): number {
    const length = behind + chunk.length;
    if (length > this.held.length) {
      const larger = new Uint8Array(Math.max(2 * length, 256));
      larger.set(this.held.subarray(0, behind));
      this.held = larger;
    }
    this.held.set(chunk, behind);
    return length;
  }

  private skip(bytes: number): void {
    if (!this.skipping && !(this.before === 'line break' || this.maySkip())) {
      throw new InputError(
        `store log: the record at byte ${this.offset} is longer than ${SEGMENT_BYTES_MAX} bytes; is this a store log?`,
      );
    }
    this.skipping = true;
    this.offset += bytes;
    this.heldBytes = 0;
  }
}

/** Whether the `|` at this place belongs to the name of a C++ operator: it follows `operator` or `operator|`. */
function isOfOperator(bytes: Uint8Array, from: number, at: number): boolean {
  const end = bytes[at - 1] === BAR ? at - 1 : at;
  if (end - from < 8 || bytes[end - 1] !== LAST_OF_OPERATOR) return false;
  return String.fromCharCode(...bytes.subarray(end - 8, end)) === 'operator';
}
