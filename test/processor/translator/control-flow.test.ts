import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseControlFlow } from '../../../src/processor/translator/control-flow.ts';
import { holds } from '../../support/many.ts';

const FILE = 'test/processor/translator/control-flow.test.ts';

const graph = fc
  .integer({ min: 1, max: 10 })
  .chain((size) =>
    fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size }),
  );

/** What can be reached from block 0 without passing a block. */
function reachedWithout(successors: readonly (readonly number[])[], without: number): Set<number> {
  const reached = new Set<number>();
  const open = without === 0 ? [] : [0];
  for (let block = open.pop(); block !== undefined; block = open.pop()) {
    if (reached.has(block)) continue;
    reached.add(block);
    open.push(...successors[block].filter((next) => next !== without));
  }
  return reached;
}

describe('the analysis of control flow', () => {
  it('puts a block below the nearest of those that lie on all ways to it', () => {
    holds(
      fc.property(graph, (all) => {
        const flow = analyseControlFlow(all);
        const reached = reachedWithout(all, -1);
        expect(new Set(flow.order)).toEqual(reached);
        const successors = all.map((targets, from) =>
          reached.has(from) ? targets.filter((to) => !flow.isIrreducible(from, to)) : [],
        );
        const dominators = (block: number): number[] =>
          [...reached].filter((one) => one !== block && !reachedWithout(successors, one).has(block));
        for (const parent of flow.order) {
          for (const child of flow.children[parent]) {
            // The nearest is dominated by all others.
            const above = dominators(child);
            expect(above).toContain(parent);
            expect(new Set(above)).toEqual(new Set([parent, ...dominators(parent)]));
          }
        }
        const below = flow.order.flatMap((block) => flow.children[block]);
        expect(new Set(below)).toEqual(new Set(flow.order.slice(1)));
      }),
      500,
      FILE,
    );
  });

  it('leaves no edge back but to a loop that its source is in', () => {
    holds(
      fc.property(graph, (all) => {
        const { order, place, children, isLoop, isIrreducible } = analyseControlFlow(all);
        const isBelow = (block: number, above: number): boolean =>
          block === above || children[above].some((child) => isBelow(block, child));
        for (const from of order) {
          for (const to of all[from]) {
            if (place[to] > place[from] || isIrreducible(from, to)) continue;
            expect(isLoop[to]).toBe(true);
            expect(isBelow(from, to)).toBe(true);
          }
        }
      }),
      500,
      FILE,
    );
  });
});
