// What may be given to the oracle.

/** Left to the kernel or to what is around the processor, or different on purpose: the guest is a baseline x86-64. */
// biome-ignore format: a list of words
const NOT_COMPARED = new Set([
  'syscall', 'sysenter', 'cpuid', 'rdtsc', 'rdtscp', 'int', 'hlt', 'iret', 'iretd', 'iretq', 'sysret', 'sysretq', 'sysexit', 'sysexitq',
  'sgdt', 'sidt', 'sldt', 'str', 'smsw', // Linux emulates them
  'fxsave', 'fxsave64', 'fxrstor', 'fxrstor64', // processors of AMD have a bit more in MXCSR
  'rcpps', 'rcpss', 'rsqrtps', 'rsqrtss', // approximations, other ones on each processor
  'f2xm1', 'fyl2x', 'fyl2xp1', 'fsin', 'fcos', 'fsincos', 'fptan', 'fpatan', // the same
  'fnstenv', 'fnsave', 'fxsave', 'fxsave64', // write where the last x87 instruction was, which the guest does not keep
  'tzcnt', 'lzcnt', 'popcnt', // bsf, bsr and none in the guest
]);

/** @param {readonly string[]} lifted mnemonics that the guest knows */
export const tryableMnemonics = (lifted) =>
  new Set(lifted.filter((mnemonic) => !NOT_COMPARED.has(mnemonic)).sort());
