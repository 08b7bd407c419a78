import { FILE_SPACE_BYTES } from '../../hardware/persistent-memory/configuration.ts';
import type { Operation } from '../../hardware/persistent-memory/operations.ts';
import type { StrayFlush } from '../../hardware/persistent-memory/stray-flush.ts';
import type { OperationRecord, Operations } from '../../processor/operations.ts';
import { BaseContents } from '../store-log/base-contents.ts';
import type { PersistentPlace, ProgramPosition, SystemCall, ToldFact } from './guest-process.ts';
import { STACK_BYTES } from './loader.ts';
import { OutputLines } from './output-lines.ts';
import type { ProgramObserver } from './program-observer.ts';

/** An operation on the NVDIMMs, and the instruction that asked for it. */
export interface TracedOperation {
  readonly operation: Operation;
  readonly at: ProgramPosition;
}

/** Flushes of lines that are on no NVDIMM: of a temporary on the stack, or by a pointer gone wrong. */
export interface StrayFlushes {
  readonly count: number;
  /** The first of them, up to `STRAY_FLUSHES_KEPT`. */
  readonly first: readonly StrayFlush[];
}

const STRAY_FLUSHES_KEPT = 10_000;

export interface TracedOperationsOptions {
  readonly take: (traced: TracedOperation) => void;
  /** Where what happens now comes from. */
  readonly where: () => ProgramPosition;
  /** Names an instruction by its address, as an innermost stack frame. */
  readonly sourceOf: (instruction: number) => string;
  /** Is told what else the program does, as far as it is recorded. */
  readonly observer?: ProgramObserver | undefined;
}

interface TracedFile {
  readonly name: string;
  /** Where the guest sees it. */
  readonly start: number;
  readonly end: number;
  /** NVDIMM address; undefined until the file has a byte. */
  address: number | undefined;
  sizeBytes: number;
  /** Stores behind its end. */
  waiting: FileStore[];
}

/** A store, or a part of one, that lies in a file. */
interface FileStore {
  readonly record: OperationRecord;
  readonly at: ProgramPosition;
  readonly source: string;
  /** Where in the file. */
  readonly offset: number;
  /** Hexadecimal digits. */
  readonly data: string;
}

/** One thread of the guest is one core of the machine. */
const CORE = 0;

/**
 * Turns what a process does to its files on NVDIMMs into operations of the persistent-memory machine. Every line that the
 * program writes to standard output or standard error is a marker: a promise to the outside. The size of a file is durable at
 * once, as with a file system that journals it.
 */
export class TracedOperations {
  private readonly files: TracedFile[];
  private readonly stackStart: number; // the stack ends where the NVDIMM begins
  private readonly lines = new OutputLines((line) =>
    this.tell({ type: 'marker', core: CORE, name: line }, this.options.where()),
  );
  private named = 0; // files that have an NVDIMM address
  private held: { record: OperationRecord; upper: bigint | undefined; at: ProgramPosition } | undefined;
  private isIdle = true; // nothing happened since the last fence
  private operationCount = 0;
  private strayCount = 0;
  private readonly stray: StrayFlush[] = [];
  /** Files that were cut, removed or renamed. */
  readonly shrunk = new Set<string>();

  constructor(
    places: readonly PersistentPlace[],
    private readonly options: TracedOperationsOptions,
  ) {
    this.stackStart = Math.min(...places.map(({ address }) => address)) - STACK_BYTES;
    this.files = places.map(({ path, address, capacityBytes }) => ({
      name: path,
      start: address,
      end: address + capacityBytes,
      address: undefined,
      sizeBytes: 0,
      waiting: [],
    }));
  }

  /** What the files hold before the run. To be told once, before the process runs. */
  begin(contentsOf: (path: string) => Uint8Array | undefined): void {
    for (const { name } of this.files) {
      const contents = contentsOf(name);
      if (contents === undefined) continue;
      this.resized(name, contents.length);
      const { address } = this.fileOf(name);
      if (address === undefined) continue;
      const base = new BaseContents(new Map([[name, contents]]));
      for (const load of base.loads(name, address, 0, contents.length)) this.tell(load, this.options.where());
    }
  }

  /**
   * Takes records that are about to be overwritten. The last store waits for its upper half, which may come with the next
   * ones.
   */
  records(records: Operations): void {
    const here = this.options.where();
    for (let place = 0; place < records.count; place++) {
      const record = records.record(place);
      this.record(record, here.isOfKernel ? here : positionOf(record, here));
    }
  }

  told(fact: ToldFact): void {
    this.settle();
    this.options.observer?.told(fact, this.options.where());
  }

  called(call: SystemCall): void {
    this.settle();
    this.options.observer?.called(call, this.options.where());
  }

  written(descriptor: 1 | 2, bytes: Uint8Array): void {
    this.settle();
    this.lines.push(descriptor, bytes);
  }

