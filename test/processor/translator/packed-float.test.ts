import { describe, expect, it } from 'vitest';
import { RSI } from '../../../src/processor/registers.ts';
import { interpreted, type Machine, run, type Setup, translated } from './compare-engines.ts';

/** All masked, rounding to nearest, and that something was rounded known: where code is in place. */
const MXCSR = 0x1fa0;

/** In a loop: sum, difference, product and quotient of two vectors, and the roots of the first, in xmm2 to xmm6. */
const setup = (prefix: readonly number[]): Setup => ({
  code: Uint8Array.from([
    ...[...prefix, 0x0f, 0x10, 0x06], // movupd xmm0, [rsi]
    ...[...prefix, 0x0f, 0x10, 0x4e, 0x10], // movupd xmm1, [rsi + 16]
    ...[0xd0, 0xd8, 0xe0, 0xe8].flatMap((to) => [...prefix, 0x0f, 0x28, to]), // movapd xmm2 to xmm5, xmm0
    ...[...prefix, 0x0f, 0x58, 0xd1], // addpd xmm2, xmm1
    ...[...prefix, 0x0f, 0x5c, 0xd9], // subpd xmm3, xmm1
    ...[...prefix, 0x0f, 0x59, 0xe1], // mulpd xmm4, xmm1
    ...[...prefix, 0x0f, 0x5e, 0xe9], // divpd xmm5, xmm1
    ...[...prefix, 0x0f, 0x51, 0xf0], // sqrtpd xmm6, xmm0
    ...[0xeb, 0x100 - (11 * (3 + prefix.length) + 1 + 2)], // jmp to the beginning
  ]),
  registers: Array.from({ length: 16 }, () => 0n),
  dataOffset: 0x100,
  recorded: 'persistent',
});
const LOOP_INSTRUCTIONS = 12;

/** Formats: bits of a lane, where the exponent lies in them, and how many it has. */
const FORMATS = [
  { name: 'binary64', prefix: [0x66], laneBits: 64n, exponentAt: 52n, exponentBits: 11n },
  { name: 'binary32', prefix: [], laneBits: 32n, exponentAt: 23n, exponentBits: 8n },
] as const;
type Format = (typeof FORMATS)[number];

/** Numbers with the exponents of zeros and infinities, and next to them, and with a third and a half of the middle one. */
function numbersOf({ exponentAt, exponentBits, laneBits }: Format): bigint[] {
  const most = (1n << exponentBits) - 1n;
  const middle = most >> 1n;
  const exponents = [0n, 1n, 2n, 3n, middle / 3n, middle >> 1n, middle, most - 2n, most - 1n, most];
  const fractions = [0n, 1n, (1n << exponentAt) - 1n];
  const all = exponents.flatMap((exponent) =>
    fractions.map((fraction) => (exponent << exponentAt) | fraction),
  );
  return [...all, ...all.filter((_, place) => place % 4 === 0).map((one) => one | (1n << (laneBits - 1n)))];
}

/** A vector whose lanes hold 1.5, but for one. */
function vectorWith({ laneBits, exponentAt, exponentBits }: Format, lane: bigint, number: bigint): bigint {
  const ordinary = (((1n << (exponentBits - 1n)) - 1n) << exponentAt) | (1n << (exponentAt - 1n));
  let vector = 0n;
  for (let at = 0n; at < 128n / laneBits; at++)
    vector |= (at === lane ? number : ordinary) << (at * laneBits);
  return vector;
}

function resultsOf(machine: Machine, left: bigint, right: bigint): unknown {
  const { processor } = machine;
  const at = Number(processor.general(RSI));
  for (const [place, vector] of [left, right].entries()) {
    for (const half of [0, 1]) {
      const bits = BigInt.asUintN(64, vector >> BigInt(64 * half));
      processor.memory.view.setBigUint64(at + 16 * place + 8 * half, bits, true);
    }
  }
  processor.mxcsr = MXCSR;
  run(machine, processor.instructions + LOOP_INSTRUCTIONS);
  return [processor.mxcsr, ...[2, 3, 4, 5, 6].map((register) => processor.vector(register).toString(16))];
}

describe('packed floating point in translated code', () => {
  for (const format of FORMATS) {
    it(`has the bits and flags of the interpreter where one lane of ${format.name} is extreme`, () => {
      const left = interpreted(setup(format.prefix));
      const right = translated(setup(format.prefix), { executionsMin: 1 });
      const numbers = numbersOf(format);
      const lane = 128n / format.laneBits - 1n;
      for (const one of numbers) {
        for (const other of numbers) {
          const [first, second] = [vectorWith(format, lane, one), vectorWith(format, lane, other)];
          expect(resultsOf(right, first, second)).toEqual(resultsOf(left, first, second));
        }
      }
    });
  }
});
