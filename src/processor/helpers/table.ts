import type { Helpers } from '../helpers.ts';
import { x87Helpers } from '../x87/helpers.ts';
import { integerHelpers } from './integer.ts';
import { sseHelpers } from './sse.ts';

/** Everything that lifted code calls by name. */
export const helpers: Helpers = { ...integerHelpers, ...sseHelpers, ...x87Helpers };
