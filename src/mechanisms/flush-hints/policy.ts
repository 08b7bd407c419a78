import type { Choice } from '../mechanism.ts';

/** What sheet S1 leaves open, or gives as a variant. V1, V2 and V3 are a matter of hosts and operators: see the scenarios. */
export const policy: Readonly<Record<string, Choice>> = {
  hintsPer: {
    meaning: 'Each core of a virtual machine has a flush hint of its own, or all share one (V4).',
    choices: ['core', 'machine'],
    default: 'core',
  },
  handler: {
    meaning: 'The core that trapped writes the physical hints itself, or a core of the host does it for all.',
    choices: ['exiting core', 'service core'],
    default: 'exiting core',
  },
  flushAtMigration: {
    meaning:
      'A trapped flush comes to its end before the virtual machine moves, or is dropped and trapped anew at the destination.',
    choices: ['finish', 'restart'],
    default: 'finish',
  },
  backingPage: {
    meaning: 'After a migration the backing page of a flush hint is cleared, or its contents go along.',
    choices: ['cleared', 'carried'],
    default: 'cleared',
  },
};
