import { Decoder, DecoderError, DecoderOptions, Instruction as IcedInstruction } from 'iced-x86';
import type { Instruction } from '../instruction.ts';
import { type GuestMemory, PAGE_BYTES } from '../memory.ts';
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
  return instructionFromIced(decoded, address);
}

/** The instruction at the beginning of these bytes; `(bad)` where they are none. */
export function decodeBytes(bytes: Uint8Array, address: number): Instruction {
  decode(bytes, address);
  return instructionFromIced(decoded, address);
}

function decode(bytes: Uint8Array, address: number): DecoderError {
  const decoder = new Decoder(64, bytes, DecoderOptions.None);
  decoder.ip = BigInt(address);
  decoder.decodeOut(decoded);
  const { lastError } = decoder;
  decoder.free();
  return lastError;
}
