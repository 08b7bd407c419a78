import { Draws } from '../../../src/kernel/draw.ts';
import type { OperandFormat } from './instructions.ts';
import { AREA_BYTES, REGISTERS_AT, type Start } from './machine-state.ts';

const bits64 = (draws: Draws): bigint => (BigInt(draws.bits()) << 32n) | BigInt(draws.bits());
const oneOf = <T>(draws: Draws, list: readonly T[]): T => list[draws.below(list.length)];

/** Significands whose last bits are where the three precisions and integers round. */
function significand(draws: Draws): bigint {
  const random = bits64(draws);
  switch (draws.below(8)) {
    case 0:
      return 0n;
    case 1:
      return (1n << 64n) - 1n;
    case 2: // few bits at the top
      return (random >> 56n) << 56n;
    case 3: // ties and their neighbours
      return (random & (-1n << 40n)) | oneOf(draws, [1n << 39n, (1n << 39n) - 1n, (1n << 39n) + 1n]);
    case 4:
      return (random & (-1n << 11n)) | oneOf(draws, [1n << 10n, (1n << 10n) - 1n, (1n << 10n) + 1n]);
    case 5: // a few bits at the bottom
      return random & 255n;
    default:
      return random;
  }
}

const INTEGER_BIT = 1n << 63n;

/** Exponents at the ends of the formats, and around one. */
function exponent(draws: Draws): number {
  const near = draws.below(5) - 2;
  switch (draws.below(10)) {
    case 0:
      return 1 + draws.below(70);
    case 1:
      return 0x7ffe - draws.below(70);
    case 2:
      return 16383 - 1023 + near - draws.below(56);
    case 3:
      return 16383 + 1023 + near;
    case 4:
      return 16383 - 127 + near - draws.below(26);
    case 5:
      return 16383 + 127 + near;
    case 6:
      return 1 + draws.below(0x7ffe);
    default:
      return 16383 - 8 + draws.below(oneOf(draws, [12, 72, 80]));
  }
}

/** Sign and exponent, and significand, of a register: each kind of number, and encodings that mean nothing. */
function drawExtended(draws: Draws): { high: number; low: bigint } {
  const sign = draws.chance(500) ? 0x8000 : 0;
  const fraction = significand(draws) & (INTEGER_BIT - 1n);
  switch (draws.below(16)) {
    case 0:
      return { high: sign, low: 0n };
    case 1:
      return { high: sign, low: fraction };
    case 2: // pseudo-denormals among them
      return { high: sign, low: significand(draws) };
    case 3:
      return { high: sign | 0x7fff, low: INTEGER_BIT };
    case 4: // NaNs
      return { high: sign | 0x7fff, low: INTEGER_BIT | fraction | (1n << BigInt(draws.below(63))) };
    case 5: // unnormals, pseudo-infinities, pseudo-NaNs
      return { high: sign | (draws.chance(300) ? 0x7fff : exponent(draws)), low: fraction };
    case 6: // small whole numbers
      return { high: sign | (16383 + draws.below(4)), low: INTEGER_BIT | ((fraction >> 60n) << 60n) };
    default:
      return { high: sign | exponent(draws), low: INTEGER_BIT | fraction };
  }
}

/** The bits of a binary format with so many bits of fraction. */
function drawBinary(draws: Draws, fractionBits: number, exponentBits: number): bigint {
  const ones = 2 ** exponentBits - 1;
  const sign = BigInt(draws.below(2));
  const chosen = oneOf(draws, [
    0,
    0,
    1,
    ones,
    ones - 1,
    ones >> 1,
    (ones >> 1) + draws.below(20),
    draws.below(ones),
  ]);
  const fraction = significand(draws) >> BigInt(64 - fractionBits);
  const isPlain = draws.chance(250);
  return (
    (((sign << BigInt(exponentBits)) | BigInt(chosen)) << BigInt(fractionBits)) | (isPlain ? 0n : fraction)
  );
}

function drawInteger(draws: Draws): bigint {
  const bits = BigInt(1 + draws.below(64));
  return BigInt.asUintN(
    64,
    oneOf(draws, [1n, -1n]) * (bits64(draws) >> (64n - bits)) - oneOf(draws, [0n, 1n]),
  );
}

function drawDecimal(draws: Draws): { high: number; low: bigint } {
  const digits = BigInt(`0x${Array.from({ length: 18 }, () => draws.below(10)).join('')}`);
  const kept = digits >> BigInt(4 * draws.below(19));
  return { high: Number(kept >> 64n) | (draws.chance(500) ? 0x8000 : 0), low: BigInt.asUintN(64, kept) };
}

function drawWords(draws: Draws, view: DataView): void {
  const rounding = draws.below(4) << 10;
  const precision = oneOf(draws, [0, 0x200, 0x300, 0x300]);
  const masks = draws.chance(750) ? 0x3f : draws.below(64);
  view.setUint32(0, 0xffff0040 | rounding | precision | masks, true);
  // Exceptions that stand already are masked: none is pending.
  const exceptions = draws.below(128) & (masks | 0x40);
  const codes = draws.bits() & 0x4700;
  view.setUint32(4, 0xffff0000 | exceptions | codes | (draws.below(8) << 11), true);
  view.setUint32(8, 0xffff0000 | drawTags(draws, (view.getUint16(4, true) >> 11) & 7), true);
}

/** A stack of some depth, sometimes with a hole. */
function drawTags(draws: Draws, top: number): number {
  const depth = oneOf(draws, [0, 1, 2, 3, 5, 7, 7, 7, 8]);
  let tags = 0;
  for (let register = 0; register < 8; register++) {
    const isEmpty = register >= depth !== draws.chance(30);
    if (isEmpty) tags |= 3 << (2 * ((top + register) & 7));
  }
  return tags;
}

function drawState(draws: Draws, at: Uint8Array): void {
  const view = new DataView(at.buffer, at.byteOffset, at.byteLength);
  drawWords(draws, view);
  for (let register = 0; register < 8; register++)
    setPair(view, REGISTERS_AT + 10 * register, drawExtended(draws));
}

function setPair(view: DataView, at: number, { high, low }: { high: number; low: bigint }): void {
  view.setBigUint64(at, low, true);
  view.setUint16(at + 8, high, true);
}

/** The start of case number `index` of an instruction, which is the same at all times. */
export function drawStart(name: string, operand: OperandFormat, index: number): Start {
  const draws = new Draws(20260101n, name, index);
  const state = new Uint8Array(AREA_BYTES);
  const memory = new Uint8Array(AREA_BYTES);
  drawState(draws, state);
  const view = new DataView(memory.buffer);
  switch (operand) {
    case 'm32fp':
      view.setUint32(0, Number(drawBinary(draws, 23, 8)), true);
      break;
    case 'm64fp':
      view.setBigUint64(0, drawBinary(draws, 52, 11), true);
      break;
    case 'm80fp':
      setPair(view, 0, drawExtended(draws));
      break;
    case 'm80bcd':
      setPair(view, 0, drawDecimal(draws));
      break;
    case 'm16int':
    case 'm32int':
    case 'm64int':
      view.setBigUint64(0, drawInteger(draws), true);
      break;
    case 'environment':
    case 'state':
      drawState(draws, memory);
      break;
    case 'none':
      break;
  }
  return { flags: 0x202 | (draws.bits() & 0x8d5), memory, state };
}
