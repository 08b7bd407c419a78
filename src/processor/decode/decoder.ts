import {
  DecoderError,
  DecoderOptions,
  Decoder as IcedDecoder,
  Instruction as IcedInstruction,
} from 'iced-x86';
import type { Instruction } from '../instruction.ts';
import { type GuestMemory, PAGE_BYTES } from '../memory.ts';
import { instructionFromIced } from './instruction-from-iced.ts';

/** No instruction is longer (Intel SDM volume 2, section 2.3.11). */
const LENGTH_BYTES_MAX = 15;

/**
 * Decodes instructions from a guest's memory. It keeps a copy of the page that it last read an instruction from, up to
 * `forget`: whoever uses it marks that page as translated.
 */
export class Decoder {
  private page = -1;
  private decoder: IcedDecoder | undefined;
  private readonly decoded = new IcedInstruction();

  constructor(private readonly memory: GuestMemory) {}

  /**
   * The instruction at an address; what is none has the mnemonic `(bad)`. Throws `GuestFault` where a byte that it needs
   * cannot be executed.
   */
  decode(address: number): Instruction {
    this.memory.offset(BigInt(address), 1, 'execute');
    const decoder = this.decoderOf(Math.floor(address / PAGE_BYTES));
    decoder.position = address % PAGE_BYTES;
    decoder.ip = BigInt(address);
    decoder.decodeOut(this.decoded);
    if (decoder.lastError === DecoderError.NoMoreBytes) return this.decodeAcross(address);
    return instructionFromIced(this.decoded, address);
  }

  /** The contents of a page change, or what it allows does. */
  forget(page: number): void {
    if (page === this.page) this.release();
  }

  private decoderOf(page: number): IcedDecoder {
    if (page !== this.page || this.decoder === undefined) {
      this.release();
      this.decoder = decoderOfBytes(this.memory.bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES));
      this.page = page;
    }
    return this.decoder;
  }

  /** An instruction that goes on in the next page. */
  private decodeAcross(address: number): Instruction {
    // Nobody may ever mark this page, if the next one cannot be executed.
    this.release();
    const next = Math.ceil(address / PAGE_BYTES) * PAGE_BYTES;
    this.memory.offset(BigInt(next), 1, 'execute');
    const decoder = decoderOfBytes(this.memory.bytes.subarray(address, address + LENGTH_BYTES_MAX));
    decoder.ip = BigInt(address);
    decoder.decodeOut(this.decoded);
    decoder.free();
    return instructionFromIced(this.decoded, address);
  }

  private release(): void {
    this.decoder?.free();
    this.decoder = undefined;
    this.page = -1;
  }
}

const decoderOfBytes = (bytes: Uint8Array): IcedDecoder => new IcedDecoder(64, bytes, DecoderOptions.None);

/** The instruction at the beginning of these bytes, for tests and for people; `(bad)` where they are none. */
export function decodeBytes(bytes: Uint8Array, address: number): Instruction {
  const decoder = decoderOfBytes(bytes);
  const decoded = new IcedInstruction();
  decoder.ip = BigInt(address);
  decoder.decodeOut(decoded);
  const instruction = instructionFromIced(decoded, address);
  decoder.free();
  decoded.free();
  return instruction;
}
