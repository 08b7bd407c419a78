// Cases for the oracle: one to eight instructions, and a state to begin with.

import { CpuidFeature, FlowControl, Mnemonic, OpKind, Register, RflagsBits } from 'iced-x86';
import { draws } from '../mutate.mjs';
import { oneOf } from './draw.mjs';
import { encode } from './encode.mjs';
import { CODE_AT, REQUEST, STATE } from './layout.mjs';
import { drawState, POINTERS } from './state.mjs';

/**
 * @typedef {object} Case
 * @property {number} seed makes the same case again, out of the same forms
 * @property {string[]} texts the instructions, for people
 * @property {string[]} mnemonics
 * @property {Buffer} request as the oracle reads it
 * @property {number} undefinedFlags bits of RFLAGS that the manual leaves undefined in the end
 * @property {number} undefinedEver the same, where an instruction faults or jumps, so that later ones do not happen
 * @property {boolean} jumps
 * @property {readonly Aim[]} aims
 */

/**
 * What the state must hold for an instruction to jump to its target.
 *
 * @typedef {{ target: bigint, register: number | undefined, isReturn: boolean, popsFlags: boolean }} Aim
 */

/** The decoder's bits of flags, and those of RFLAGS. C0 to C3 are in bits 24 to 30, as far up as in the x87 status word. */
const FLAGS = [
  [RflagsBits.CF, 0x001],
  [RflagsBits.PF, 0x004],
  [RflagsBits.AF, 0x010],
  [RflagsBits.ZF, 0x040],
  [RflagsBits.SF, 0x080],
  [RflagsBits.OF, 0x800],
  [RflagsBits.DF, 0x400],
  [RflagsBits.C0, 0x0100_0000],
  [RflagsBits.C1, 0x0200_0000],
  [RflagsBits.C2, 0x0400_0000],
  [RflagsBits.C3, 0x4000_0000],
];

/** @param {number} bits */
const flagsOf = (bits) =>
  FLAGS.reduce((flags, [bit, flag]) => ((bits & bit) === 0 ? flags : flags | flag), 0);

const OF = 0x800;
const ARITHMETIC = 0x8d5;
const COMPARES_STRINGS = /^(cmps|scas)[bwdq]$/;

/** Instructions that read the flags which the decoder does not tell of. */
const READS_CONDITION_CODES = new Set(['fnstsw', 'fnstenv', 'fnsave', 'fxsave', 'fxsave64']);

/**
 * @param {number} seed
 * @param {Map<string, import('./encode.mjs').Form[]>} forms
 * @param {{ mnemonics: readonly string[], lengthMax: number }} options mnemonics to begin with
 * @returns {Case}
 */
export function caseOf(seed, forms, { mnemonics, lengthMax }) {
  const draw = draws(seed);
  const all = [...forms.keys()];
  const request = Buffer.alloc(REQUEST.bytes);
  const view = new DataView(request.buffer, request.byteOffset, request.byteLength);
  drawState(view, draw);

  const length = 1 + (draw(2) === 0 ? 0 : draw(lengthMax));
  /** @type {Placed[]} */
  const placed = [];
  const flags = new UndefinedFlags();
  for (let attempt = 0; placed.length < length && attempt < 400; attempt++) {
    const address = endOf(placed);
    const mnemonic = oneOf(draw, placed.length === 0 ? mnemonics : all);
    const form = oneOf(draw, forms.get(mnemonic) ?? []);
    const encoded = encode(form, address, draw);
    if (encoded === undefined) continue;
    const { bytes, instruction } = encoded;
    if (isDefined(instruction, mnemonic, placed.length, view) && flags.take(instruction, mnemonic))
      placed.push({ address, bytes, mnemonic, text: instruction.toString(), ...flowOf(instruction) });
    instruction.free();
  }
  const aims = aimed(placed, draw);
  prepare(view, aims);
  request.set(
    placed.flatMap(({ bytes }) => bytes),
    REQUEST.code,
  );
  view.setBigUint64(REQUEST.codeBytes, BigInt(endOf(placed) - CODE_AT), true);
  return {
    seed,
    texts: placed.map(({ text }) => text),
    mnemonics: placed.map(({ mnemonic }) => mnemonic),
    request,
    undefinedFlags: flags.now,
    undefinedEver: flags.ever,
    jumps: flags.jumps,
    aims,
  };
}

