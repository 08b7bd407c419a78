import type { Operation } from '../../hardware/persistent-memory/operations.ts';
import { IllegalEvent, InputError } from '../../kernel/errors.ts';
import { shown } from '../../kernel/event-table.ts';
import { AddressSpace, distance } from './address-space.ts';
import { BaseContents } from './base-contents.ts';
import { asciiOf, fieldEnd, lastField, named, textOf } from './fields.ts';
import { HexNumber } from './hex.ts';
import { Interner } from './interner.ts';
import { isMarker, START, STRAY_RECORD, TALK } from './names.ts';
import { type Before, Segments } from './segments.ts';
import { emptySummary, type StoreLogSummary } from './summary.ts';

export interface StoreLogOptions {
  /** What was in the files before the run, by name of the file or by the last component of its path. Else zeros. */
  readonly base?: ReadonlyMap<string, Uint8Array>;
}

const LINE_BYTES = 64;
const FILE_BYTES_MAX = Number.MAX_SAFE_INTEGER;
const ADDRESSES = 1n << 64n;

/**
 * Reads a store log as it comes, in chunks of any size, and tells it as operations of core 0. Addresses are NVDIMM
 * addresses: a file keeps its bytes at whatever virtual addresses it is mapped. Every flush is a CLWB and every fence an
 * SFENCE, since the log does not say more.
 *
 *     const log = new StoreLogImport();
 *     for await (const chunk of chunks) perform(log.push(chunk));
 *     perform(log.end());
 *
 * Errors are `InputError`s that name the record (`START` is the first), its byte offset and a way out; after one, the
 * import is over.
 */
export class StoreLogImport {
  readonly summary: StoreLogSummary = emptySummary();
  private started = false;
  private operations: Operation[] = [];
  private byteOffset = 0; // of the record being read
  private readonly space = new AddressSpace();
  private readonly base: BaseContents;
  private readonly sources = new Interner((frames) => frames.replaceAll(';', '; '));
  private readonly segments = new Segments(
    (bytes, from, to, before, byteOffset) => this.take(bytes, from, to, before, byteOffset),
    () => !this.started || this.summary.stopped,
  );
  private readonly address = new HexNumber();
  private readonly value = new HexNumber();
  private readonly size = new HexNumber();

  constructor(options: StoreLogOptions = {}) {
    this.base = new BaseContents(options.base ?? new Map());
  }

  /** Takes the next bytes of the log in; returns what its whole records ask of the machine. */
  push(chunk: Uint8Array): Operation[] {
    this.segments.push(chunk);
    return this.given();
  }

  /** Says that the log is at its end, and completes the summary. */
  end(): Operation[] {
    const { text, before, byteOffset } = this.segments.end();
    this.byteOffset = byteOffset;
    if (!this.started && before === 'line break' && START.test(text)) this.begin();
    if (!this.started) {
      throw new InputError(
        'store log: no START record, so this is no store log or an empty one; record it with pmemcheck --log-stores=yes; a program stands behind --',
      );
    }
    if (before === 'bar' && text === 'STOP' && !this.summary.stopped) this.stop();
    else if (before === 'bar' && text !== '' && !this.summary.stopped) {
      this.summary.dropped = { record: this.summary.records + 1, byteOffset, text };
    }
    const [unused] = this.base.unused;
    if (unused !== undefined) {
      throw new InputError(
        `store log, records 1 to ${this.summary.records}: none registers ${unused}, for which base contents are given; ` +
          `give the name that the log has`,
      );
    }
    return this.given();
  }

  private given(): Operation[] {
    const { operations } = this;
    this.operations = [];
    return operations;
  }

  private emit(operation: Operation): void {
    this.summary.operations[operation.type]++;
    this.operations.push(operation);
  }

  private take(bytes: Uint8Array, from: number, to: number, before: Before, byteOffset: number): void {
    this.byteOffset = byteOffset;
    if (!this.started) {
      if (before === 'line break' && START.test(textOf(bytes, from, to))) this.begin();
      else this.summary.talkLines += Number(before === 'line break');
    } else if (before === 'line break' || this.summary.stopped) {
      this.talk(bytes, from, to);
    } else if (from < to) {
      this.summary.records++;
      this.record(bytes, from, to);
    }
  }

