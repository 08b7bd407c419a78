/** General registers in the order of their encoding. */
export const GENERAL_REGISTERS = [
  'rax',
  'rcx',
  'rdx',
  'rbx',
  'rsp',
  'rbp',
  'rsi',
  'rdi',
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
] as const;

/** Index of a general register, 0 is rax. */
export const [RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11] = GENERAL_REGISTERS.keys();

/** Condition flags and others of RFLAGS, by their bits. */
export const CF = 0x001;
export const PF = 0x004;
export const AF = 0x010;
export const ZF = 0x040;
export const SF = 0x080;
export const DF = 0x400;
export const OF = 0x800;
const ID = 0x200000;
/** The six that arithmetic sets. */
export const ARITHMETIC_FLAGS = CF | PF | AF | ZF | SF | OF;
/** Bit 1 is always set, and interrupts are always on in a program. */
export const FIXED_FLAGS = 0x202;
/** What a program can change by POPF. */
export const WRITABLE_FLAGS = ARITHMETIC_FLAGS | DF | ID;