/**
 * The same instructions with another state to begin with.
 *
 * @param {Case} tried
 * @param {number} seed of the state
 * @returns {Case}
 */
export function withState(tried, seed) {
  const request = Buffer.alloc(REQUEST.bytes);
  const view = new DataView(request.buffer, request.byteOffset, request.byteLength);
  drawState(view, draws(seed));
  prepare(view, tried.aims);
  tried.request.copy(request, 0, 0, REQUEST.state);
  return { ...tried, request };
}

/** @typedef {{ address: number, bytes: number[], mnemonic: string, text: string, distanceBytes: number, register: number | undefined, isReturn: boolean }} Placed */

/** @param {readonly Placed[]} placed */
function endOf(placed) {
  const last = placed.at(-1);
  return last === undefined ? CODE_AT : last.address + last.bytes.length;
}

/** Which flags are undefined as instructions follow each other. No instruction may use them. */
class UndefinedFlags {
  now = 0;
  ever = 0;
  jumps = false;

  /**
   * Whether an instruction may stand here; if so, what it does to the flags is taken account of.
   *
   * @param {import('iced-x86').Instruction} instruction
   * @param {string} mnemonic
   */
  take(instruction, mnemonic) {
    const read = flagsOf(instruction.rflagsRead) | (READS_CONDITION_CODES.has(mnemonic) ? 0x4700_0000 : 0);
    if ((read & (this.jumps ? this.ever : this.now)) !== 0) return false;
    const leftUndefined =
      flagsOf(instruction.rflagsUndefined) | (isRotationByMany(instruction, mnemonic) ? OF : 0);
    const comparesStrings =
      COMPARES_STRINGS.test(mnemonic) && (instruction.hasRepPrefix || instruction.hasRepnePrefix);
    // A count of zero leaves the flags alone.
    const isConditional = comparesStrings || countIsInCl(instruction);
    if (!isConditional) this.now &= ~flagsOf(instruction.rflagsModified);
    this.now |= leftUndefined;
    this.ever |= leftUndefined;
    // Where a repetition faults, the flags are those of before, and in the guest those of the repetition before.
    if (comparesStrings) this.ever |= ARITHMETIC;
    if (instruction.flowControl !== FlowControl.Next) this.jumps = true;
    return true;
  }
}

/** Instructions that the guest says it does not have. */
const BEYOND_BASELINE = new Set([
  CpuidFeature.SSE3,
  CpuidFeature.SSSE3,
  CpuidFeature.SSE4_1,
  CpuidFeature.SSE4_2,
]);

/**
 * Rotations through the carry leave OF undefined but for a count of 1, also where the count is nothing but whole turns.
 *
 * @param {import('iced-x86').Instruction} instruction
 * @param {string} mnemonic
 */
const isRotationByMany = (instruction, mnemonic) =>
  (mnemonic === 'rcl' || mnemonic === 'rcr') &&
  !(instruction.op1Kind === OpKind.Immediate8 && (instruction.immediate8 & 31) === 1);

const POPS_FLAGS = new Set(['popf', 'popfq']);
/** Single steps, nested tasks and checks of alignment, which a program can ask for, and which are no matter of instructions. */
const UNWANTED_FLAGS = 0x4_4100n;

/** @param {import('iced-x86').Instruction} instruction */
function countIsInCl(instruction) {
  const last = instruction.opCount - 1;
  return (
    last >= 1 &&
    instruction.opKind(last) === OpKind.Register &&
    instruction.opRegister(last) === Register.CL &&
    isShift(instruction)
  );
}

const SHIFTS = new Set([
  Mnemonic.Shl,
  Mnemonic.Sal,
  Mnemonic.Shr,
  Mnemonic.Sar,
  Mnemonic.Rol,
  Mnemonic.Ror,
  Mnemonic.Rcl,
  Mnemonic.Rcr,
  Mnemonic.Shld,
  Mnemonic.Shrd,
]);

/** @param {import('iced-x86').Instruction} instruction */
const isShift = ({ mnemonic }) => SHIFTS.has(mnemonic);

