import type { Mutant } from '../mechanism.ts';

/** The defects of sheet S1. */
export const mutants: readonly Mutant[] = [
  { name: 'M1', meaning: 'a trap flushes only the first controller' },
  { name: 'M2', meaning: 'the guest goes on before the last physical hint is done' },
  { name: 'M3', meaning: 'the page is protected, and no TLB is told' },
  { name: 'M4', meaning: 'after a migration what was found at the source is taken to be true' },
  { name: 'M5', meaning: 'a flush that finds another one under way returns when that one is done' },
  { name: 'M6', meaning: 'a hint of any NVDIMM counts as support, where all of the region need one' },
  { name: 'M7', meaning: 'the virtual table shows a physical flush hint' },
  {
    name: 'M8',
    meaning: 'the service core flushes before the store buffer of the core that trapped has drained',
  },
];
