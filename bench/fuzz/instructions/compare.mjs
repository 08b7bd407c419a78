// What differs between two answers, where the manual defines what comes out.

import { ANSWER, COMPARED_FLAGS, CONDITION_CODES, DATA_AT, PAGE_BYTES, STATE } from './layout.mjs';

/** Of MXCSR, AMD's own. */
const MISALIGNED_EXCEPTION_MASK = 0x2_0000;
/** What they read is read in an order of the processor's own. */
const LOADS_IN_PARTS = /^(frstor|fldenv|(repn?e )?cmps[bwdq]$)/;
const SIGBUS = 7n;
const SIGSEGV = 11n;

/**
 * One line for each difference, `expected` first.
 *
 * @param {import('./generate.mjs').Case} tried
 * @param {Buffer} expected
 * @param {Buffer} given
 * @param {readonly string[]} registers names of the general ones, in the order of their encoding
 * @returns {string[]}
 */
export function differences(tried, expected, given, registers) {
  const state = ANSWER.state;
  // A bit that only some processors have was loaded: where others refuse it, this one went on.
  if ((expected.readUint32LE(state + STATE.mxcsr) & MISALIGNED_EXCEPTION_MASK) !== 0) return [];
  /** @type {string[]} */
  const found = [];
  /**
   * @param {string} name
   * @param {bigint} one
   * @param {bigint} other
   */
  const same = (name, one, other) => {
    if (one !== other) found.push(`${name} is 0x${other.toString(16)} instead of 0x${one.toString(16)}`);
  };
  /**
   * @param {string} name
   * @param {(answer: Buffer) => bigint | number} read
   */
  const compare = (name, read) => same(name, BigInt(read(expected)), BigInt(read(given)));

  compare('signal', signalOf);
  if (!tried.texts.some((text) => LOADS_IN_PARTS.test(text))) compare('fault address', faultAddressOf);
  compare('rip', (answer) => answer.readBigUint64LE(state + STATE.instructionPointer));
  for (const [register, name] of registers.entries())
    compare(name, (answer) => answer.readBigUint64LE(state + STATE.general + 8 * register));

  const isCutShort = tried.jumps || signalOf(expected) !== 0n;
  const undefinedFlags = isCutShort ? tried.undefinedEver : tried.undefinedFlags;
  compare('flags', (answer) => answer.readUint32LE(state + STATE.flags) & COMPARED_FLAGS & ~undefinedFlags);
  compare('mxcsr', (answer) => answer.readUint32LE(state + STATE.mxcsr));
  const conditionCodes = (undefinedFlags >> 16) & CONDITION_CODES;
  compare('x87 control', (answer) => answer.readUint16LE(state + STATE.x87Control));
  compare('x87 status', (answer) => answer.readUint16LE(state + STATE.x87Status) & ~conditionCodes);
  compare('x87 tags', (answer) => answer[state + STATE.x87Tag]);
  for (let register = 0; register < 8; register++) {
    const at = state + STATE.x87 + 16 * register;
    compare(
      `st${register}`,
      (answer) => (BigInt(answer.readUint16LE(at + 8)) << 64n) | answer.readBigUint64LE(at),
    );
  }
  for (let register = 0; register < 16; register++) {
    const at = state + STATE.vector + 16 * register;
    compare(
      `xmm${register}`,
      (answer) => (answer.readBigUint64LE(at + 8) << 64n) | answer.readBigUint64LE(at),
    );
  }
  if (expected.compare(given, ANSWER.memory, ANSWER.bytes, ANSWER.memory, ANSWER.bytes) !== 0) {
    for (let offset = 0; offset < PAGE_BYTES; offset++)
      compare(`byte at 0x${(DATA_AT + offset).toString(16)}`, (answer) => answer[ANSWER.memory + offset]);
  }
  return found;
}

/** A stack fault is a bus error to Linux; the guest has one signal for both. @param {Buffer} answer */
function signalOf(answer) {
  const signal = answer.readBigUint64LE(ANSWER.signal);
  return signal === SIGBUS ? SIGSEGV : signal;
}

/** Only accesses have one, and Linux tells none that is not canonical. @param {Buffer} answer */
function faultAddressOf(answer) {
  const address = answer.readBigUint64LE(ANSWER.faultAddress);
  const isCanonical = BigInt.asUintN(64, BigInt.asIntN(48, address)) === address;
  return signalOf(answer) === SIGSEGV && isCanonical ? address : 0n;
}
