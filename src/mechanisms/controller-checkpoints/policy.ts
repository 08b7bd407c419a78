import type { Choice } from '../mechanism.ts';

/** What the sheet leaves open for all six strategies. */
export const sharedPolicy: Readonly<Record<string, Choice>> = {
  output: {
    meaning: 'Output is held until the checkpoint that covers it is committed, or leaves at once.',
    choices: ['held', 'immediate'],
    default: 'held',
  },
};
