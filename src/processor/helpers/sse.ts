import { estimatedReciprocal, estimatedReciprocalRoot } from '../float/estimates.ts';
import type { Helpers } from '../helpers.ts';
import { abridgedTags, tagsOfAbridged } from '../x87/abridged-tags.ts';

/** What lifted SSE calls. */
export const sseHelpers: Helpers = {
  'sse.mxcsr': (processor) => processor.mxcsr,
  'sse.set mxcsr': (processor, value: number) => {
    processor.mxcsr = value >>> 0;
    return undefined;
  },
  'sse.abridged tags': (_, tags: number) => abridgedTags(tags),
  'sse.tags of abridged': (_, bits: number) => tagsOfAbridged(bits),
  'sse.estimated reciprocal': (_, bits: number) => estimatedReciprocal(bits),
  'sse.estimated reciprocal root': (_, bits: number) => estimatedReciprocalRoot(bits),
};
