import type { Mutant } from '../mechanism.ts';

/** The defects of the shared sequences. */
export const sharedMutants: readonly Mutant[] = [
  { name: 'X1', meaning: 'rollback writes the caches back instead of dropping them' },
  { name: 'X2', meaning: 'contexts are saved after the caches were flushed' },
  { name: 'X3', meaning: 'writes of devices bypass the capture' },
  { name: 'X4', meaning: 'the epoch register is advanced before the decision point' },
  { name: 'X5', meaning: 'the last processor is missed in the rendezvous' },
  { name: 'X6', meaning: 'a transfer of a device is split by the checkpoint' },
];
