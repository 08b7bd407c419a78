import type { Helpers } from '../helpers.ts';
import { comparisonHelpers } from './comparison-operations.ts';
import { environmentHelpers } from './environment.ts';
import { operationHelpers } from './operations.ts';
import { transcendentalHelpers } from './transcendental-operations.ts';
import { transferHelpers } from './transfers.ts';

/** What lifted instructions of x87 call. */
export const x87Helpers: Helpers = {
  ...transferHelpers,
  ...operationHelpers,
  ...comparisonHelpers,
  ...transcendentalHelpers,
  ...environmentHelpers,
};
