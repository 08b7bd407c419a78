import { type EventOf, eventTable, field } from '../../kernel/event-table.ts';

const address = field.u64('virtual address of the first byte');
const line = field.u64('a virtual address within the line');
const data = field.bytes('the bytes, in memory order', 64);
const source = field.optional(field.text('where the store stands in a program, for reports'));

/** What a scripted program is made of. Declared as events are, so that guards, JSON form and arbitraries are derived. */
export const scriptedInstructions = eventTable({
  store: { since: 1, meaning: 'An ordinary store.', fields: { address, data, source } },
  ntstore: {
    since: 1,
    meaning: 'A non-temporal store: around the caches, durable after the next fence of its core.',
    fields: { address, data, source },
  },
  locked: {
    since: 1,
    meaning: 'XCHG with memory: a fence, then a store within 8 aligned bytes that is visible at once.',
    fields: { address, data: field.bytes('the bytes, in memory order', 8), source },
  },
  clwb: {
    since: 1,
    meaning: 'Writes a line back; the next fence of its core waits for it.',
    fields: { address: line },
  },
  clflushopt: { since: 1, meaning: 'Writes a line back and drops it; as clwb.', fields: { address: line } },
  clflush: {
    since: 1,
    meaning: 'Writes a line back and drops it, without a fence.',
    fields: { address: line },
  },
  sfence: { since: 1, meaning: 'Waits for what its core flushed and stored non-temporally.', fields: {} },
  mfence: { since: 1, meaning: 'As sfence; what it does to loads is not modelled.', fields: {} },
  hint: {
    since: 1,
    meaning:
      'Writes the flush hint address of a memory controller and waits until its queue is on the media.',
    fields: { controller: field.count('the memory controller') },
  },
  marker: {
    since: 1,
    meaning: 'Tells the outside where the program is. A promise to the outside is made here.',
    fields: { name: field.text('for example PUSH.BEGIN') },
  },
});

export type ScriptedInstruction = EventOf<typeof scriptedInstructions>;

/** A program as data: a file at a virtual address, and what each core does with it. */
export interface ScriptedProgram {
  /** Name of the file. */
  readonly file: string;
  /** Virtual address at which the file is mapped. */
  readonly base: bigint;
  readonly sizeBytes: number;
  /** The instructions of each core, from core 0 on. */
  readonly cores: readonly (readonly ScriptedInstruction[])[];
}