/**
 * Whether the manual defines the results, flags aside, and the place in memory where the oracle can follow.
 *
 * @param {import('iced-x86').Instruction} instruction
 * @param {string} mnemonic
 * @param {number} place
 * @param {DataView} request
 */
function isDefined(instruction, mnemonic, place, request) {
  if (instruction.cpuidFeatures().some((feature) => BEYOND_BASELINE.has(feature))) return false;
  if (mnemonic === 'shld' || mnemonic === 'shrd') {
    // A count beyond 16 bits leaves the result undefined.
    const is16 = instruction.op1Register >= Register.AX && instruction.op1Register <= Register.R15W;
    if (!is16) return true;
    if (instruction.op2Kind === OpKind.Register)
      return place === 0 && (request.getUint8(REQUEST.state + STATE.general + 8) & 31) <= 16;
    return (Number(instruction.immediate8) & 31) <= 16;
  }
  // 0F 0D with a register is invalid to AMD, and does nothing to Intel.
  if (mnemonic === 'reservednop' && instruction.op0Kind === OpKind.Register) return false;
  // Behind a breakpoint of more bytes than one a debugger would be lost, too.
  if (mnemonic === 'int3') return instruction.length === 1;
  if (POPS_FLAGS.has(mnemonic)) return place === 0;
  // An indirect jump is led by the state that a case begins with.
  const { flowControl } = instruction;
  if (flowControl === FlowControl.Return) return place === 0;
  if (flowControl === FlowControl.IndirectBranch || flowControl === FlowControl.IndirectCall)
    return (
      place === 0 &&
      instruction.op0Kind === OpKind.Register &&
      // What points to data is not made to point to instructions: behind them the two memories differ.
      !POINTERS.includes(instruction.op0Register - Register.RAX)
    );
  return true;
}

/** @param {import('iced-x86').Instruction} instruction */
function flowOf(instruction) {
  const isDirect = instruction.op0Kind === OpKind.NearBranch64;
  const distanceBytes = isDirect
    ? instruction.flowControl === FlowControl.ConditionalBranch || instruction.isJmpShort
      ? 1
      : 4
    : 0;
  const isIndirect =
    instruction.flowControl === FlowControl.IndirectBranch ||
    instruction.flowControl === FlowControl.IndirectCall;
  return {
    distanceBytes: isDirect
      ? instruction.isJccNear || instruction.isJmpNear || instruction.isCallNear
        ? 4
        : distanceBytes
      : 0,
    register: isIndirect ? instruction.op0Register - Register.RAX : undefined,
    isReturn: instruction.flowControl === FlowControl.Return,
  };
}

/**
 * Jumps lead to the beginning of a later instruction, or to the end. Gives what the state must hold for that.
 *
 * @param {Placed[]} placed
 * @param {import('./draw.mjs').Draw} draw
 * @returns {Aim[]}
 */
function aimed(placed, draw) {
  const end = endOf(placed);
  return placed.map(({ address, bytes, mnemonic, distanceBytes, register, isReturn }, place) => {
    const target = oneOf(draw, [...placed.slice(place + 1).map((next) => next.address), end]);
    const distance = target - address - bytes.length;
    for (let byte = 0; byte < distanceBytes; byte++)
      bytes[bytes.length - distanceBytes + byte] = (distance >> (8 * byte)) & 0xff;
    return { target: BigInt(target), register, isReturn, popsFlags: POPS_FLAGS.has(mnemonic) };
  });
}

/**
 * Registers and the stack are made fit for what jumps by them, and for what pops flags.
 *
 * @param {DataView} request
 * @param {readonly Aim[]} aims
 */
function prepare(request, aims) {
  const stack = Number(request.getBigUint64(REQUEST.state + STATE.general + 8 * 4, true));
  const stackAt = REQUEST.memory + (stack & 0xfff);
  for (const { target, register, isReturn, popsFlags } of aims) {
    if (register !== undefined)
      request.setBigUint64(REQUEST.state + STATE.general + 8 * register, target, true);
    if (isReturn) request.setBigUint64(stackAt, target, true);
    if (popsFlags) request.setBigUint64(stackAt, request.getBigUint64(stackAt, true) & ~UNWANTED_FLAGS, true);
  }
}
