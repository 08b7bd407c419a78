/** A directed graph of blocks by number; 0 is where it is entered. */
export type Successors = readonly (readonly number[])[];

/**
 * What is needed to write a graph as nested blocks and loops. Source: Ramsey, “Beyond Relooper” (2022): each block lies
 * within its immediate dominator; one that several reach is behind a WebAssembly block, one that is gone back to is a loop.
 */
export interface ControlFlow {
  /** Blocks that can be reached, in reverse postorder. */
  readonly order: readonly number[];
  /** Place in `order`; -1 of one that cannot be reached. */
  readonly place: Int32Array;
  /** Those that are immediately dominated, in reverse postorder. */
  readonly children: readonly (readonly number[])[];
  readonly isLoop: readonly boolean[];
  /** Reached forwards by more than one edge. */
  readonly isMerge: readonly boolean[];
  /** Whether an edge goes back to a block that does not dominate its source: such an edge cannot be written. */
  isIrreducible(from: number, to: number): boolean;
}

export function analyseControlFlow(all: Successors): ControlFlow {
  const order = reversePostorder(all);
  const place = new Int32Array(all.length).fill(-1);
  for (const [at, block] of order.entries()) place[block] = at;

  const before = immediateDominators(all, order, place);
  const isIrreducible = (from: number, to: number): boolean =>
    place[to] <= place[from] && !dominates(before, place, to, from);
  const successors = all.map((targets, from) => targets.filter((to) => !isIrreducible(from, to)));

  const dominators = immediateDominators(successors, order, place);
  const children: number[][] = all.map(() => []);
  const isLoop = all.map(() => false);
  const forwardEdges = new Int32Array(all.length);
  for (const block of order) {
    if (block !== 0) children[dominators[block]].push(block);
    for (const target of successors[block]) {
      if (place[target] <= place[block]) isLoop[target] = true;
      else forwardEdges[target]++;
    }
  }
  return {
    order,
    place,
    children,
    isLoop,
    isMerge: all.map((_, block) => forwardEdges[block] > 1),
    isIrreducible,
  };
}

function reversePostorder(successors: Successors): number[] {
  const seen = new Set([0]);
  const postorder: number[] = [];
  const path: { block: number; next: number }[] = [{ block: 0, next: 0 }];
  while (path.length > 0) {
    const top = path[path.length - 1];
    if (top.next === successors[top.block].length) {
      postorder.push(top.block);
      path.pop();
      continue;
    }
    const target = successors[top.block][top.next++];
    if (seen.has(target)) continue;
    seen.add(target);
    path.push({ block: target, next: 0 });
  }
  return postorder.reverse();
}

/** Source: Cooper, Harvey and Kennedy, “A Simple, Fast Dominance Algorithm” (2001). */
function immediateDominators(
  successors: Successors,
  order: readonly number[],
  place: Int32Array,
): Int32Array {
  const predecessors: number[][] = successors.map(() => []);
  for (const from of order) for (const to of successors[from]) predecessors[to].push(from);
  const dominators = new Int32Array(successors.length).fill(-1);
  dominators[0] = 0;
  const common = (left: number, right: number): number => {
    while (left !== right) {
      while (place[left] > place[right]) left = dominators[left];
      while (place[right] > place[left]) right = dominators[right];
    }
    return left;
  };
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const block of order) {
      if (block === 0) continue;
      let dominator = -1;
      for (const from of predecessors[block]) {
        if (dominators[from] === -1) continue;
        dominator = dominator === -1 ? from : common(from, dominator);
      }
      if (dominators[block] === dominator) continue;
      dominators[block] = dominator;
      isChanged = true;
    }
  }
  return dominators;
}

function dominates(dominators: Int32Array, place: Int32Array, dominator: number, block: number): boolean {
  while (place[block] > place[dominator]) block = dominators[block];
  return block === dominator;
}
