import type { Operation } from '../../hardware/persistent-memory/operations.ts';
import { cut } from '../../hardware/persistent-memory/pieces.ts';
import { AddressSpace } from './address-space.ts';
import { isMarker } from './names.ts';

/** Something that the format cannot tell, and how often it came up. */
export interface StoreLogLoss {
  readonly what: string;
  count: number;
  /** Number of the first operation of which it was lost; the first of all is 0. */
  readonly firstOperation: number;
}

const LINE_BYTES = 64;
const STORE_BYTES = [1, 2, 4, 8] as const;

/**
 * Tells operations as a store log, for pmreorder and other readers of the format. What the format cannot tell is told in
 * other words, and listed in `lost`:
 * - a store that is not of 1, 2, 4 or 8 bytes: as several stores, cut where the machine cuts it;
 * - a non-temporal store: as a store and a flush of its bytes, as PMDK's own annotations do it;
 * - CLFLUSHOPT and CLFLUSH: as FLUSH, which is a CLWB. So CLFLUSH seems to need a fence: a reader sees all the states that can
 *   be and, until the next fence, some that cannot;
 * - MFENCE and locked instructions: as FENCE;
 * - loads of base contents and flush hints: not at all;
 * - which core did something: not at all;
 * - a marker or a path that a reader would take for something else, and what is not mapped at the time: not at all.
 */
export class StoreLogExport {
  readonly losses = new Map<string, StoreLogLoss>();
  private readonly space = new AddressSpace();
  private operationCount = 0;

  get lost(): StoreLogLoss[] {
    return [...this.losses.values()];
  }

  /** What the log begins with. */
  begin(): string {
    return '==1== START';
  }

  /** The records of an operation, each with its `|` in front; empty when the format has none. */
  add(operation: Operation): string {
    const records = this.records(operation);
    if ('core' in operation && operation.core !== 0) this.lose('which core did it');
    this.operationCount++;
    return records.map((record) => `|${record}`).join('');
  }

  /** What the log ends with. */
  end(): string {
    return '|STOP\n';
  }

  private records(operation: Operation): string[] {
    switch (operation.type) {
      case 'store':
        return this.store(operation);
      case 'flush':
        if (operation.instruction !== 'clwb')
          this.lose(`${operation.instruction.toUpperCase()}, told as CLWB`);
        return this.flush(operation.address, operation.sizeBytes);
      case 'fence':
        if (operation.instruction !== 'sfence') this.lose('a fence that is no SFENCE, told as SFENCE');
        return ['FENCE'];
      case 'marker':
        if (isMarker(operation.name)) return [operation.name];
        return this.lose('a marker whose name the format cannot tell');
      case 'map':
        return this.map(operation);
      case 'load':
        return this.lose('contents from before the run');
      case 'hint':
        return this.lose('a flush hint');
    }
  }

  private map({ file, base, sizeBytes, fileOffset }: Extract<Operation, { type: 'map' }>): string[] {
    if (file === '' || /[|\r\n]/.test(file)) return this.lose('a file whose path the format cannot tell');
    this.space.map(file, base, sizeBytes, fileOffset);
    return [
      `REGISTER_FILE;${file};0x${base.toString(16)};0x${sizeBytes.toString(16)};0x${fileOffset.toString(16)}`,
    ];
  }

  private store({ address, data, nonTemporal, source }: Extract<Operation, { type: 'store' }>): string[] {
    const sizeBytes = data.length / 2;
    const frames = source === undefined ? '' : `;${this.frames(source)}`;
    const told = this.wholeStore(address, data) ?? this.wideStore(address, data);
    const records = told.map((record) => record + frames);
    if (!nonTemporal) return records;
    this.lose('a non-temporal store, told as a store and a flush of its bytes');
    return [...records, ...this.flush(address, sizeBytes)];
  }

