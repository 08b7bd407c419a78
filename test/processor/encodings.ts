import { decodeBytes } from '../../src/processor/decode/decoder.ts';
import type { Instruction } from '../../src/processor/instruction.ts';

/** Where every encoding stands. */
const ADDRESS = 0x40_1000;

const MANDATORY = [[], [0x66], [0xf3], [0xf2], [0xf0], [0x67]];
const REX = [[], [0x48], [0x45]];
/** Of ModRM: every register field, with a register, with memory at [rsi], and with a SIB byte and a displacement. */
const MODRM = Array.from({ length: 8 }, (_, register) =>
  [0xc1, 0xc9, 0x06, 0x44].map((byte) => byte | (register << 3)),
).flat();
/** Of x87: every register form. */
const X87_REGISTERS = Array.from({ length: 64 }, (_, low) => 0xc0 | low);
/** SIB, displacement, immediates. */
const TAIL = [0x24, 0x10, 0x03, 0, 0, 0, 0, 0, 0, 0];

const hasAllRegisters = (opcode: readonly number[]): boolean =>
  opcode.length === 1 ? opcode[0] >= 0xd8 && opcode[0] <= 0xdf : opcode[1] === 0x01 || opcode[1] === 0x1e;

/**
 * Encodings over the one-byte and two-byte opcode maps: one of each kind that the decoder tells apart by its form, its kinds
 * of operands and its prefixes.
 */
export function* encodings(): Generator<{ readonly bytes: Uint8Array; readonly instruction: Instruction }> {
  const seen = new Set<string>();
  for (const opcode of opcodes()) {
    const modrms = hasAllRegisters(opcode) ? [...MODRM, ...X87_REGISTERS] : MODRM;
    for (const prefix of MANDATORY) {
      for (const rex of REX) {
        for (const modrm of modrms) {
          const bytes = Uint8Array.from([...prefix, ...rex, ...opcode, modrm, ...TAIL]);
          const instruction = decodeBytes(bytes, ADDRESS);
          const key = kindOf(instruction);
          if (seen.has(key)) continue;
          seen.add(key);
          yield { bytes: bytes.subarray(0, instruction.lengthBytes), instruction };
        }
      }
    }
  }
}

function* opcodes(): Generator<number[]> {
  const prefixes = new Set([0x0f, 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3]);
  for (let byte = 0; byte < 256; byte++) {
    yield [0x0f, byte];
    if (!prefixes.has(byte) && (byte & 0xf0) !== 0x40) yield [byte];
  }
}

const kindOf = ({ form, lock, repeat, operands }: Instruction): string =>
  [
    form,
    lock,
    repeat,
    ...operands.map((operand) => (operand.kind === 'register' ? operand.register : operand.kind)),
  ].join(' ');
