/** Names as in the manual and in the decoder, in lower case: rax, eax, ax, al, ah, xmm3, st1, fs. */
export type RegisterName = string;

export type Operand =
  | { readonly kind: 'register'; readonly register: RegisterName }
  | MemoryOperand
  /** Sign-extended to so many bits, the size of the operation, as a signed number. */
  | { readonly kind: 'immediate'; readonly value: bigint; readonly bits: number }
  /** Where a direct jump leads. */
  | { readonly kind: 'target'; readonly address: number };

export interface MemoryOperand {
  readonly kind: 'memory';
  readonly sizeBytes: number;
  /** A general register of 32 or 64 bits; `rip` and `eip` are resolved into the displacement. */
  readonly base?: RegisterName | undefined;
  readonly index?: RegisterName | undefined;
  readonly scale: number;
  /** Signed. */
  readonly displacement: bigint;
  /** Only segments with a base other than zero. */
  readonly segment?: 'fs' | 'gs' | undefined;
  /** The address is computed in 32 bits (prefix 67). */
  readonly address32?: true | undefined;
}

/** A decoded instruction. */
export interface Instruction {
  /** Virtual address of its first byte. */
  readonly address: number;
  readonly lengthBytes: number;
  /** As in the manual, in lower case. */
  readonly mnemonic: string;
  /** The decoder's name of the encoding, such as `Add_rm64_r64`. */
  readonly form: string;
  /** Destination first. Implicit operands are not among them, except where the decoder has them. */
  readonly operands: readonly Operand[];
  readonly lock: boolean;
  readonly repeat: 'none' | 'rep' | 'repne';
}

/** Address of the instruction behind it. */
export const endOf = ({ address, lengthBytes }: Instruction): number => address + lengthBytes;
