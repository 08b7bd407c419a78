/** Registers that CPUID leaves. */
export interface CpuidLeaf {
  readonly eax: number;
  readonly ebx: number;
  readonly ecx: number;
  readonly edx: number;
}

const NONE: CpuidLeaf = { eax: 0, ebx: 0, ecx: 0, edx: 0 };

/** Bits by number. */
const bits = (...numbers: readonly number[]): number =>
  numbers.reduce((mask, number) => (mask | (1 << number)) >>> 0, 0);

/** Four characters as a number. */
const word = (text: string, from: number): number =>
  [0, 1, 2, 3].reduce((value, index) => value | ((text.charCodeAt(from + index) || 0) << (8 * index)), 0) >>>
  0;

const VENDOR = 'TearlineEmul';
const BRAND = 'tearline, x86-64 baseline';

/** FPU, TSC, CX8, CMOV, CLFSH, MMX, FXSR, SSE, SSE2: leaf 1, edx. */
export const BASELINE_FEATURES = bits(0, 4, 8, 15, 19, 23, 24, 25, 26);

/**
 * What CPUID tells: a processor that has the baseline of x86-64 and no more (no SSE3, AVX or XSAVE), so that libraries that
 * choose their functions by it stay with SSE2; but it can write lines back by CLFLUSHOPT and CLWB. Source: Intel SDM volume 2,
 * CPUID.
 */
export function cpuid(leaf: number, subleaf: number): CpuidLeaf {
  switch (leaf) {
    case 0:
      return { eax: 7, ebx: word(VENDOR, 0), edx: word(VENDOR, 4), ecx: word(VENDOR, 8) };
    case 1:
      // Family 6; lines of 64 bytes (8 times 8), one logical processor. ecx: CMPXCHG16B.
      return { eax: 0x600, ebx: (1 << 16) | (8 << 8), ecx: bits(13), edx: BASELINE_FEATURES };
    case 4:
      return subleaf === 0 ? { eax: 0x121, ebx: (7 << 22) | 63, ecx: 63, edx: 0 } : NONE;
    case 7:
      return subleaf === 0 ? { ...NONE, ebx: bits(23, 24) } : NONE; // CLFLUSHOPT, CLWB
    case 0x80000000:
      return { ...NONE, eax: 0x80000008 };
    case 0x80000001:
      return { ...NONE, ecx: bits(0), edx: bits(11, 20, 29) }; // LAHF in 64 bits; SYSCALL, NX, long mode
    case 0x80000002:
    case 0x80000003:
    case 0x80000004: {
      const from = 16 * (leaf - 0x80000002);
      return {
        eax: word(BRAND, from),
        ebx: word(BRAND, from + 4),
        ecx: word(BRAND, from + 8),
        edx: word(BRAND, from + 12),
      };
    }
    case 0x80000008:
      return { ...NONE, eax: (48 << 8) | 40 };
    default:
      return NONE;
  }
}
