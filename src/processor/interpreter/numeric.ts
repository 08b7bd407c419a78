import type { Evaluations } from './evaluations.ts';
import { integerOperations } from './integer.ts';
import { vectorOperations } from './vector.ts';

/** What all operations of the lifted form compute. */
export const numericOperations: Evaluations = { ...integerOperations, ...vectorOperations };
