import {
  Code,
  type Instruction as IcedInstruction,
  MemorySizeExt,
  Mnemonic,
  OpKind,
  Register,
} from 'iced-x86';
import type { Instruction, MemoryOperand, Operand } from '../instruction.ts';

const lowerCase = (names: object): readonly string[] => {
  const list: string[] = [];
  for (const [name, number] of Object.entries(names)) {
    if (typeof number === 'number') list[number] = name.toLowerCase();
  }
  return list;
};
const MNEMONICS = lowerCase(Mnemonic);
const REGISTERS = lowerCase(Register);

/** Bits of an immediate, by its kind. */
const IMMEDIATE_BITS: Readonly<Partial<Record<OpKind, number>>> = {
  [OpKind.Immediate8]: 8,
  [OpKind.Immediate8_2nd]: 8,
  [OpKind.Immediate16]: 16,
  [OpKind.Immediate32]: 32,
  [OpKind.Immediate64]: 64,
  [OpKind.Immediate8to16]: 16,
  [OpKind.Immediate8to32]: 32,
  [OpKind.Immediate8to64]: 64,
  [OpKind.Immediate32to64]: 64,
};

/** Registers that string instructions and MASKMOVDQU address memory by. */
const POINTERS: Readonly<Partial<Record<OpKind, string>>> = {
  [OpKind.MemorySegRSI]: 'rsi',
  [OpKind.MemorySegESI]: 'esi',
  [OpKind.MemorySegRDI]: 'rdi',
  [OpKind.MemorySegEDI]: 'edi',
  [OpKind.MemoryESRDI]: 'rdi',
  [OpKind.MemoryESEDI]: 'edi',
};

/** What is not an instruction. */
const BAD: Pick<Instruction, 'mnemonic' | 'operands'> = { mnemonic: '(bad)', operands: [] };

/** A decoded instruction as plain data, which keeps nothing of the decoder's. */
export function instructionFromIced(iced: IcedInstruction, address: number): Instruction {
  const isBad = iced.code === Code.INVALID;
  const operands = isBad ? [] : Array.from({ length: iced.opCount }, (_, at) => operandAt(iced, at));
  const isWhole = operands.every((operand) => operand !== undefined);
  return {
    address,
    lengthBytes: iced.length,
    form: Code[iced.code],
    lock: iced.hasLockPrefix,
    repeat: iced.hasRepnePrefix ? 'repne' : iced.hasRepPrefix ? 'rep' : 'none',
    ...(isBad || !isWhole ? BAD : { mnemonic: MNEMONICS[iced.mnemonic], operands }),
  };
}

/** Undefined where 64-bit mode has no such operand in a program: far pointers, addresses of 16 bits. */
function operandAt(iced: IcedInstruction, at: number): Operand | undefined {
  const kind = iced.opKind(at);
  if (kind === OpKind.Register) return { kind: 'register', register: REGISTERS[iced.opRegister(at)] };
  if (kind === OpKind.Memory) return memoryOperand(iced);
  const bits = IMMEDIATE_BITS[kind];
  if (bits !== undefined) return { kind: 'immediate', value: BigInt.asIntN(bits, iced.immediate(at)) };
  if (kind === OpKind.NearBranch64) return { kind: 'target', address: Number(iced.nearBranchTarget) };
  const base = POINTERS[kind];
  if (base === undefined) return undefined;
  // Only the source has a segment that a prefix changes.
  const hasSegment = kind !== OpKind.MemoryESRDI && kind !== OpKind.MemoryESEDI;
  return {
    kind: 'memory',
    sizeBytes: MemorySizeExt.size(iced.memorySize),
    base,
    scale: 1,
    displacement: 0n,
    ...(hasSegment && segmentOf(iced)),
    ...(base.startsWith('e') && { address32: true }),
  };
}

function memoryOperand(iced: IcedInstruction): MemoryOperand {
  const { memoryBase, memoryIndex } = iced;
  const base = REGISTERS[memoryBase];
  const index = REGISTERS[memoryIndex];
  const isRelative = memoryBase === Register.RIP || memoryBase === Register.EIP;
  // A displacement counts as 8 bytes, sign-extended, unless prefix 67 makes it 4.
  const isAlone = memoryBase === Register.None && memoryIndex === Register.None;
  const isNarrow = (name: string): boolean => /^e|d$/.test(name);
  const is32 = isNarrow(base) || isNarrow(index) || (isAlone && iced.memoryDisplSize === 4);
  return {
    kind: 'memory',
    sizeBytes: MemorySizeExt.size(iced.memorySize),
    ...(memoryBase !== Register.None && !isRelative && { base }),
    ...(memoryIndex !== Register.None && { index }),
    scale: iced.memoryIndexScale,
    displacement: BigInt.asIntN(64, iced.memoryDisplacement),
    ...segmentOf(iced),
    ...(is32 && { address32: true }),
  };
}

function segmentOf({ memorySegment }: IcedInstruction): Pick<MemoryOperand, 'segment'> {
  if (memorySegment === Register.FS) return { segment: 'fs' };
  return memorySegment === Register.GS ? { segment: 'gs' } : {};
}
