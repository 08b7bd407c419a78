// Random encodings of instructions, from the decoder's own description of each: prefixes, opcode, ModRM, SIB,
// displacement, immediates. What the decoder then reads as something else is thrown away.

import {
  Code,
  CodeExt,
  Decoder,
  DecoderOptions,
  EncodingKind,
  Instruction,
  OpCodeOperandKind as Kind,
  MandatoryPrefix,
  Mnemonic,
  OpCodeTableKind,
  OpKind,
  Register,
} from 'iced-x86';
import { number, oneOf } from './draw.mjs';
import { DATA_AT } from './layout.mjs';
import { INDICES, POINTERS } from './state.mjs';

/** @typedef {import('./draw.mjs').Draw} Draw */

/**
 * What is needed of the decoder's description of an encoding.
 *
 * @typedef {ReturnType<typeof description>} Form
 */

const TABLE_BYTES = new Map([
  [OpCodeTableKind.Normal, []],
  [OpCodeTableKind.T0F, [0x0f]],
  [OpCodeTableKind.T0F38, [0x0f, 0x38]],
  [OpCodeTableKind.T0F3A, [0x0f, 0x3a]],
]);
const MANDATORY_BYTES = new Map([
  [MandatoryPrefix.P66, [0x66]],
  [MandatoryPrefix.PF3, [0xf3]],
  [MandatoryPrefix.PF2, [0xf2]],
]);

const MEMORY_ONLY = [Kind.mem];
const MEMORY_OR_REGISTER = [
  Kind.r8_or_mem,
  Kind.r16_or_mem,
  Kind.r32_or_mem,
  Kind.r64_or_mem,
  Kind.xmm_or_mem,
];
const RM_REGISTER = [Kind.r16_rm, Kind.r32_rm, Kind.r64_rm, Kind.xmm_rm];
const REG_REGISTER = [Kind.r8_reg, Kind.r16_reg, Kind.r32_reg, Kind.r64_reg, Kind.xmm_reg];
const OPCODE_REGISTER = [Kind.r8_opcode, Kind.r16_opcode, Kind.r32_opcode, Kind.r64_opcode, Kind.sti_opcode];
const FIXED = [
  Kind.al,
  Kind.cl,
  Kind.ax,
  Kind.dx,
  Kind.eax,
  Kind.rax,
  Kind.st0,
  Kind.imm8_const_1,
  Kind.seg_rSI,
  Kind.es_rDI,
  Kind.seg_rBX_al,
];
/** Bytes of an immediate or a distance. */
const IMMEDIATE_BYTES = new Map([
  [Kind.imm8, 1],
  [Kind.imm8sex16, 1],
  [Kind.imm8sex32, 1],
  [Kind.imm8sex64, 1],
  [Kind.imm16, 2],
  [Kind.imm32, 4],
  [Kind.imm32sex64, 4],
  [Kind.imm64, 8],
  [Kind.br64_1, 1],
  [Kind.br64_4, 4],
]);
const KNOWN = new Set([
  ...[MEMORY_ONLY, MEMORY_OR_REGISTER, RM_REGISTER, REG_REGISTER, OPCODE_REGISTER, FIXED].flat(),
  ...IMMEDIATE_BYTES.keys(),
]);

/** @param {Code} code */
function description(code) {
  const info = CodeExt.opCode(code);
  const kinds = [info.op0Kind, info.op1Kind, info.op2Kind, info.op3Kind].slice(0, info.opCount);
  const result = {
    code,
    name: Code[code],
    mnemonic: Mnemonic[info.mnemonic].toLowerCase(),
    isLegacy: info.encoding === EncodingKind.Legacy && info.mode64 && info.isInstruction,
    kinds,
    table: info.table,
    prefix: info.mandatoryPrefix,
    opCode: info.opCode,
    opCodeBytes: info.opCodeLength,
    group: info.isGroup ? info.groupIndex : undefined,
    rmGroup: info.isRmGroup ? info.rmGroupIndex : undefined,
    operandSize: info.operandSize,
    isWide: info.operandSize === 64 && !info.defaultOpSize64 && !info.forceOpSize64,
    canLock: info.canUseLockPrefix,
    canRepeat: info.canUseRepPrefix,
    canRepeatNot: info.canUseRepnePrefix,
  };
  info.free();
  return result;
}

