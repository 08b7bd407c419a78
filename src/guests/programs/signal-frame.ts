import { MXCSR_MASK } from '../../processor/float/mxcsr.ts';
import type { GuestMemory } from '../../processor/memory.ts';
import type { Processor } from '../../processor/processor.ts';
import { FIXED_FLAGS, RSP, WRITABLE_FLAGS } from '../../processor/registers.ts';
import { SAVE_AREA, SAVE_AREA_BYTES } from '../../processor/save-area.ts';
import { abridgedTags, tagsOfAbridged } from '../../processor/x87/abridged-tags.ts';
import { X87 } from '../../processor/x87/state.ts';
import type { SignalInfo, SignalStack } from './signal-state.ts';
import type { UserMemory } from './user-memory.ts';

/*
 * The frame that a signal handler finds on the stack, as Linux makes it (struct rt_sigframe of x86-64: return address,
 * struct ucontext, struct siginfo; behind it the state of x87 and SSE in the layout of FXSAVE).
 */

const FRAME = {
  returnAddress: 0,
  flags: 8,
  link: 16,
  stackPointer: 24,
  stackFlags: 32,
  stackSize: 40,
  registers: 48,
  instructionPointer: 176,
  processorFlags: 184,
  segments: 192,
  error: 200,
  trap: 208,
  faultAddress: 224,
  floatState: 232,
  mask: 304,
  info: 312,
} as const;
const FRAME_BYTES = 440;
export const INFORMATION_BYTES = 128;
/** Which general register is at which place of `registers`: r8 to r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp. */
const REGISTER_ORDER = [8, 9, 10, 11, 12, 13, 14, 15, 7, 6, 5, 3, 2, 0, 1, 4];

/** UC_SIGCONTEXT_SS and UC_STRICT_RESTORE_SS. */
const CONTEXT_FLAGS = 6n;
/** cs 0x33, gs 0, fs 0, ss 0x2b. */
const SEGMENTS = 0x002b_0000_0000_0033n;

/** A leaf function may use as much below its stack pointer (System V ABI, AMD64 supplement, section 3.2.2). */
const RED_ZONE_BYTES = 128n;

export interface SavedState {
  readonly mask: bigint;
  readonly stack: SignalStack;
}

/** Addresses in a frame that a handler is given. */
export interface PushedFrame {
  readonly stackPointer: bigint;
  /** Of its struct siginfo and struct ucontext. */
  readonly info: bigint;
  readonly context: bigint;
}

/** Writes the frame. Throws EFAULT where there is no room for it; nothing has changed then. */
export function pushFrame(
  processor: Processor,
  user: UserMemory,
  info: SignalInfo,
  restorer: bigint,
  /** Behind the end of another stack to use, if not the present one. */
  stackTop: bigint | undefined,
  { mask, stack }: SavedState,
): PushedFrame {
  const under = stackTop ?? processor.general(RSP) - RED_ZONE_BYTES;
  const floatAt = aligned(under - BigInt(SAVE_AREA_BYTES), 64n);
  const at = aligned(floatAt - BigInt(FRAME_BYTES), 16n) - 8n;
  const frame = new Uint8Array(FRAME_BYTES);
  const view = new DataView(frame.buffer);
  const set = (offset: number, value: bigint): void => view.setBigUint64(offset, value, true);
  set(FRAME.returnAddress, restorer);
  set(FRAME.flags, CONTEXT_FLAGS);
  set(FRAME.stackPointer, stack.pointer);
  view.setInt32(FRAME.stackFlags, stack.flags, true);
  set(FRAME.stackSize, stack.sizeBytes);
  for (const [place, register] of REGISTER_ORDER.entries()) {
    set(FRAME.registers + 8 * place, processor.general(register));
  }
  set(FRAME.instructionPointer, BigInt(processor.instructionPointer));
  set(FRAME.processorFlags, BigInt(processor.flags));
  set(FRAME.segments, SEGMENTS);
  set(FRAME.error, BigInt(info.error));
  set(FRAME.trap, BigInt(info.trap));
  set(FRAME.faultAddress, info.faultAddress);
  set(FRAME.floatState, floatAt);
  set(FRAME.mask, mask);
  frame.set(signalInformation(info), FRAME.info);
  user.write(floatAt, floatState(processor));
  user.write(at, frame);
  return { stackPointer: at, info: at + BigInt(FRAME.info), context: at + BigInt(FRAME.flags) };
}

