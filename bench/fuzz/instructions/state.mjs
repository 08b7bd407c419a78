// The state that a case begins with.

import { bits64, double, extended, lanes, number, oneOf, pointer, single } from './draw.mjs';
import { DATA_AT, PAGE_BYTES, REQUEST, STATE } from './layout.mjs';

/** Numbers of registers that mostly point into the page of data: rbx, rsp, rbp, rsi, rdi, r9, r12, r13, r14. */
export const POINTERS = [3, 4, 5, 6, 7, 9, 12, 13, 14];
/** Registers that are small numbers, for use as an index: r10, r15. */
export const INDICES = [10, 15];

const TILE_BYTES = 256;

/**
 * Fills in registers and memory.
 *
 * @param {DataView} request
 * @param {import('./draw.mjs').Draw} draw
 */
export function drawState(request, draw) {
  const at = REQUEST.state;
  for (let register = 0; register < 16; register++) {
    const value = POINTERS.includes(register)
      ? pointer(draw)
      : INDICES.includes(register)
        ? BigInt.asUintN(64, BigInt(draw(65) - 32))
        : number(draw);
    request.setBigUint64(at + STATE.general + 8 * register, value, true);
  }
  // The stack is a multiple of 8 bytes, inside the page.
  request.setBigUint64(at + STATE.general + 8 * 4, BigInt(DATA_AT + 1024 + 8 * draw(256)), true);
  const direction = draw(8) === 0 ? 0x400 : 0;
  request.setBigUint64(at + STATE.flags, BigInt(0x202 | (draw(2 ** 12) & 0x8d5) | direction), true);
  drawFloatingPoint(request, draw, at);
  for (let byte = 0; byte < TILE_BYTES; byte += 8) {
    const value = oneOf(draw, [bits64, number, lanes, double])(draw);
    for (let copy = byte; copy < PAGE_BYTES; copy += TILE_BYTES)
      request.setBigUint64(REQUEST.memory + copy, value, true);
  }
}

/**
 * @param {DataView} request
 * @param {import('./draw.mjs').Draw} draw
 * @param {number} at
 */
function drawFloatingPoint(request, draw, at) {
  const rounding = draw(2) === 0 ? 0 : draw(4);
  const isPlain = draw(3) !== 0;
  request.setUint16(
    at + STATE.x87Control,
    isPlain ? 0x37f : 0x7f | (oneOf(draw, [0, 2, 3]) << 8) | (draw(4) << 10),
    true,
  );
  request.setUint16(at + STATE.x87Status, (draw(8) << 11) | (isPlain ? 0 : draw(2 ** 16) & 0x4700), true);
  request.setUint8(at + STATE.x87Tag, oneOf(draw, [0xff, 0xff, 0, draw(256)]));
  request.setUint32(
    at + STATE.mxcsr,
    0x1f80 | (rounding << 13) | (draw(4) === 0 ? draw(64) : 0) | oneOf(draw, [0, 0, 0, 0x40, 0x8000, 0x8040]),
    true,
  );
  request.setUint32(at + STATE.mxcsr + 4, 0xffff, true);
  for (let register = 0; register < 8; register++) {
    const [significand, exponent] = extended(draw);
    request.setBigUint64(at + STATE.x87 + 16 * register, significand, true);
    request.setUint16(at + STATE.x87 + 16 * register + 8, exponent, true);
  }
  for (let half = 0; half < 32; half++) {
    // The lower half is a number of floating point more often.
    const value = half % 2 === 0 && draw(2) === 0 ? oneOf(draw, [double, scalarSingle])(draw) : lanes(draw);
    request.setBigUint64(at + STATE.vector + 8 * half, value, true);
  }
}

/** @param {import('./draw.mjs').Draw} draw */
const scalarSingle = (draw) => ((bits64(draw) << 32n) & ((1n << 64n) - 1n)) | single(draw);
