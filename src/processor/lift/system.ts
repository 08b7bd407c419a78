import type { Statement } from '../lifted/form.ts';
import type { Lift } from './builder.ts';

const emits =
  (statement: Statement): Lift =>
  (build) =>
    build.emit(statement);

const nothing: Lift = () => {};

/** Opcode 0F 0D is a prefetch, which takes memory; the other reserved no-ops take registers, too. */
const reserved: Lift = (build, { form }) => {
  if (form.endsWith('_0F0D')) build.trap('invalid opcode');
};

const flush =
  (instruction: 'clwb' | 'clflushopt' | 'clflush'): Lift =>
  (build, { operands: [line] }) => {
    if (line.kind !== 'memory') throw new TypeError(`${instruction} takes an address`);
    build.emit({ op: 'flush', instruction, address: build.address(line) });
  };

const fence = (instruction: 'sfence' | 'mfence' | 'lfence'): Lift => emits({ op: 'fence', instruction });

const same = (lift: Lift, ...mnemonics: readonly string[]): Record<string, Lift> =>
  Object.fromEntries(mnemonics.map((mnemonic) => [mnemonic, lift]));

/** Hints, and what control-flow enforcement is without its being on. */
const NOTHING = [
  'nop',
  'pause',
  'endbr32',
  'endbr64',
  'rdsspd',
  'rdsspq',
  'cldemote',
  'prefetch',
  'prefetchw',
  'prefetchwt1',
  'prefetchnta',
  'prefetcht0',
  'prefetcht1',
  'prefetcht2',
];

/** What only an operating system may do. */
const PRIVILEGED = [
  'hlt',
  'cli',
  'sti',
  'in',
  'out',
  'insb',
  'insw',
  'insd',
  'outsb',
  'outsw',
  'outsd',
  'lgdt',
  'lidt',
  'lldt',
  'ltr',
  'lmsw',
  'sgdt',
  'sidt',
  'sldt',
  'str',
  'smsw',
  'clts',
  'invd',
  'wbinvd',
  'invlpg',
  'rdmsr',
  'wrmsr',
  'rdpmc',
  'swapgs',
  'sysret',
  'sysretq',
  'sysexit',
  'sysexitq',
  'iret',
  'iretd',
  'iretq',
  'int',
];

export const systemLifts: Readonly<Record<string, Lift>> = {
  syscall: emits({ op: 'leave', to: 'syscall' }),
  cpuid: emits({ op: 'leave', to: 'cpuid' }),
  rdtsc: emits({ op: 'leave', to: 'rdtsc' }),
  sfence: fence('sfence'),
  mfence: fence('mfence'),
  lfence: fence('lfence'),
  clwb: flush('clwb'),
  clflushopt: flush('clflushopt'),
  clflush: flush('clflush'),
  ...same(nothing, ...NOTHING),
  reservednop: reserved,
  int3: emits({ op: 'trap', trap: 'breakpoint' }),
  ...same(emits({ op: 'trap', trap: 'invalid opcode' }), 'ud0', 'ud1', 'ud2'),
  ...same(emits({ op: 'trap', trap: 'general protection' }), ...PRIVILEGED),
};