/**
 * The encodings that programs in 64-bit mode have of these mnemonics, by mnemonic.
 *
 * @param {ReadonlySet<string>} mnemonics
 * @returns {Map<string, Form[]>}
 */
export function formsOf(mnemonics) {
  /** @type {Map<string, Form[]>} */
  const forms = new Map();
  for (const code of Object.values(Code)) {
    if (typeof code !== 'number') continue;
    const form = description(code);
    if (!form.isLegacy || !mnemonics.has(form.mnemonic) || !form.kinds.every((kind) => KNOWN.has(kind)))
      continue;
    forms.set(form.mnemonic, [...(forms.get(form.mnemonic) ?? []), form]);
  }
  return forms;
}

/**
 * An instruction in this form, for this address; undefined where what was drawn is none.
 *
 * @param {Form} form
 * @param {number} address
 * @param {Draw} draw
 * @returns {{ bytes: number[], instruction: Instruction } | undefined}
 */
export function encode(form, address, draw) {
  const bytes = encodedBytes(form, address, draw);
  const decoder = new Decoder(64, Uint8Array.from(bytes), DecoderOptions.None);
  decoder.ip = BigInt(address);
  const instruction = decoder.decode();
  decoder.free();
  if (instruction.code === form.code && instruction.length === bytes.length && !usesMmx(instruction))
    return { bytes, instruction };
  instruction.free();
  return undefined;
}

/** @param {Instruction} instruction */
function usesMmx(instruction) {
  for (let at = 0; at < instruction.opCount; at++) {
    if (instruction.opKind(at) !== OpKind.Register) continue;
    const register = instruction.opRegister(at);
    if (register >= Register.MM0 && register <= Register.MM7) return true;
  }
  return false;
}

/**
 * @param {Form} form
 * @param {number} address
 * @param {Draw} draw
 */
function encodedBytes(form, address, draw) {
  const { kinds } = form;
  const has = (/** @type {readonly Kind[]} */ list) => kinds.some((kind) => list.includes(kind));
  const canBeMemory = has([...MEMORY_ONLY, ...MEMORY_OR_REGISTER]);
  const isMemory = canBeMemory && (has(MEMORY_ONLY) || draw(2) === 0);
  const needsModRm =
    canBeMemory ||
    has([...RM_REGISTER, ...REG_REGISTER]) ||
    form.group !== undefined ||
    form.rmGroup !== undefined;
  const modRm = needsModRm ? operandBytes(form, isMemory, draw) : undefined;

  const bytes = [];
  if (isMemory && draw(24) === 0) bytes.push(0x65); // GS
  if (isMemory && draw(40) === 0) bytes.push(0x67);
  if (isMemory && form.canLock && draw(4) === 0) bytes.push(0xf0);
  if (form.canRepeat && draw(2) === 0) bytes.push(0xf3);
  else if (form.canRepeatNot && draw(2) === 0) bytes.push(0xf2);
  if (form.operandSize === 16) bytes.push(0x66);
  bytes.push(...(MANDATORY_BYTES.get(form.prefix) ?? []));
  const register = registerInOpcode(form, draw);
  const rex = (modRm?.rex ?? 0) | (register >> 3) | (form.isWide ? 8 : 0);
  if (rex !== 0 || draw(6) === 0) bytes.push(0x40 | rex);
  bytes.push(...(TABLE_BYTES.get(form.table) ?? []));
  const opCode = form.opCode + (register & 7);
  if (form.opCodeBytes === 2) bytes.push(opCode >> 8);
  bytes.push(opCode & 0xff);
  if (modRm !== undefined) bytes.push(...modRm.bytes);

  const immediates = kinds.flatMap((kind) => immediateBytes(kind, draw));
  if (modRm?.isRelative === true) {
    // The four bytes before the immediates are the distance from the end of the instruction.
    const end = address + bytes.length + immediates.length;
    const distance = DATA_AT + 1024 + 16 * draw(128) - end;
    for (let byte = 0; byte < 4; byte++) bytes[bytes.length - 4 + byte] = (distance >> (8 * byte)) & 0xff;
  }
  return [...bytes, ...immediates];
}