  private begin(): void {
    this.started = true;
    this.summary.records++;
  }

  private stop(): void {
    this.summary.stopped = true;
    this.summary.records++;
  }

  private talk(bytes: Uint8Array, from: number, to: number): void {
    this.summary.talkLines++;
    if (!STRAY_RECORD.test(textOf(bytes, from, to))) return;
    this.summary.records++;
    this.refuse(
      this.summary.stopped
        ? 'stands after STOP: does the file hold the logs of several runs? Import them one by one'
        : 'stands on a line of its own: records are separated by |, not by line breaks',
    );
  }

  private record(bytes: Uint8Array, from: number, to: number): void {
    if (named(bytes, from, to, 'STORE;')) this.store(bytes, from, to);
    else if (named(bytes, from, to, 'FLUSH;')) this.flush(bytes, from, to);
    else if (to - from === 5 && named(bytes, from, to, 'FENCE')) this.fence();
    else if (named(bytes, from, to, 'DEEP_SYNC;')) this.deepSync(bytes, from, to);
    else if (named(bytes, from, to, 'REGISTER_FILE;')) this.register(bytes, from, to);
    else if (to - from === 4 && named(bytes, from, to, 'STOP')) {
      this.summary.records--;
      this.stop();
    } else this.marker(bytes, from, to);
  }

  private store(bytes: Uint8Array, from: number, to: number): void {
    const { address, value, size } = this;
    const valueFrom = fieldEnd(bytes, from + 6, to) + 1;
    const sizeFrom = fieldEnd(bytes, valueFrom, to) + 1;
    const sizeTo = fieldEnd(bytes, sizeFrom, to);
    if (
      !address.read(bytes, from + 6, valueFrom - 1) ||
      !value.read(bytes, valueFrom, sizeFrom - 1) ||
      !size.read(bytes, sizeFrom, sizeTo)
    ) {
      this.malformed(bytes, from, to, 'must be STORE;address;value;size, all 0x numbers');
      return;
    }
    const sizeBytes = size.number;
    if (sizeBytes !== 8 && sizeBytes !== 4 && sizeBytes !== 1 && sizeBytes !== 2) {
      this.refuse(`stores ${sizeBytes} bytes, but only 1, 2, 4 and 8 can be`);
    }
    if (!value.fits(sizeBytes)) this.refuse(`has a value that does not fit into ${sizeBytes} bytes`);
    const source = sizeTo < to ? this.sources.intern(bytes, sizeTo + 1, to) : undefined;
    const data = value.littleEndian(sizeBytes);
    const found = this.space.find(address.high, address.low);
    const offset = found === undefined ? 0 : distance(found, address.high, address.low);
    if (found !== undefined && offset + sizeBytes <= found.sizeBytes) {
      this.storeAt(found.address + offset, data, source);
      return;
    }
    let kept = 0;
    for (const segment of this.space.segments(address.bigint, BigInt(sizeBytes))) {
      const first = 2 * segment.offset;
      this.storeAt(segment.address, data.slice(first, first + 2 * segment.sizeBytes), source);
      kept += segment.sizeBytes;
    }
    if (kept === 0) this.summary.skipped.stores++;
    else if (kept < sizeBytes) this.summary.cutStores++;
  }

  private storeAt(address: number, data: string, source: string | undefined): void {
    this.emit(
      source === undefined
        ? { type: 'store', core: 0, address, data }
        : { type: 'store', core: 0, address, data, source },
    );
  }

  private flush(bytes: Uint8Array, from: number, to: number): void {
    if (this.range(bytes, from + 6, to)) this.flushRange();
    else this.malformed(bytes, from, to, 'must be FLUSH;address;size, both 0x numbers');
  }

  private fence(): void {
    this.emit({ type: 'fence', core: 0, instruction: 'sfence' });
  }

  private deepSync(bytes: Uint8Array, from: number, to: number): void {
    if (this.range(bytes, from + 10, to)) {
      this.flushRange();
      this.fence();
    } else this.malformed(bytes, from, to, 'must be DEEP_SYNC;address;length, both 0x numbers');
  }

  private range(bytes: Uint8Array, from: number, to: number): boolean {
    const sizeFrom = fieldEnd(bytes, from, to) + 1;
    return this.address.read(bytes, from, sizeFrom - 1) && this.size.read(bytes, sizeFrom, to);
  }

