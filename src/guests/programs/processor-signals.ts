import { decodeAt } from '../../processor/decode/decoder.ts';
import type { Trap } from '../../processor/lifted/form.ts';
import type { GuestFault } from '../../processor/memory.ts';
import type { Processor } from '../../processor/processor.ts';
import { X87 } from '../../processor/x87/state.ts';
import type { Kernel } from './kernel.ts';
import { roundedToPages } from './persistent-area.ts';
import { SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP } from './signal-numbers.ts';
import { SI_KERNEL, type SignalInfo } from './signal-state.ts';

const FPE_INTDIV = 1;
const ILL_ILLOPN = 2;
const SEGV_MAPERR = 1;
const SEGV_ACCERR = 2;
const BUS_ADRERR = 2;

/** Exceptions of the processor. Source: Intel SDM volume 3, table 6-1. */
const DIVIDE_ERROR = 0;
const BREAKPOINT = 3;
const INVALID_OPCODE = 6;
const GENERAL_PROTECTION = 13;
const PAGE_FAULT = 14;
const X87_ERROR = 16;
const SIMD_ERROR = 19;

/** Where MXCSR has the masks of the exceptions that are its lowest bits. */
const MXCSR_MASKS_SHIFT = 7;
/** si_code by exception bit: invalid, denormal, zero divide, overflow, underflow, inexact; the first that is set counts. */
const FLOAT_CODES = [7, 5, 3, 4, 5, 6];

const floatCode = (exceptions: number): number =>
  FLOAT_CODES.find((_, bit) => ((exceptions >> bit) & 1) === 1) ?? 0;

/** Bits of the error code of a page fault. */
const WAS_PRESENT = 1;
const WAS_WRITE = 2;
const WAS_USER = 4;
const WAS_FETCH = 16;

/** The signal that Linux makes of an instruction that cannot be executed. `what` says which, for people. */
export function trapSignal(processor: Processor, what: string, trap: Trap): SignalInfo {
  const { instructionPointer, memory } = processor;
  const at = BigInt(instructionPointer);
  const make = (signal: number, code: number, address: bigint, number: number): SignalInfo => ({
    signal,
    code,
    address,
    trap: number,
    error: 0,
    faultAddress: 0n,
    reason: `${what} at 0x${at.toString(16)}`,
  });
  switch (trap) {
    case 'divide error':
      return make(SIGFPE, FPE_INTDIV, at, DIVIDE_ERROR);
    case 'invalid opcode':
      return make(SIGILL, ILL_ILLOPN, at, INVALID_OPCODE);
    case 'breakpoint': {
      const signal = make(SIGTRAP, SI_KERNEL, 0n, BREAKPOINT);
      // The processor goes on behind the instruction, with all its prefixes.
      processor.instructionPointer += decodeAt(memory, instructionPointer).lengthBytes;
      return signal;
    }
    case 'general protection':
    case 'alignment':
      return make(SIGSEGV, SI_KERNEL, 0n, GENERAL_PROTECTION);
    case 'floating point': {
      const x87 = new X87(processor);
      return x87.isPending
        ? make(SIGFPE, floatCode(x87.status & ~x87.control), at, X87_ERROR)
        : make(SIGFPE, floatCode(processor.mxcsr & ~(processor.mxcsr >> MXCSR_MASKS_SHIFT)), at, SIMD_ERROR);
    }
  }
}

/** The signal that Linux makes of an access that a page does not allow. */
export function faultSignal(kernel: Kernel, { address, access, isMapped }: GuestFault): SignalInfo {
  const { processor, space, area, state } = kernel;
  const reason = (why: string): string =>
    `${access} at 0x${address.toString(16)}, ${why}, by the instruction at 0x${processor.instructionPointer.toString(16)}`;
  const isCanonical = BigInt.asUintN(64, BigInt.asIntN(48, address)) === address;
  if (!isCanonical) {
    const why = 'which is no address of this processor';
    return {
      signal: SIGSEGV,
      code: SI_KERNEL,
      address: 0n,
      trap: GENERAL_PROTECTION,
      error: 0,
      faultAddress: 0n,
      reason: reason(why),
    };
  }
  const at = Number(address);
  const isInArea = area.holds(at);
  const isThere = isMapped && (!isInArea || area.isMapped(state.area, at));
  const error =
    (isThere && kernel.memory.isReadable(at) ? WAS_PRESENT : 0) |
    (access === 'write' ? WAS_WRITE : 0) |
    WAS_USER |
    (access === 'execute' ? WAS_FETCH : 0);
  const common = { address, trap: PAGE_FAULT, error, faultAddress: address };
  if (isThere && isBeyondFile()) {
    const why = 'beyond the end of the mapped file';
    return { signal: SIGBUS, code: BUS_ADRERR, ...common, reason: reason(why) };
  }
  const why = isThere ? 'which is protected' : 'where nothing is mapped';
  const code = isThere ? SEGV_ACCERR : SEGV_MAPERR;
  return { signal: SIGSEGV, code, ...common, reason: reason(why) };

  function isBeyondFile(): boolean {
    if (isInArea) {
      return state.roomFiles.some((file) => {
        if (file === undefined) return false;
        const { address: start, capacityBytes } = area.rooms[file.room];
        const end = start + roundedToPages(file.sizeBytes);
        return at >= end && at < start + roundedToPages(capacityBytes);
      });
    }
    const mapping = space.mappingAt(state.space, at);
    if (mapping === undefined) return false;
    return mapping.fileOffset + at - mapping.address >= roundedToPages(mapping.file.sizeBytes);
  }
}
