import { crc32 } from 'node:zlib';
import { IllegalEvent } from '../kernel/errors.ts';
import type { AnyEvent } from '../kernel/event-table.ts';
import type { Batch, Sink } from '../kernel/run.ts';
import { encodeHeader, type RecordingHeader } from './header.ts';
import { openOutput, type RecordingOutput, type RecordingTarget } from './output.ts';
import { CHECK_EVENTS, encodeCheck } from './parts.ts';
import type { JsonRecord, RecordingType } from './recording-type.ts';

/**
 * Writes a recording while it happens: a sink of a run, from its first event on. What a `write` was given is with the
 * operating system when it resolves (compressed files: a quarter of a second later at most), so a recording is readable up
 * to there whatever becomes of the recorder.
 *
 *     const writer = await RecordingWriter.open('run.ndjson', type, recordingHeader(type, { scenario: 'list' }));
 *     const run = new Run(type.model, type.initial({}), { sinks: [writer] });
 *     …
 *     await run.settled();
 *     await writer.end();
 *
 * It folds the events into a state of its own, as a replica does, for the digests of its check lines; a batch may be of any
 * size. Throws `IllegalEvent`, and `InputError` when the target cannot be written.
 */
export class RecordingWriter<State extends object, Event extends AnyEvent> implements Sink<Event> {
  private readonly state: State;
  private index = 0;
  private checksum = 0;

  private constructor(
    private readonly output: RecordingOutput,
    private readonly type: RecordingType<State, Event>,
    configuration: JsonRecord,
  ) {
    this.state = type.initial(configuration);
  }

  /** Opens the target and writes the header. */
  static async open<State extends object, Event extends AnyEvent>(
    target: RecordingTarget,
    type: RecordingType<State, Event>,
    header: RecordingHeader,
  ): Promise<RecordingWriter<State, Event>> {
    const writer = new RecordingWriter(openOutput(target), type, header.configuration);
    await writer.put(`${encodeHeader(header)}\n`);
    return writer;
  }

  async write({ firstIndex, events }: Batch<Event>): Promise<void> {
    if (firstIndex !== this.index) {
      throw new RangeError(
        `a recording takes event ${this.index} next, not ${firstIndex}: it begins with its run`,
      );
    }
    let lines = '';
    for (const event of events) {
      this.fold(event);
      lines += `{"index":${this.index},${this.type.codec.encode(event)}}\n`;
      this.index++;
      if (this.index % CHECK_EVENTS !== 0) continue;
      await this.put(lines);
      await this.put(this.check('check'));
      lines = '';
    }
    if (lines !== '') await this.put(lines);
  }

  /** Says that all is written; `verdict` is what was found out about the run. */
  async end(verdict?: JsonRecord): Promise<void> {
    if (verdict !== undefined) await this.put(`${JSON.stringify({ verdict })}\n`);
    await this.put(this.check('end'));
    await this.output.end();
  }

  private fold(event: Event): void {
    try {
      this.type.model.evolve(this.state, event);
    } catch (error) {
      if (error instanceof IllegalEvent) throw new IllegalEvent(error.kind, error.reason, this.index);
      throw error;
    }
  }

  private check(member: 'check' | 'end'): string {
    return `${encodeCheck(member, this.index, this.checksum, this.type.model.digest(this.state).hex())}\n`;
  }

  private put(lines: string): void | Promise<void> {
    const bytes = Buffer.from(lines);
    this.checksum = crc32(bytes, this.checksum);
    return this.output.write(bytes);
  }
}
