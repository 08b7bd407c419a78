/** A state of x87 as FNSAVE stores it in 32 bits: 28 bytes of words, then the registers from the top of the stack. */
const STATE_BYTES = 108;
/** Room for it, in inputs and outputs alike. */
export const AREA_BYTES = 112;
export const REGISTERS_AT = 28;

/** What an instruction starts from. */
export interface Start {
  readonly flags: number;
  readonly memory: Uint8Array;
  readonly state: Uint8Array;
}

/** What it leaves. */
export interface End extends Start {
  readonly ax: number;
}

/** Of RFLAGS, what x87 may change. */
const FLAGS = 0x8d5;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** A register as sign and exponent, and significand. */
function registerText(view: DataView, at: number): string {
  return `${hex(view.getUint16(at + 8, true), 4)}:${view.getBigUint64(at, true).toString(16).padStart(16, '0')}`;
}

export function stateText(state: Uint8Array): string {
  const view = new DataView(state.buffer, state.byteOffset, STATE_BYTES);
  const [control, status, tags] = [0, 4, 8].map((at) => hex(view.getUint16(at, true), 4));
  const registers = Array.from({ length: 8 }, (_, register) =>
    registerText(view, REGISTERS_AT + 10 * register),
  );
  return `control ${control} status ${status} tags ${tags} ${registers.join(' ')}`;
}

const bytesText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/**
 * All that is defined of what an instruction leaves, for comparison and for people. Addresses of the last instruction and its
 * operand are left out: an operating system may have changed them.
 */
export function endText({ flags, ax, memory, state }: End, memoryKind: string): string {
  const isState = memoryKind === 'environment' || memoryKind === 'state';
  const shown = isState
    ? `${bytesText(memory.subarray(0, 12))}…${bytesText(memory.subarray(REGISTERS_AT))}`
    : bytesText(memory.subarray(0, 16));
  return `${stateText(state)} flags ${hex(flags & FLAGS, 3)} ax ${hex(ax & 0xffff, 4)} memory ${shown}`;
}
