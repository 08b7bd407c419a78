import {
  Code,
  type Instruction as IcedInstruction,
  MemorySizeExt,
  Mnemonic,
  OpKind,
  Register,
} from 'iced-x86';
import type { Instruction, MemoryOperand, Operand } from '../instruction.ts';

/** A function of small numbers that is computed once for each. */
function remembered<Result>(compute: (number: number) => Result): (number: number) => Result {
  const known: Result[] = [];
  return (number) => {
    known[number] ??= compute(number);
    return known[number];
  };
}

const registerOf = remembered((number) => Register[number].toLowerCase());
const registerOperand = remembered((number): Operand => ({ kind: 'register', register: registerOf(number) }));
/** A register of 32 bits, by its name. */
const isNarrow = remembered((register) => /^e|d$/.test(registerOf(register)));

/** What all instructions of one encoding have in common, asked for once: each question goes into WebAssembly. */
interface Encoding {
  readonly mnemonic: string;
  readonly operands: number;
  /** Of an operand in memory. */
  readonly sizeBytes: number;
}

const encodings: Encoding[] = [];

function encodingOf(iced: IcedInstruction, code: number): Encoding {
  encodings[code] ??= {
    mnemonic: iced.mnemonic === Mnemonic.INVALID ? '(bad)' : Mnemonic[iced.mnemonic].toLowerCase(),
    operands: iced.opCount,
    sizeBytes: MemorySizeExt.size(iced.memorySize),
  };
  return encodings[code];
}

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

/** Keeps nothing of the decoder's. */
class DecodedInstruction implements Instruction {
  constructor(
    readonly address: number,
    readonly lengthBytes: number,
    private readonly code: number,
    readonly mnemonic: string,
    readonly operands: readonly Operand[],
    readonly lock: boolean,
    readonly repeat: Instruction['repeat'],
  ) {}

  /** Only now: few ask for it, and there are thousands of names. */
  get form(): string {
    return Code[this.code];
  }
}

/** Prefixes of an instruction that change what is read here: LOCK, REPNE, REP, size of addresses, segments. */
const PREFIXES: ReadonlySet<number> = new Set([
  0xf0, 0xf2, 0xf3, 0x67, 0x64, 0x65, 0x2e, 0x36, 0x3e, 0x26, 0x66,
]);

/** What was decoded; `(bad)` where it is no instruction. */
export function instructionFromIced(iced: IcedInstruction, address: number, firstByte: number): Instruction {
  const { code } = iced;
  const encoding = encodingOf(iced, code);
  const isPrefixed = PREFIXES.has(firstByte);
  const operands: Operand[] = [];
  let isBad = encoding.mnemonic === '(bad)';
  for (let at = 0; at < encoding.operands && !isBad; at++) {
    const operand = operandAt(iced, at, encoding, isPrefixed);
    if (operand === undefined) isBad = true;
    else operands.push(operand);
  }
  return new DecodedInstruction(
    address,
    iced.length,
    code,
    isBad ? '(bad)' : encoding.mnemonic,
    isBad ? [] : operands,
    isPrefixed && iced.hasLockPrefix,
    isPrefixed ? repeatOf(iced) : 'none',
  );
}

function repeatOf(iced: IcedInstruction): Instruction['repeat'] {
  if (iced.hasRepnePrefix) return 'repne';
  return iced.hasRepPrefix ? 'rep' : 'none';
}

/** Undefined where 64-bit mode has no such operand in a program: far pointers, addresses of 16 bits. */
function operandAt(
  iced: IcedInstruction,
  at: number,
  { sizeBytes }: Encoding,
  isPrefixed: boolean,
): Operand | undefined {
  const kind = iced.opKind(at);
  if (kind === OpKind.Register) return registerOperand(iced.opRegister(at));
  if (kind === OpKind.Memory) return memoryOperand(iced, sizeBytes, isPrefixed);
  const bits = IMMEDIATE_BITS[kind];
  if (bits !== undefined) return { kind: 'immediate', value: BigInt.asIntN(bits, iced.immediate(at)), bits };
  if (kind === OpKind.NearBranch64) return { kind: 'target', address: Number(iced.nearBranchTarget) };
  const base = POINTERS[kind];
  if (base === undefined) return undefined;
  // Only the source has a segment that a prefix changes.
  const hasSegment = kind !== OpKind.MemoryESRDI && kind !== OpKind.MemoryESEDI;
  return {
    kind: 'memory',
    sizeBytes,
    base,
    index: undefined,
    scale: 1,
    displacement: 0n,
    segment: hasSegment ? segmentOf(iced) : undefined,
    address32: base.startsWith('e') ? true : undefined,
  };
}

function memoryOperand(iced: IcedInstruction, sizeBytes: number, isPrefixed: boolean): MemoryOperand {
  const { memoryBase, memoryIndex } = iced;
  const isRelative = memoryBase === Register.RIP || memoryBase === Register.EIP;
  return {
    kind: 'memory',
    sizeBytes,
    base: memoryBase === Register.None || isRelative ? undefined : registerOf(memoryBase),
    index: memoryIndex === Register.None ? undefined : registerOf(memoryIndex),
    scale: memoryIndex === Register.None ? 1 : iced.memoryIndexScale,
    displacement: BigInt.asIntN(64, iced.memoryDisplacement),
    segment: isPrefixed ? segmentOf(iced) : undefined,
    address32: isPrefixed && hasAddress32(iced) ? true : undefined,
  };
}

function hasAddress32({ memoryBase, memoryIndex, memoryDisplSize }: IcedInstruction): boolean {
  // A displacement counts as 8 bytes, sign-extended, unless prefix 67 makes it 4.
  const isAlone = memoryBase === Register.None && memoryIndex === Register.None;
  return isNarrow(memoryBase) || isNarrow(memoryIndex) || (isAlone && memoryDisplSize === 4);
}

function segmentOf({ memorySegment }: IcedInstruction): 'fs' | 'gs' | undefined {
  if (memorySegment === Register.FS) return 'fs';
  return memorySegment === Register.GS ? 'gs' : undefined;
}