/**
 * @param {Form} form
 * @param {Draw} draw
 */
function registerInOpcode({ kinds }, draw) {
  if (kinds.includes(Kind.sti_opcode)) return draw(8);
  return kinds.some((kind) => OPCODE_REGISTER.includes(kind)) ? destination(draw) : 0;
}

const VALUES = [0, 1, 2, 8, 11];

/** Mostly not one of those that later operands address memory by. @param {Draw} draw */
const destination = (draw) => (draw(3) === 0 ? draw(16) : oneOf(draw, VALUES));

/**
 * ModRM and what follows it, and the bits R, X and B of REX.
 *
 * @param {Form} form
 * @param {boolean} isMemory
 * @param {Draw} draw
 */
function operandBytes(form, isMemory, draw) {
  const isVector = form.kinds.includes(Kind.xmm_reg);
  const register = form.group ?? (isVector ? draw(16) : destination(draw));
  const fields = (/** @type {number} */ mod, /** @type {number} */ rm) =>
    (mod << 6) | ((register & 7) << 3) | (rm & 7);
  const rexR = (register >> 3) << 2;
  if (!isMemory) {
    const rm =
      form.rmGroup ??
      (form.kinds.includes(Kind.xmm_rm) || form.kinds.includes(Kind.xmm_or_mem)
        ? draw(16)
        : destination(draw));
    return { bytes: [fields(3, rm)], rex: rexR | (rm >> 3), isRelative: false };
  }
  if (draw(16) === 0) return { bytes: [fields(0, 5), 0, 0, 0, 0], rex: rexR, isRelative: true };
  if (draw(24) === 0) {
    // No base: an absolute address, by SIB.
    const at = DATA_AT + 1024 + 16 * draw(128);
    return {
      bytes: [fields(0, 4), 0x25, ...[0, 8, 16, 24].map((shift) => (at >> shift) & 0xff)],
      rex: rexR,
      isRelative: false,
    };
  }
  const base = oneOf(draw, POINTERS);
  const mod = (base & 7) === 5 ? 1 + draw(2) : draw(3);
  const small = oneOf(draw, [0, 16, -16, 64, draw(256) - 128, draw(256) - 128]);
  const displacement =
    mod === 0 ? [] : mod === 1 ? [small & 0xff] : [0, 8, 16, 24].map((shift) => (small >> shift) & 0xff);
  if ((base & 7) !== 4 && draw(3) !== 0)
    return { bytes: [fields(mod, base), ...displacement], rex: rexR | (base >> 3), isRelative: false };
  const index = draw(4) === 0 ? 4 : oneOf(draw, INDICES);
  const sib = (draw(4) << 6) | ((index & 7) << 3) | (base & 7);
  return {
    bytes: [fields(mod, 4), sib, ...displacement],
    rex: rexR | ((index >> 3) << 1) | (base >> 3),
    isRelative: false,
  };
}

/**
 * @param {Kind} kind
 * @param {Draw} draw
 */
function immediateBytes(kind, draw) {
  const sizeBytes = IMMEDIATE_BYTES.get(kind) ?? 0;
  if (kind === Kind.br64_1 || kind === Kind.br64_4) return new Array(sizeBytes).fill(0);
  let value = number(draw);
  const bytes = [];
  for (let byte = 0; byte < sizeBytes; byte++, value >>= 8n) bytes.push(Number(value & 0xffn));
  return bytes;
}
