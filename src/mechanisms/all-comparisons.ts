import type { Comparison } from './comparison.ts';
import { strategyComparison } from './controller-checkpoints/comparison.ts';
import { flushHintComparison } from './flush-hints/comparison.ts';
import { logShippingComparison } from './log-shipping/comparison.ts';

/** Every comparison that comes with tearline, in the order of the sheets. */
export const allComparisons: readonly Comparison[] = [
  flushHintComparison,
  logShippingComparison,
  strategyComparison,
];
