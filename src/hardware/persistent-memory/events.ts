import { type EventOf, type EventOfKind, eventTable, field } from '../../kernel/event-table.ts';
import { programEvents, programOrigin } from './program-events.ts';

const core = field.count('the core');
const line = field.address('NVDIMM address of the line');

/** The events of the persistent-memory machine. Sources: the persistency model, and section 1 of the mechanism sheets. */
export const memoryEvents = eventTable({
  'file.mapped': {
    since: 1,
    meaning:
      'A part of a file on an NVDIMM was mapped into the address space of the program. A file may be mapped in several ' +
      'parts and at several places; its bytes are the same everywhere.',
    fields: {
      file: field.text('name of the file'),
      base: field.u64('virtual address of the mapping'),
      sizeBytes: field.count('size of the mapping'),
      fileOffset: field.count('where in the file it begins, in bytes'),
      ...programOrigin,
    },
  },
  'file.loaded': {
    since: 1,
    meaning:
      'Bytes that were in a file before the run were found on its media. Only before the first store to them.',
    fields: {
      address: field.address('NVDIMM address of the first byte'),
      data: field.bytes('the bytes', 65536),
    },
  },
  'store.buffered': {
    since: 1,
    meaning: 'A store left the pipeline of a core and waits in its store buffer. No other core sees it.',
    fields: {
      core,
      address: field.address('NVDIMM address of the first byte'),
      data: field.bytes('the bytes', 64),
      nonTemporal: field.flag('it goes around the caches'),
      source: field.optional(field.text('the stack frames of the instruction, innermost first')),
    },
  },
  'flush.buffered': {
    since: 1,
    meaning: 'A flush instruction waits in the store buffer, behind the older stores of its core.',
    fields: {
      core,
      address: field.address('NVDIMM address within the line'),
      sizeBytes: field.count('bytes from there on; each line that they touch is meant'),
      instruction: field.choice(['clwb', 'clflushopt', 'clflush'], 'which'),
    },
  },
  'store.visible': {
    since: 1,
    meaning:
      'A piece of a store became visible to all cores. It lies within one 8-byte atom and becomes durable whole or not ' +
      'at all. It comes from the head of the store buffer, or straight from a core whose buffer is empty.',
    fields: {
      core,
      address: field.address('NVDIMM address of the first byte'),
      data: field.bytes('the bytes', 8),
      nonTemporal: field.flag('it waits in a write-combining buffer, not in a cache'),
      more: field.flag('further pieces of the same store follow'),
      source: field.optional(field.text('the stack frames of the instruction, innermost first')),
      ...programOrigin,
    },
  },
  'line.flushed': {
    since: 1,
    meaning:
      'A flush took effect: of each line that the range touches, the pieces stored so far will be accepted by the next ' +
      'fence of this core. CLFLUSH needs no fence: they are accepted here and now.',
    fields: {
      core,
      address: field.address('NVDIMM address within the first line'),
      sizeBytes: field.count('bytes from there on'),
      instruction: field.choice(['clwb', 'clflushopt', 'clflush'], 'which'),
      ...programOrigin,
    },
  },
  'fence.issued': {
    since: 1,
    meaning: 'A core waits until its store buffer is empty and what it flushed is accepted.',
    fields: { core, instruction: field.choice(['sfence', 'mfence', 'locked'], 'which'), ...programOrigin },
  },
  'wpq.accepted': {
    since: 1,
    meaning:
      'The write pending queue of a memory controller took in what a fencing core had flushed of a line, whoever stored ' +
      'it, and the non-temporal stores of that core to it.',
    fields: { core, address: line },
  },
  'fence.retired': {
    since: 1,
    meaning: 'The fence is done: everything that it had to wait for is accepted.',
    fields: { core, instruction: field.choice(['sfence', 'mfence', 'locked'], 'which') },
  },
  'line.evicted': {
    since: 1,
    meaning: 'A line was written back whole, unasked: its controller accepted all pieces stored so far.',
    fields: { address: line },
  },
  'combining.written': {
    since: 1,
    meaning:
      'A write-combining buffer wrote out one atom, unasked: the non-temporal stores to it so far are accepted.',
    fields: { address: field.address('NVDIMM address of the atom') },
  },
  'hint.written': {
    since: 1,
    meaning:
      'A core wrote the flush hint address of a controller: what its queue holds now goes to the media.',
    fields: { core, controller: field.count('the memory controller') },
  },
  'wpq.drained': {
    since: 1,
    meaning: 'All that a write pending queue held of a line reached the media.',
    fields: { address: line },
  },
  'wpq.torn': {
    since: 1,
    meaning:
      'The last media write of a line was cut short by the loss of power: only some of its atoms were written. Nothing ' +
      'but the loss of power can follow. Not on platforms whose queue survives.',
    fields: {
      address: line,
      atoms: field.count('bit k: atom k was written'),
      until: field.optional(
        field.count('index of the last acceptance that the write comprised; absent: all of them'),
      ),
    },
  },
  'hint.done': {
    since: 1,
    meaning: 'Everything that the queue held when the hint was written is on the media.',
    fields: { core, controller: field.count('the memory controller') },
  },
  'marker.passed': {
    since: 1,
    meaning: 'The program told the outside where it is. A promise to the outside is made here.',
    fields: { core, name: field.text('for example PUSH.BEGIN'), ...programOrigin },
  },
  'power.lost': {
    since: 1,
    meaning:
      'Power was lost. What lies in the persistence domain of the platform is on the media, the rest is gone.',
    fields: {},
  },
  ...programEvents,
});

export type MemoryEvent = EventOf<typeof memoryEvents>;
export type MemoryEventOf<K extends keyof typeof memoryEvents> = K extends unknown
  ? EventOfKind<typeof memoryEvents, K>
  : never;
