/** Where the state of the processor lies, as offsets from the beginning of its own area behind the guest’s memory. */
export const LAYOUT = {
  /** 16 registers of 8 bytes. */
  general: 0,
  /** 16 registers of 16 bytes. */
  vector: 128,
  /** The pending record of flags (sheet S10): operation and width, 0 when none is; which flags it affects. */
  flagsPending: 384,
  flagsAffected: 388,
  flagsLeft: 392,
  flagsRight: 400,
  flagsResult: 408,
  /** RFLAGS, of which those that the pending record affects are stale. 4 bytes. */
  flags: 416,
  /** Address of the next instruction. 8 bytes. */
  instructionPointer: 424,
  fsBase: 432,
  gsBase: 440,
  mxcsr: 448,
  /**
   * x87: control, status and tag words, 2 bytes each, and 8 physical registers of 16 bytes: significand, then sign and
   * exponent. A tag is 3 where the register is empty, else 0.
   */
  x87Control: 452,
  x87Status: 454,
  x87Tag: 456,
  /** Instructions executed. 8 bytes. */
  instructions: 464,
  x87: 512,
  /** Records of operations: see `operations.ts`. */
  operationsCount: 640,
  /** What translated code keeps for itself, 16 bytes: no state of the processor. */
  scratch: 656,
  /** Up to how many instructions translated code may execute. 8 bytes. */
  limit: 672,
  /** Operands that translated code hands over, 16 bytes each. */
  operands: 688,
  operations: 1024,
} as const;

export const OPERATIONS_MAX = 8192;
export const OPERATION_BYTES = 24;
/** Size of the processor’s own area. */
export const OWN_BYTES = LAYOUT.operations + OPERATIONS_MAX * OPERATION_BYTES;
