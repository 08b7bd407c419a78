import type { FloatFormat } from '../lifted/form.ts';

const doubles = new Float64Array(1);
const bits64 = new BigUint64Array(doubles.buffer);
const singles = new Float32Array(1);
const bits32 = new Uint32Array(singles.buffer);

/** Bits as a number of the host. What is in a NaN may be lost. */
export function numberOf(format: FloatFormat, bits: bigint): number {
  if (format === 'f64') {
    bits64[0] = bits;
    return doubles[0];
  }
  bits32[0] = Number(bits);
  return singles[0];
}

/** A number that the format has, as bits. */
export function bitsOf(format: FloatFormat, value: number): bigint {
  if (format === 'f64') {
    doubles[0] = value;
    return bits64[0];
  }
  singles[0] = value;
  return BigInt(bits32[0]);
}

const LEAST = { f32: 2 ** -126, f64: 2 ** -1022 } as const;
const MOST = { f32: (2 - 2 ** -23) * 2 ** 127, f64: Number.MAX_VALUE } as const;

/** Zero, or neither denormal nor infinite nor a NaN. */
export function isOrdinary(format: FloatFormat, value: number): boolean {
  const magnitude = Math.abs(value);
  return magnitude === 0 || (magnitude >= LEAST[format] && magnitude <= MOST[format]);
}
