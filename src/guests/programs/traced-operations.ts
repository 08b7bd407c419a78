import { FILE_SPACE_BYTES } from '../../hardware/persistent-memory/configuration.ts';
import type { Operation } from '../../hardware/persistent-memory/operations.ts';
import type { OperationRecord, Operations } from '../../processor/operations.ts';
import { BaseContents } from '../store-log/base-contents.ts';
import type { PersistentPlace } from './guest-process.ts';
import { OutputLines } from './output-lines.ts';

/** An operation on the NVDIMMs, and the instruction that asked for it. */
export interface TracedOperation {
  readonly operation: Operation;
  /** Address of the instruction; 0 for what happened before the first one. */
  readonly instruction: number;
  /** Instructions executed before it, modulo 2^32. */
  readonly position: number;
}

/** Flushes of lines that are on no NVDIMM: of a temporary on the stack, or by a pointer gone wrong. */
export interface StrayFlushes {
  readonly count: number;
  /** Address of the instruction of the first one. */
  readonly firstInstruction: number;
}

/** Where the processor is, for what does not come from a record. */
export interface TracedPosition {
  readonly instructions: number;
  readonly instructionPointer: number;
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
  private readonly lines = new OutputLines((line) =>
    this.tell({ type: 'marker', core: CORE, name: line }, this.where()),
  );
  private named = 0; // files that have an NVDIMM address
  private held: { record: OperationRecord; upper: bigint | undefined } | undefined;
  private isIdle = true; // nothing happened since the last fence
  private stray: StrayFlushes | undefined;
  /** Files that were cut, removed or renamed. */
  readonly shrunk = new Set<string>();

  constructor(
    places: readonly PersistentPlace[],
    private readonly take: (traced: TracedOperation) => void,
    private readonly where: () => TracedPosition,
    /** Names an instruction by its address, as an innermost stack frame. */
    private readonly sourceOf: (instruction: number) => string,
  ) {
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
      for (const load of base.loads(name, address, 0, contents.length)) this.tell(load, this.where());
    }
  }

  /**
   * Takes records that are about to be overwritten. The last store waits for its upper half, which may come with the next
   * ones.
   */
  records(records: Operations): void {
    for (let place = 0; place < records.count; place++) this.record(records.record(place));
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
    this.tell({ type: 'map', file: path, base: BigInt(file.start), sizeBytes, fileOffset: 0 }, this.where());
    const { waiting } = file;
    file.waiting = [];
    for (const store of waiting) this.store(file, store);
  }

  /** The run is over: what was written without a line break at its end is a line, too. */
  end(): void {
    this.settle();
    this.lines.end();
  }

  /** Undefined when there were none. */
  get strayFlushes(): StrayFlushes | undefined {
    return this.stray;
  }

  private record(record: OperationRecord): void {
    switch (record.kind) {
      case 'store':
      case 'non-temporal store':
        this.settle();
        this.held = { record, upper: undefined };
        return;
      case 'store, upper half':
      case 'non-temporal store, upper half':
        if (this.held !== undefined) this.held.upper = record.data;
        return;
      case 'clwb':
      case 'clflushopt':
      case 'clflush':
        this.settle();
        this.flush(record, record.kind);
        return;
      default: {
        this.settle();
        const wasIdle = this.isIdle;
        this.isIdle = true;
        // Locks of the C library: with nothing to wait for they are no events of the NVDIMMs.
        if (record.kind === 'locked' && wasIdle) return;
        this.tell({ type: 'fence', core: CORE, instruction: record.kind }, placeOf(record));
      }
    }
  }

  /** The store that was held back for its upper half is whole. */
  private settle(): void {
    if (this.held === undefined) return;
    const { record, upper } = this.held;
    this.held = undefined;
    const sizeBytes = upper === undefined ? record.sizeBytes : 16;
    const data = hexOf(record.data, record.sizeBytes) + (upper === undefined ? '' : hexOf(upper, 8));
    const source = this.sourceOf(record.instruction);
    for (const file of this.files) {
      const from = Math.max(record.address, file.start);
      const to = Math.min(record.address + sizeBytes, file.end);
      if (from >= to) continue;
      const cut = data.slice(2 * (from - record.address), 2 * (to - record.address));
      this.store(file, { record, source, offset: from - file.start, data: cut });
    }
  }

  /** What lies behind the end of the file waits for it to be told that it is longer: a write makes it so afterwards. */
  private store(file: TracedFile, store: FileStore): void {
    const { record, source, offset, data } = store;
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
      placeOf(record),
    );
  }

  private flush(record: OperationRecord, instruction: 'clwb' | 'clflushopt' | 'clflush'): void {
    const file = this.files.find(({ start, end }) => record.address >= start && record.address < end);
    if (file?.address === undefined) {
      this.stray = {
        count: (this.stray?.count ?? 0) + 1,
        firstInstruction: this.stray?.firstInstruction ?? record.instruction,
      };
      return;
    }
    this.isIdle = false;
    const address = file.address + record.address - file.start;
    const source = this.sourceOf(record.instruction);
    this.tell({ type: 'flush', core: CORE, address, sizeBytes: 1, instruction, source }, placeOf(record));
  }

  private fileOf(path: string): TracedFile {
    const file = this.files.find(({ name }) => name === path);
    if (file === undefined) throw new Error(`${path} is on no NVDIMM`);
    return file;
  }

  private tell(operation: Operation, { instructions, instructionPointer }: TracedPosition): void {
    this.take({ operation, instruction: instructionPointer, position: instructions });
  }
}

const placeOf = ({ instruction, position }: OperationRecord): TracedPosition => ({
  instructions: position,
  instructionPointer: instruction,
});

/** Little-endian, as it lies in memory: two digits a byte. */
function hexOf(value: bigint, sizeBytes: number): string {
  const digits = value.toString(16).padStart(2 * sizeBytes, '0');
  let text = '';
  for (let at = 2 * sizeBytes - 2; at >= 0; at -= 2) text += digits.slice(at, at + 2);
  return text;
}