  /** One record that an import reads as just this store: it may reach over the edge of what is mapped. */
  private wholeStore(address: number, data: string): string[] | undefined {
    const sizeBytes = data.length / 2;
    for (const size of STORE_BYTES.filter((one) => one >= sizeBytes)) {
      for (let lead = 0; lead <= size - sizeBytes; lead++) {
        const first = this.space.virtual(address);
        if (first === undefined || first < lead) continue;
        const [only, ...others] = this.space.segments(first - BigInt(lead), BigInt(size));
        if (only?.offset !== lead || only.sizeBytes !== sizeBytes || others.length > 0) continue;
        return [storeRecord(first - BigInt(lead), '00'.repeat(lead) + data, size)];
      }
    }
    return undefined;
  }

  private wideStore(address: number, data: string): string[] {
    this.lose('a store that is not of 1, 2, 4 or 8 bytes, told as several');
    return cut(address, data).flatMap((piece) => {
      const records: string[] = [];
      for (let at = 0; at < piece.data.length; ) {
        const size = [...STORE_BYTES].reverse().find((one) => 2 * one <= piece.data.length - at)!;
        const told = this.wholeStore(piece.address + at / 2, piece.data.slice(at, at + 2 * size));
        records.push(...(told ?? this.lose('what is not mapped')));
        at += 2 * size;
      }
      return records;
    });
  }

  private flush(address: number, sizeBytes: number): string[] {
    const isLine = sizeBytes === LINE_BYTES && address % LINE_BYTES === 0;
    for (let lead = 0; lead < (isLine ? LINE_BYTES : 1); lead++) {
      const first = this.space.virtual(address + lead);
      if (first === undefined) continue;
      if (!isLine && this.space.segments(first, BigInt(sizeBytes))[0].sizeBytes < sizeBytes) break;
      // Of an unaligned range of just one line's size a reader would take the first line only.
      const told = !isLine && sizeBytes === LINE_BYTES ? sizeBytes + 1 : sizeBytes;
      return [`FLUSH;0x${first.toString(16)};0x${told.toString(16)}`];
    }
    return this.flushLines(address, sizeBytes);
  }

  /** A range that is not mapped in one piece, line by line. */
  private flushLines(address: number, sizeBytes: number): string[] {
    if (sizeBytes <= LINE_BYTES) return this.lose('what is not mapped');
    this.lose('a flush of a range, told line by line');
    const records: string[] = [];
    for (let at = address - (address % LINE_BYTES); at < address + sizeBytes; at += LINE_BYTES) {
      records.push(...this.flush(at, LINE_BYTES));
    }
    return records;
  }

  /** Frames are separated by `;`, and a `|` stands only where a reader knows it for a part of an operator's name. */
  private frames(source: string): string {
    const told = source.replaceAll('; ', ';').replace(/(?<!operator\|?)\||[\r\n]/g, ' ');
    if (told.replaceAll(';', '; ') !== source) this.lose('a part of a stack frame');
    return told;
  }

  private lose(what: string): [] {
    const loss = this.losses.get(what);
    if (loss === undefined) this.losses.set(what, { what, count: 1, firstOperation: this.operationCount });
    else loss.count++;
    return [];
  }
}

/** Tells operations as a store log. See `StoreLogExport` for what is lost. */
export function exportStoreLog(operations: Iterable<Operation>): { log: string; lost: StoreLogLoss[] } {
  const writer = new StoreLogExport();
  let log = writer.begin();
  for (const operation of operations) log += writer.add(operation);
  return { log: log + writer.end(), lost: writer.lost };
}

function storeRecord(virtual: bigint, data: string, size: number): string {
  const littleEndian = data.padEnd(2 * size, '0');
  const value = littleEndian
    .match(/../g)!
    .reverse()
    .join('')
    .replace(/^0+(?=.)/, '');
  return `STORE;0x${virtual.toString(16)};0x${value};0x${size.toString(16)}`;
}
