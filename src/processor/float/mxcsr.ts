/** Bits of MXCSR. Source: Intel SDM volume 1, section 10.2.3. */
export const IE = 0x01;
export const DE = 0x02;
export const ZE = 0x04;
export const OE = 0x08;
export const UE = 0x10;
export const PE = 0x20;
/** Operands that are denormal count as zeros. */
export const DENORMALS_ARE_ZEROS = 0x40;
/** The masks of the six exceptions stand so many bits above their flags. */
export const MASKS_SHIFT = 7;
export const OVERFLOW_MASKED = 0x400;
/** The exception of underflow is masked: only then results are flushed. */
export const UNDERFLOW_MASKED = 0x800;
export const PRECISION_MASKED = 0x1000;
/** Two bits: to nearest even, down, up, toward zero. */
export const ROUNDING = 0x6000;
export const ROUND_DOWN = 0x2000;
export const ROUND_UP = 0x4000;
export const ROUND_TO_ZERO = 0x6000;
/** Results that are tiny become zeros. */
export const FLUSH_TO_ZERO = 0x8000;
/** What LDMXCSR accepts; what FXSAVE calls MXCSR_MASK. */
export const MXCSR_MASK = 0xffff;