  /** Of a size of 0x40 it is a single instruction: the line that holds the address is meant, aligned or not. */
  private flushRange(): void {
    const { address, size } = this;
    if (size.number === LINE_BYTES) {
      const found = this.space.find(address.high, address.low);
      const at = found
        ? found.address + distance(found, address.high, address.low)
        : this.space.segments(address.bigint & ~63n, 64n)[0]?.address;
      if (at === undefined) this.summary.skipped.flushes++;
      else this.flushAt(at - (at % LINE_BYTES), LINE_BYTES);
      return;
    }
    const segments = this.space.segments(address.bigint, size.bigint);
    for (const segment of segments) this.flushAt(segment.address, segment.sizeBytes);
    if (segments.length === 0) this.summary.skipped.flushes++;
  }

  private flushAt(address: number, sizeBytes: number): void {
    this.emit({ type: 'flush', core: 0, address, sizeBytes, instruction: 'clwb' });
  }

  private register(bytes: Uint8Array, from: number, to: number): void {
    const offsetFrom = lastField(bytes, from, to);
    const sizeFrom = lastField(bytes, from, offsetFrom - 1);
    const baseFrom = lastField(bytes, from, sizeFrom - 1);
    const { address, value: fileOffset, size } = this;
    if (
      baseFrom <= from + 15 ||
      !address.read(bytes, baseFrom, sizeFrom - 1) ||
      !size.read(bytes, sizeFrom, offsetFrom - 1) ||
      !fileOffset.read(bytes, offsetFrom, to)
    ) {
      this.malformed(
        bytes,
        from,
        to,
        'must be REGISTER_FILE;path;base;size;offset, the last three 0x numbers',
      );
      return;
    }
    const file = this.path(bytes.subarray(from + 14, baseFrom - 1));
    const [base, sizeBytes, first] = [address.bigint, size.number, fileOffset.number];
    if (sizeBytes > FILE_BYTES_MAX || first > FILE_BYTES_MAX || base + BigInt(sizeBytes) > ADDRESSES) {
      this.refuse('maps more than there is');
    }
    try {
      const mapped = this.space.map(file, base, sizeBytes, first);
      this.emit({ type: 'map', file, base, sizeBytes, fileOffset: first });
      for (const load of this.base.loads(file, mapped - first, first, first + sizeBytes)) this.emit(load);
    } catch (error) {
      if (error instanceof IllegalEvent) this.refuse(`cannot be mapped: ${error.reason}`);
      throw error;
    }
  }

  private path(bytes: Uint8Array): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return this.refuse('has a path that is not UTF-8: move the file and record again');
    }
  }

  private marker(bytes: Uint8Array, from: number, to: number): void {
    const name = textOf(bytes, from, to);
    if (isMarker(name)) this.emit({ type: 'marker', core: 0, name });
    else this.malformed(bytes, from, to, `is unknown: ${shown(name)}`);
  }

  /** A record that cannot be read may have Valgrind's talk behind it, or be nothing but talk. */
  private malformed(bytes: Uint8Array, from: number, to: number, complaint: string): void {
    const talk = TALK.exec(asciiOf(bytes, from, to));
    if (talk === null) this.refuse(complaint);
    this.summary.talkLines++;
    if (talk.index === 0) this.summary.records--;
    else this.record(bytes, from, from + talk.index);
  }

  private refuse(complaint: string): never {
    const { byteOffset, summary } = this;
    throw new InputError(
      `store log: record ${summary.records} at byte ${byteOffset} ${complaint} (head -c ${byteOffset} keeps what is before it)`,
    );
  }
}

/** Reads a store log that is at hand as a whole, or in pieces. */
export function importStoreLog(
  log: Uint8Array | Iterable<Uint8Array>,
  options: StoreLogOptions = {},
): { operations: Operation[]; summary: StoreLogSummary } {
  const reader = new StoreLogImport(options);
  const operations: Operation[] = [];
  for (const chunk of log instanceof Uint8Array ? [log] : log) {
    for (const operation of reader.push(chunk)) operations.push(operation);
  }
  for (const operation of reader.end()) operations.push(operation);
  return { operations, summary: reader.summary };
}
