/**
 * RCPSS and RSQRTSS: the manual leaves their result open within a relative error of 1.5 × 2^-12. Here it is the true one,
 * rounded to 12 bits. Denormal operands count as zeros and denormal results become zeros, whatever MXCSR says, and no flag
 * is raised. Source: Intel SDM volume 2, RCPPS and RSQRTPS.
 */
type Estimate = (bits: number) => number;

const SIGN = 0x8000_0000;
const INFINITY = 0x7f80_0000;
const QUIET = 0x0040_0000;
const INDEFINITE = 0xffc0_0000;
const LEAST_NORMAL = 0x0080_0000;
/** Half of the last of 12 bits, and what lies below it. */
const HALF = 0x800;
const BELOW = 0xfff;

const singles = new Float32Array(1);
const words = new Uint32Array(singles.buffer);

function estimate(bits: number, of: (value: number) => number): number {
  const sign = bits & SIGN;
  const magnitude = bits & ~SIGN;
  if (magnitude > INFINITY) return bits | QUIET;
  words[0] = magnitude < LEAST_NORMAL ? sign : bits;
  singles[0] = of(singles[0]);
  const result = words[0] & ~SIGN;
  if (result > INFINITY) return INDEFINITE | 0;
  const rounded = result === INFINITY ? result : (result + HALF) & ~BELOW;
  return (words[0] & SIGN) | (rounded < LEAST_NORMAL ? 0 : rounded);
}

/** Bits of a single, as a signed number, to bits of a single. */
export const estimatedReciprocal: Estimate = (bits) => estimate(bits, (value) => 1 / value);

/** The same, of the root; that of a negative number is the real indefinite. */
export const estimatedReciprocalRoot: Estimate = (bits) =>
  estimate(bits, (value) => (value === 0 ? 1 / value : 1 / Math.sqrt(value)));
