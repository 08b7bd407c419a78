import { InputError } from '../kernel/errors.ts';
import { type AnyEvent, shown } from '../kernel/event-table.ts';
import { StaleRecording } from './errors.ts';
import { decodeHeader, noHeader, type RecordingHeader } from './header.ts';
import { keyCount, type ParseLine, parseObject, repeatedKey } from './json.ts';
import { isRecord } from './json-record.ts';
import { Lines } from './lines.ts';
import { CHECK_EVENTS, hex32, type RecordingPart } from './parts.ts';
import { programRun } from './program-run.ts';
import type { JsonRecord, RecordingType } from './recording-type.ts';

export interface ParserOptions {
  /** Named in errors: the path of the file. */
  readonly recording: string;
  readonly parse: ParseLine;
  /** Whether the checksums must be right. */
  readonly verify: boolean;
  /** Whether events are handed on before a check line confirms them. */
  readonly live: boolean;
  /** Stop after so many events. */
  readonly to: number;
  readonly lineBytesMax?: number;
}

const DIGEST = /^[0-9a-f]{32}$/;
const CHECKSUM = /^[0-9a-f]{8}$/;

/** Makes parts of lines. Events are handed on when the next check line has confirmed them, or live as they come. */
export class RecordingParser<State extends object, Event extends AnyEvent> {
  /** No more is wanted, or no more can come. */
  done = false;
  failure: unknown;
  private readonly lines: Lines;
  private parts: RecordingPart<Event>[] = [];
  private header: RecordingHeader | undefined;
  private events: Event[] = [];
  private index = 0; // of the next event
  private checked = 0; // events before the last check line
  private checkedLine = 1;
  private verdict: JsonRecord | undefined;
  private ended = false;

  constructor(
    private readonly type: RecordingType<State, Event>,
    private readonly options: ParserOptions,
  ) {
    this.lines = new Lines(options.recording, (text) => this.take(text), options.lineBytesMax);
  }

  /** There was a header, and more may come. */
  get isReading(): boolean {
    return this.header !== undefined && !this.done;
  }

  /** Takes bytes in. What was read before a failure is still given; `failure` is then set, and nothing more is taken. */
  push(chunk: Uint8Array): RecordingPart<Event>[] {
    try {
      this.lines.push(chunk);
      if (this.options.live) this.handOn(false);
    } catch (error) {
      this.failure = error;
      this.done = true;
    }
    return this.given();
  }

  /** Says that no more bytes come, and of a source that failed, why. */
  end(failure?: string): RecordingPart<Event>[] {
    const droppedBytes = this.lines.end();
    if (this.header === undefined) throw noHeader(this.options.recording, droppedBytes);
    if (this.ended && droppedBytes > 0) this.refuse('there is more behind the closing line');
    if (!this.ended && !this.done) {
      this.handOn(false);
      this.handOnVerdict();
      const { number: line } = this.lines;
      this.parts.push({ type: 'cut', index: this.index, line, droppedBytes, ...(failure && { failure }) });
    }
    return this.given();
  }

  /** A failure of the source while this recording was read, such as damaged compressed data, with its place. */
  sourceFailed(reason: string): InputError {
    return new InputError(
      `${this.options.recording} is damaged behind line ${this.lines.number} (byte ${this.lines.byteOffset} of the ` +
        `uncompressed text): ${reason}; ${this.remedy()}`,
    );
  }

  private given(): RecordingPart<Event>[] {
    const { parts } = this;
    this.parts = [];
    return parts;
  }

  private take(text: string): void {
    if (this.done) return;
    if (this.ended) this.refuse('there is more behind the closing line');
    if (this.header === undefined) {
      this.takeHeader(text);
      return;
    }
    const line = parseObject(this.options.parse, text);
    if (
      this.index === this.options.to &&
      (line === undefined || complaint(line, 'check', this.index) !== undefined)
    ) {
      this.stop(); // only the check line was still wanted, and it is damaged or missing
      return;
    }
    if (line === undefined) this.refuse(`this is no JSON object: ${shown(text)}`);
    if (text.endsWith('\r')) this.refuse('the line ends in CR LF: convert the file back to LF');
    if (line.index !== undefined) this.takeEvent(line, text);
    else if (line.check !== undefined) this.takeCheck(line, text, 'check');
    else if (line.verdict !== undefined) this.takeVerdict(line, text);
    else if (line.end !== undefined) this.takeCheck(line, text, 'end');
    else this.refuse('this is no event, check line, verdict or closing line');
  }

