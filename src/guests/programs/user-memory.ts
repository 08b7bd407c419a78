import { GuestFault } from '../../processor/memory.ts';
import type { Processor } from '../../processor/processor.ts';
import { SystemError } from './errno.ts';

const PATH_BYTES_MAX = 4096;

/** The program's memory as system calls see it: what the program may not access is EFAULT. */
export class UserMemory {
  constructor(private readonly processor: Processor) {}

  /** A copy. */
  read(address: bigint, sizeBytes: number): Uint8Array {
    if (sizeBytes === 0) return new Uint8Array(0);
    const at = this.offset(address, sizeBytes, 'read');
    return this.processor.memory.bytes.slice(at, at + sizeBytes);
  }

  /** Stores of the kernel's own, recorded like those of the program. Nothing is written where a part may not be. */
  write(address: bigint, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const { memory, recorded } = this.processor;
    const at = this.offset(address, bytes.length, 'write');
    if (recorded !== 'persistent' || memory.isPersistent(at, bytes.length)) this.storePieces(at, bytes);
    else {
      memory.prepareStore(at, bytes.length);
      memory.bytes.set(bytes, at);
    }
  }

  /** Unsigned. */
  number(address: bigint, sizeBytes: 4 | 8): bigint {
    const at = this.offset(address, sizeBytes, 'read');
    const { view } = this.processor.memory;
    return sizeBytes === 8 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true));
  }

  /** Text up to a zero, as of a path. */
  text(address: bigint): string {
    const { bytes, sizeBytes } = this.processor.memory;
    const from = this.offset(address, 1, 'read');
    const limit = Math.min(from + PATH_BYTES_MAX, sizeBytes);
    const end = bytes.subarray(from, limit).indexOf(0);
    const size = end < 0 ? limit - from : end + 1;
    this.offset(address, size, 'read');
    if (end < 0) throw new SystemError('ENAMETOOLONG');
    return new TextDecoder().decode(bytes.slice(from, from + end));
  }

  private offset(address: bigint, sizeBytes: number, access: 'read' | 'write'): number {
    try {
      return this.processor.memory.offset(address, sizeBytes, access);
    } catch (error) {
      if (error instanceof GuestFault) throw new SystemError('EFAULT');
      throw error;
    }
  }

  private storePieces(at: number, bytes: Uint8Array): void {
    for (const { address, sizeBytes, value } of pieces(at, bytes)) {
      this.processor.store(BigInt(address), sizeBytes, value);
    }
  }
}

interface Piece {
  readonly address: number;
  readonly sizeBytes: 1 | 2 | 4 | 8;
  readonly value: bigint;
}

/** Bytes as the aligned stores of 1, 2, 4 or 8 bytes that write them in ascending order. */
export function* pieces(address: number, bytes: Uint8Array): Generator<Piece> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let done = 0;
  while (done < bytes.length) {
    const at = address + done;
    const left = bytes.length - done;
    if (at % 8 === 0 && left >= 8) {
      yield { address: at, sizeBytes: 8, value: view.getBigUint64(done, true) };
      done += 8;
    } else if (at % 4 === 0 && left >= 4) {
      yield { address: at, sizeBytes: 4, value: BigInt(view.getUint32(done, true)) };
      done += 4;
    } else if (at % 2 === 0 && left >= 2) {
      yield { address: at, sizeBytes: 2, value: BigInt(view.getUint16(done, true)) };
      done += 2;
    } else {
      yield { address: at, sizeBytes: 1, value: BigInt(bytes[done]) };
      done += 1;
    }
  }
}
