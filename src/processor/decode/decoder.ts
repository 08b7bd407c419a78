import { Decoder, DecoderError, DecoderOptions, Instruction as IcedInstruction } from 'iced-x86';
import type { Instruction } from '../instruction.ts';
import { type GuestMemory, PAGE_BYTES, TRANSLATED } from '../memory.ts';
import { instructionFromIced } from './instruction-from-iced.ts';

/** No instruction is longer (Intel SDM volume 2, section 2.3.11). */
const LENGTH_BYTES_MAX = 15;

/** What the decoder writes to, over and over: nobody else would free it. */
const decoded = new IcedInstruction();

/**
 * The instruction at an address of a guest's memory; what is none has the mnemonic `(bad)`. Throws `GuestFault` where a byte
 * that it needs cannot be executed.
 */
export function decodeAt(memory: GuestMemory, address: number): Instruction {
  memory.offset(BigInt(address), 1, 'execute');
  const whole = memory.bytes.subarray(address, address + LENGTH_BYTES_MAX);
  const nextPage = (Math.floor(address / PAGE_BYTES) + 1) * PAGE_BYTES;
  const inPage = whole.subarray(0, nextPage - address);
  if (decode(inPage, address) === DecoderError.NoMoreBytes) {
    memory.offset(BigInt(nextPage), 1, 'execute');
    decode(whole, address);
  }
  return instructionFromIced(decoded, address, whole[0]);
}

/** The instruction at the beginning of these bytes; `(bad)` where they are none. */
export function decodeBytes(bytes: Uint8Array, address: number): Instruction {
  decode(bytes, address);
  return instructionFromIced(decoded, address, bytes[0]);
}

function decode(bytes: Uint8Array, address: number): DecoderError {
  const decoder = new Decoder(64, bytes, DecoderOptions.None);
  decoder.ip = BigInt(address);
  decoder.decodeOut(decoded);
  const { lastError } = decoder;
  decoder.free();
  return lastError;
}

interface PageDecoder {
  readonly owner: number;
  readonly page: number;
  /** Has a copy of what the page held. */
  readonly decoder: Decoder;
  /** Where the decoder goes on by itself. */
  next: number;
}

/** Decoders of pages, each at its number's place: as many for all guests, since what they hold is not garbage-collected. */
const pageDecoders: (PageDecoder | undefined)[] = new Array(64).fill(undefined);
let owners = 0;

/** Decodes what is executed for the first time, page by page. Marks a page that it has looked at as translated. */
export class CodeDecoder {
  private readonly owner = owners++;

  constructor(private readonly memory: GuestMemory) {}

  /** As `decodeAt`, as long as every change of a page is told by `forget`. */
  decodeAt(address: number): Instruction {
    const page = this.pageDecoderAt(address);
    const { decoder } = page;
    if (page.next !== address) {
      decoder.position = address % PAGE_BYTES;
      decoder.ip = BigInt(address);
    }
    decoder.decodeOut(decoded);
    const instruction = instructionFromIced(decoded, address, this.memory.bytes[address]);
    page.next = address + instruction.lengthBytes;
    // What ends too early may go on in the next page.
    return instruction.mnemonic === '(bad)' ? decodeAt(this.memory, address) : instruction;
  }

  /** For before a page changes, or may no longer be executed. */
  forget(page: number): void {
    const known = pageDecoders[page % pageDecoders.length];
    if (known?.owner !== this.owner || known.page !== page) return;
    known.decoder.free();
    pageDecoders[page % pageDecoders.length] = undefined;
  }

  private pageDecoderAt(address: number): PageDecoder {
    const page = Math.floor(address / PAGE_BYTES);
    const place = page % pageDecoders.length;
    const known = pageDecoders[place];
    if (known?.owner === this.owner && known.page === page) return known;
    const { memory } = this;
    memory.offset(BigInt(address), 1, 'execute');
    memory.attributes[page] |= TRANSLATED;
    const contents = memory.bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
    const decoder = new Decoder(64, contents, DecoderOptions.None);
    known?.decoder.free();
    const made = { owner: this.owner, page, decoder, next: -1 };
    pageDecoders[place] = made;
    return made;
  }
}
