// Offsets of the structures that bench/native/instruction-oracle.c reads and writes: what is asked and what is answered.

/**
 * Where instructions and the page that they work on lie, in the oracle and in the guest; nothing else is mapped. Neither is at
 * a power of two, as numbers that are drawn often are: behind the instructions the two do not hold the same.
 */
export const CODE_AT = 0x4b000;
export const DATA_AT = 0x53000;
export const PAGE_BYTES = 4096;
/** What GS points to. */
export const GS_AT = DATA_AT + PAGE_BYTES / 2;

/** State of the processor: 16 general registers, RFLAGS, the instruction pointer, and what FXSAVE writes. */
export const STATE = {
  general: 0,
  flags: 128,
  instructionPointer: 136,
  x87Control: 144,
  x87Status: 146,
  /** One bit for each physical register that is not empty. */
  x87Tag: 148,
  mxcsr: 168,
  /** From the top of the stack on, 16 bytes each. */
  x87: 176,
  vector: 304,
};

export const REQUEST = { bytes: 4992, code: 0, codeBytes: 128, state: 192, memory: 896 };
export const ANSWER = { bytes: 4864, signal: 0, faultAddress: 8, state: 64, memory: 768 };

/** Flags of RFLAGS that are compared: the arithmetic ones, DF and ID. */
export const COMPARED_FLAGS = 0x200cd5;
/** C0 to C3 of the x87 status word. */
export const CONDITION_CODES = 0x4700;
