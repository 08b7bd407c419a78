// What may be given to the oracle.

/** Left to the kernel or to what is around the processor, or different on purpose: the guest is a baseline x86-64. */
// biome-ignore format: a list of words
const NOT_COMPARED = new Set([
  'syscall', 'sysenter', 'cpuid', 'rdtsc', 'rdtscp', 'int', 'hlt',
  'sgdt', 'sidt', 'sldt', 'str', 'smsw', // Linux emulates them
  'rcpps', 'rcpss', 'rsqrtps', 'rsqrtss', // approximations, other ones on each processor
  'tzcnt', 'lzcnt', 'popcnt', // bsf, bsr and none in the guest
]);

/** @param {readonly string[]} lifted mnemonics that the guest knows */
export const tryableMnemonics = (lifted) =>
  new Set(lifted.filter((mnemonic) => !NOT_COMPARED.has(mnemonic)).sort());