  /** A file got another size. One that shrinks or goes away keeps its place: crash images have it as long as it ever was. */
  resized(path: string, sizeBytes: number | undefined): void {
    this.settle();
    const file = this.fileOf(path);
    if (sizeBytes === undefined || sizeBytes < file.sizeBytes) this.shrunk.add(path);
    if (sizeBytes === undefined || sizeBytes <= file.sizeBytes) return;
    file.address ??= this.named++ * FILE_SPACE_BYTES;
    file.sizeBytes = sizeBytes;
    this.tell(
      { type: 'map', file: path, base: BigInt(file.start), sizeBytes, fileOffset: 0 },
      this.options.where(),
    );
    const { waiting } = file;
    file.waiting = [];
    for (const store of waiting) this.store(file, store);
  }

  /** The run is over: what was written without a line break at its end is a line, too. */
  end(): void {
    this.settle();
    this.lines.end();
  }

  get strayFlushes(): StrayFlushes {
    return { count: this.strayCount, first: this.stray };
  }

  private record(record: OperationRecord, at: ProgramPosition): void {
    switch (record.kind) {
      case 'load':
      case 'store':
      case 'non-temporal store':
        this.settle();
        this.held = { record, upper: undefined, at };
        return;
      case 'load, upper half':
      case 'store, upper half':
      case 'non-temporal store, upper half':
        if (this.held !== undefined) this.held.upper = record.data;
        return;
      case 'clwb':
      case 'clflushopt':
      case 'clflush':
        this.settle();
        this.flush(record, record.kind, at);
        return;
      default: {
        this.settle();
        const wasIdle = this.isIdle;
        this.isIdle = true;
        // Locks of the C library: with nothing to wait for they are no events of the NVDIMMs.
        if (record.kind === 'locked' && wasIdle) this.options.observer?.locked(at);
        else this.tell({ type: 'fence', core: CORE, instruction: record.kind }, at);
      }
    }
  }

  /** The access that was held back for its upper half is whole. */
  private settle(): void {
    if (this.held === undefined) return;
    const { record, upper, at } = this.held;
    this.held = undefined;
    const data = hexOf(record.data, record.sizeBytes) + (upper === undefined ? '' : hexOf(upper, 8));
    const end = record.address + data.length / 2;
    let bytesInFiles = 0;
    for (const file of record.kind === 'load' ? [] : this.files) {
      const from = Math.max(record.address, file.start);
      const to = Math.min(end, file.end);
      if (from >= to) continue;
      bytesInFiles += to - from;
      const source = this.options.sourceOf(at.instructionPointer);
      const cut = data.slice(2 * (from - record.address), 2 * (to - record.address));
      this.store(file, { record, at, source, offset: from - file.start, data: cut });
    }
    if (2 * bytesInFiles < data.length) this.options.observer?.accessed(record, data, at);
  }

  /** What lies behind the end of the file waits for it to be told that it is longer: a write makes it so afterwards. */
  private store(file: TracedFile, store: FileStore): void {
    const { record, at, source, offset, data } = store;
    const inFile = Math.max(0, Math.min(data.length / 2, file.sizeBytes - offset));
    if (inFile < data.length / 2)
      file.waiting.push({ ...store, offset: offset + inFile, data: data.slice(2 * inFile) });
    if (inFile === 0 || file.address === undefined) return;
    this.isIdle = false;
    this.tell(
      {
        type: 'store',
        core: CORE,
        address: file.address + offset,
        data: data.slice(0, 2 * inFile),
        ...(record.kind === 'non-temporal store' && { nonTemporal: true }),
        source,
      },
      at,
    );
  }

  private flush(
    record: OperationRecord,
    instruction: 'clwb' | 'clflushopt' | 'clflush',
    at: ProgramPosition,
  ): void {
    const file = this.files.find(({ start, end }) => record.address >= start && record.address < end);
    const source = this.options.sourceOf(at.instructionPointer);
    if (file?.address === undefined) {
      const isOnStack = record.address >= this.stackStart && record.address < this.stackStart + STACK_BYTES;
      if (this.strayCount++ < STRAY_FLUSHES_KEPT)
        this.stray.push({ place: this.operationCount, source, isOnStack });
      this.options.observer?.flushed(instruction, record.address, at);
      return;
    }
    this.isIdle = false;
    const address = file.address + record.address - file.start;
    this.tell({ type: 'flush', core: CORE, address, sizeBytes: 1, instruction, source }, at);
  }

  private fileOf(path: string): TracedFile {
    const file = this.files.find(({ name }) => name === path);
    if (file === undefined) throw new Error(`${path} is on no NVDIMM`);
    return file;
  }

  private tell(operation: Operation, at: ProgramPosition): void {
    this.operationCount++;
    this.options.take({ operation, at });
  }
}

/** Of a record, which knows how many instructions were executed modulo 2^32; `here` is less than 2^31 away. */
const positionOf = (
  { instruction, position }: OperationRecord,
  { instructions }: ProgramPosition,
): ProgramPosition => ({
  instructions: instructions + ((position - instructions) | 0),
  instructionPointer: instruction,
  isOfKernel: false,
});

/** Little-endian, as it lies in memory: two digits a byte. */
function hexOf(value: bigint, sizeBytes: number): string {
  const digits = value.toString(16).padStart(2 * sizeBytes, '0');
  let text = '';
  for (let at = 2 * sizeBytes - 2; at >= 0; at -= 2) text += digits.slice(at, at + 2);
  return text;
}
