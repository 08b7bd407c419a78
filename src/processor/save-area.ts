/**
 * What FXSAVE stores, by offsets. `opcode`, `instruction` and `operand`, of the last instruction of x87, are zeros here; the
 * rest is reserved. Source: Intel SDM volume 2, FXSAVE, layout of 64-bit mode.
 */
export const SAVE_AREA = {
  control: 0,
  status: 2,
  /** One byte: see `abridged-tags.ts`. */
  tags: 4,
  opcode: 6,
  instruction: 8,
  operand: 16,
  mxcsr: 24,
  mxcsrMask: 28,
  /** 8 registers from the top of the stack on, 16 bytes each: significand, sign and exponent, zeros. */
  x87: 32,
  /** 16 registers of 16 bytes. */
  vector: 160,
} as const;

/** With what is reserved behind the last vector register. */
export const SAVE_AREA_BYTES = 512;
