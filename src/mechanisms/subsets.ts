import { Draws } from '../kernel/draw.ts';
import type { Thoroughness } from './mechanism.ts';

/** Up to so many candidates every subset is tried. */
const EXHAUSTIVE_MAX = 10;

/** How many subsets of more candidates are drawn, besides the regular ones. */
const DRAWN = 32;

/**
 * Which of the effects that may, or may not, have taken place when a fault strikes did: every subset of them where they
 * are few, else none, all, each alone, all but each, and some that are drawn, always the same. `few`: none, all, each
 * alone. The order of the candidates is kept. Source: mechanism sheets, section 1.1.
 */
export function* subsets<T>(candidates: readonly T[], how: Thoroughness): Generator<readonly T[]> {
  const count = candidates.length;
  if (how === 'all' && count <= EXHAUSTIVE_MAX) {
    for (let subset = 0; subset < 2 ** count; subset++)
      yield candidates.filter((_, at) => (subset >> at) & 1);
    return;
  }
  yield [];
  if (count > 1) yield candidates;
  for (const one of candidates) yield [one];
  if (how === 'few') return;
  for (let left = 0; left < count; left++) yield candidates.filter((_, at) => at !== left);
  const draws = new Draws(0n, 'subsets', count);
  for (let drawn = 0; drawn < DRAWN; drawn++) yield candidates.filter(() => draws.chance(500));
}
