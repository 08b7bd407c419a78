import type { Mutant } from '../mechanism.ts';

/** In the order of the sheet. */
export const logShippingMutants: readonly Mutant[] = [
  { name: 'M1', meaning: 'space is reclaimed for entries that were sent, acknowledged or not' },
  { name: 'M2', meaning: 'the drain starts behind what was sent, so that what was under way may be missing' },
  { name: 'M3', meaning: 'space is reclaimed up to what the fastest destination acknowledged' },
  { name: 'M4', meaning: 'nobody checks a CRC, and a torn last entry is shipped and applied' },
  {
    name: 'M5',
    meaning: 'the primary is fenced and the application restarted while the seal is still under way',
  },
  { name: 'M6', meaning: 'the application is not stopped, and appends while the drain runs' },
  { name: 'M7', meaning: 'a destination applies entries in the order in which they arrive' },
  { name: 'M8', meaning: 'an operation is acknowledged before its last entry is durable' },
  { name: 'M9', meaning: 'the ring wraps over entries that are not acknowledged' },
  { name: 'M10', meaning: 'the battery bound forgets what else draws on the battery' },
];
