import { eventTable, field } from '../../kernel/event-table.ts';

const core = field.count('the core');
const virtualAddress = field.u64('virtual address of the first byte');
const rip = field.u64('address of the instruction');
const executed = field.count('instructions that the program executed before it');
const origin = { rip, executed };

/** Of an event that a program may have led to: which of its instructions did. */
export const programOrigin = { rip: field.optional(rip), executed: field.optional(executed) };

/** What a program does besides its operations on NVDIMMs. None of it changes the machine. */
export const programEvents = eventTable({
  'memory.stored': {
    since: 1,
    meaning:
      'A store to memory of which a part at least is on no NVDIMM, by the program or by a system call.',
    fields: {
      core,
      address: virtualAddress,
      data: field.bytes('the bytes', 16),
      nonTemporal: field.flag('it goes around the caches'),
      ...origin,
    },
  },
  'memory.loaded': {
    since: 1,
    meaning: 'A load by the program, of any memory.',
    fields: { core, address: virtualAddress, data: field.bytes('the bytes', 16), ...origin },
  },
  'memory.flushed': {
    since: 1,
    meaning: 'A line that is on no NVDIMM was flushed: nothing becomes durable.',
    fields: {
      core,
      address: field.u64('virtual address within the line'),
      instruction: field.choice(['clwb', 'clflushopt', 'clflush'], 'which'),
      ...origin,
    },
  },
  'locked.executed': {
    since: 1,
    meaning: 'A locked instruction found nothing to wait for. One that does is a fence.',
    fields: { core, ...origin },
  },
  'clock.read': {
    since: 1,
    meaning:
      'The program read the time-stamp counter: virtual time, which instructions executed and sleep make.',
    fields: { core, value: field.u64('edx and eax'), ...origin },
  },
  'cpuid.executed': {
    since: 1,
    meaning: 'The program asked what the processor can do.',
    fields: {
      core,
      leaf: field.u64('eax before'),
      subleaf: field.u64('ecx before'),
      eax: field.u64('eax behind'),
      ebx: field.u64('ebx behind'),
      ecx: field.u64('ecx behind'),
      edx: field.u64('edx behind'),
      ...origin,
    },
  },
  'random.drawn': {
    since: 1,
    meaning: 'A system call gave random bytes, which come from the seed. Many are told in several events.',
    fields: { core, data: field.bytes('the bytes', 64), ...origin },
  },
  'signal.delivered': {
    since: 1,
    meaning:
      'A signal has its handler run next, in place of the instruction or behind the system call. Its frame on the stack ' +
      'was told before.',
    fields: {
      core,
      number: field.count('its number'),
      name: field.text('its name'),
      handler: field.u64('address of the handler'),
      ...origin,
    },
  },
  'call.done': {
    since: 1,
    meaning: 'A system call is done. What it stored to memory was told before.',
    fields: {
      core,
      number: field.count('its number'),
      name: field.text('its name in Linux'),
      rdi: field.u64('first argument'),
      rsi: field.u64('second argument'),
      rdx: field.u64('third argument'),
      r10: field.u64('fourth argument'),
      r8: field.u64('fifth argument'),
      r9: field.u64('sixth argument'),
      result: field.u64('rax behind: an error is the negative of its number'),
      clockNs: field.u64('virtual time since the program started, in nanoseconds'),
      ...origin,
    },
  },
  'program.ended': {
    since: 1,
    meaning: 'The program has ended.',
    fields: { core, how: field.text('its exit status, or what killed it'), ...origin },
  },
});
