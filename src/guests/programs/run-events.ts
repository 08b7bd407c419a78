import { type EventOf, eventTable, field } from '../../kernel/event-table.ts';

const DIGEST_BYTES = 16;
const instructions = field.count('instructions executed since the program started');

/** What is kept of a program’s run when the run itself can be made anew: digests of all that it did. */
export const programRunEvents = eventTable({
  'stretch.executed': {
    since: 1,
    meaning: 'So far the program has come. Each digest is of everything since it started.',
    fields: {
      instructions,
      operations: field.count('stores, flushes, fences and locked instructions'),
      systemCalls: field.count('system calls'),
      nextInstruction: field.address('address of the instruction that comes next'),
      operationsDigest: field.bytes(
        'of each store to any memory, flush, fence and locked instruction: its address, size, data, instruction and place',
        DIGEST_BYTES,
      ),
      systemCallsDigest: field.bytes('of each system call: number, arguments, result', DIGEST_BYTES),
      outputDigest: field.bytes('of what it wrote to standard output and standard error', DIGEST_BYTES),
    },
  },
  'program.ended': {
    since: 1,
    meaning: 'The program has ended.',
    fields: {
      instructions,
      how: field.text('its exit status, or what killed it'),
      persistentFilesDigest: field.bytes('of the files on NVDIMMs as loads see them', DIGEST_BYTES),
      registers: field.text('the general registers, flags and the address of the next instruction'),
    },
  },
});

export type ProgramRunEvent = EventOf<typeof programRunEvents>;