/** struct siginfo: number, errno, code; then who sent it and with which value, or an address. */
export function signalInformation({ signal, code, sender, value, address }: SignalInfo): Uint8Array {
  const bytes = new Uint8Array(INFORMATION_BYTES);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, signal, true);
  view.setInt32(8, code, true);
  view.setBigUint64(16, sender ?? address, true);
  view.setBigUint64(24, value ?? 0n, true);
  return bytes;
}

/** Takes the registers back from a frame that a handler leaves. Throws EFAULT. */
export function popFrame(processor: Processor, user: UserMemory, at: bigint): SavedState {
  const frame = user.read(at, FRAME_BYTES);
  const view = new DataView(frame.buffer);
  const get = (offset: number): bigint => view.getBigUint64(offset, true);
  const floatAt = get(FRAME.floatState);
  if (floatAt !== 0n) setFloatState(processor, user.read(floatAt, SAVE_AREA_BYTES));
  for (const [place, register] of REGISTER_ORDER.entries()) {
    processor.setGeneral(register, get(FRAME.registers + 8 * place));
  }
  const flags = Number(get(FRAME.processorFlags) & BigInt(WRITABLE_FLAGS));
  processor.flags = flags | FIXED_FLAGS;
  processor.instructionPointer = addressOf(processor.memory, get(FRAME.instructionPointer));
  return {
    mask: get(FRAME.mask),
    stack: {
      pointer: get(FRAME.stackPointer),
      flags: view.getInt32(FRAME.stackFlags, true),
      sizeBytes: get(FRAME.stackSize),
    },
  };
}

/** An address to go on at. One beyond memory becomes one that is never mapped, and faults. */
export const addressOf = (memory: GuestMemory, address: bigint): number =>
  address < BigInt(memory.sizeBytes) ? Number(address) : memory.sizeBytes;

const aligned = (address: bigint, to: bigint): bigint => BigInt.asUintN(64, address) & -to;

/** The state of x87 and SSE as FXSAVE stores it. */
function floatState(processor: Processor): Uint8Array {
  const image = new Uint8Array(SAVE_AREA_BYTES);
  const view = new DataView(image.buffer);
  const x87 = new X87(processor);
  view.setUint16(SAVE_AREA.control, x87.control, true);
  view.setUint16(SAVE_AREA.status, x87.status, true);
  view.setUint8(SAVE_AREA.tags, abridgedTags(x87.tags));
  view.setUint32(SAVE_AREA.mxcsr, processor.mxcsr, true);
  view.setUint32(SAVE_AREA.mxcsrMask, MXCSR_MASK, true);
  for (let register = 0; register < 8; register++) {
    const { negative, exponent, significand } = x87.get(register);
    view.setBigUint64(SAVE_AREA.x87 + 16 * register, significand, true);
    view.setUint16(SAVE_AREA.x87 + 16 * register + 8, exponent | (negative ? 0x8000 : 0), true);
  }
  for (let register = 0; register < 16; register++) {
    const value = processor.vector(register);
    view.setBigUint64(SAVE_AREA.vector + 16 * register, BigInt.asUintN(64, value), true);
    view.setBigUint64(SAVE_AREA.vector + 16 * register + 8, value >> 64n, true);
  }
  return image;
}

const INITIAL_MXCSR = 0x1f80;

/** x87 and SSE as at the start of a program: so that a handler does not run with an exception pending, or not masked. */
export function clearFloatState(processor: Processor): void {
  setFloatState(processor, new Uint8Array(SAVE_AREA_BYTES));
  new X87(processor).initialize();
  processor.mxcsr = INITIAL_MXCSR;
}

function setFloatState(processor: Processor, image: Uint8Array): void {
  const view = new DataView(image.buffer);
  const x87 = new X87(processor);
  x87.control = view.getUint16(SAVE_AREA.control, true);
  x87.status = view.getUint16(SAVE_AREA.status, true);
  x87.tags = tagsOfAbridged(view.getUint8(SAVE_AREA.tags));
  for (let register = 0; register < 8; register++) {
    const at = SAVE_AREA.x87 + 16 * register;
    x87.setBits(register, view.getBigUint64(at, true), view.getUint16(at + 8, true));
  }
  processor.mxcsr = view.getUint32(SAVE_AREA.mxcsr, true) & MXCSR_MASK;
  for (let register = 0; register < 16; register++) {
    const at = SAVE_AREA.vector + 16 * register;
    processor.setVector(register, view.getBigUint64(at, true) | (view.getBigUint64(at + 8, true) << 64n));
  }
}