  private takeHeader(text: string): void {
    const { model } = this.type;
    const header = decodeHeader(text, this.options.parse, this.options.recording);
    if (header.model !== model.name) {
      this.refuse(
        header.model === programRun.model.name
          ? "it holds the digests of a program's run and no events, which record --events persistent keeps"
          : `it is a recording of ${shown(header.model)}, not of ${model.name}`,
      );
    }
    if (header.modelVersion !== model.version) {
      throw new StaleRecording(this.options.recording, model.name, header.modelVersion, model.version);
    }
    this.header = header;
    this.parts.push({ type: 'header', header });
    this.done = this.options.to === 0;
  }

  private takeEvent(line: Readonly<Record<string, unknown>>, text: string): void {
    if (line.index !== this.index) this.refuseIndex(line.index);
    if (this.index === this.checked + CHECK_EVENTS)
      this.refuse(`the check line ${this.index} is missing before it`);
    if (this.verdict !== undefined) this.refuse('an event behind the verdict');
    const event = this.type.codec.decode(line);
    if (typeof event === 'string') this.refuse(`event ${this.index}: ${event}`);
    if (!this.options.verify || keyCount(text) !== Object.keys(line).length) this.refuseRepeated(text);
    this.events.push(event);
    this.index++;
    if (this.index === this.options.to && this.index % CHECK_EVENTS !== 0) this.stop();
  }

  private stop(): void {
    this.handOn(false);
    this.done = true;
  }

  private refuseIndex(found: unknown): never {
    const missing = typeof found === 'number' && found > this.index ? `event ${this.index} is missing: ` : '';
    this.refuse(`${missing}index must be ${this.index}, not ${shown(found)}`);
  }

  private takeCheck(line: Readonly<Record<string, unknown>>, text: string, member: 'check' | 'end'): void {
    const index = member === 'end' ? this.index : this.checked + CHECK_EVENTS;
    const wrong = index === this.index ? complaint(line, member, index) : `${member} must be ${index} here`;
    if (wrong !== undefined) this.refuse(wrong);
    const { checksum, digest } = line as { checksum: string; digest: string };
    this.refuseRepeated(text);
    if (this.options.verify) this.verify(checksum);
    this.handOn(this.options.verify);
    if (member === 'end') this.handOnVerdict();
    this.checked = this.index;
    this.checkedLine = this.lines.number;
    this.parts.push({ type: member, index: this.index, digest });
    this.ended = member === 'end';
    this.done = this.index >= this.options.to && member === 'check';
  }

  private verify(checksum: string): void {
    const actual = hex32(this.lines.checksum());
    if (checksum === actual) return;
    throw new InputError(
      `${this.options.recording}, lines ${this.checkedLine} to ${this.lines.number}: something was changed between event ` +
        `${this.checked} and event ${this.index} (byte ${this.lines.byteOffset}): the checksum is ${actual}, and ${checksum} ` +
        `was recorded; ${this.remedy(this.checked)}`,
    );
  }

  private takeVerdict(line: Readonly<Record<string, unknown>>, text: string): void {
    const { verdict } = line;
    if (this.verdict !== undefined) this.refuse('there is a second verdict');
    if (!isRecord(verdict) || Object.keys(line).length !== 1)
      this.refuse('verdict must be an object, alone in its line');
    this.refuseRepeated(text);
    this.verdict = verdict;
  }

  private refuseRepeated(text: string): void {
    const key = repeatedKey(text);
    if (key !== undefined) this.refuse(`the key ${shown(key)} stands twice in an object`);
  }

  private handOn(confirmed: boolean): void {
    if (this.events.length === 0) return;
    const { events } = this;
    this.parts.push({ type: 'events', firstIndex: this.index - events.length, events, confirmed });
    this.events = [];
  }

  private handOnVerdict(): void {
    if (this.verdict !== undefined) this.parts.push({ type: 'verdict', verdict: this.verdict });
  }

  private refuse(why: string): never {
    throw new InputError(`${this.lines.place}: ${why}; ${this.remedy()}`);
  }

  private remedy(upTo = this.index): string {
    return upTo === 0 ? 'record it again' : `replay --at ${upTo} uses what is before`;
  }
}

/** What is wrong with the form of a check line or closing line. */
function complaint(
  line: Readonly<Record<string, unknown>>,
  member: 'check' | 'end',
  index: number,
): string | undefined {
  const { checksum, digest } = line;
  if (line[member] !== index) return `${member} must be ${index} here`;
  if (typeof checksum !== 'string' || !CHECKSUM.test(checksum))
    return 'checksum must be 8 hexadecimal digits';
  if (typeof digest !== 'string' || !DIGEST.test(digest)) return 'digest must be 32 hexadecimal digits';
  return Object.keys(line).length === 3
    ? undefined
    : `it must have ${member}, checksum and digest, and no more`;
}
