/**
 * The owner of a node or leaf. A part of a tree whose owner is another than the tree's own may be shared with a fork and
 * is copied before it is written.
 */
export type Owner = symbol | object;

export interface Leaf {
  owner: Owner;
}

interface Node<L> {
  owner: Owner;
  slots: (Node<L> | L | undefined)[];
}

const FANOUT_BITS = 6;
const FANOUT = 1 << FANOUT_BITS;

/**
 * A sparse array of leaves under whole numbers below 2^53, as a radix tree with copy-on-write nodes. Forking costs the
 * same however much the tree holds: both sides go on under a new owner, and a write copies at most one path.
 */
export class CowTree<L extends Leaf> {
  private root: Node<L> | L | undefined;
  private height = 0; // levels of nodes above the leaves
  private capacity = 1; // leaves under the root: FANOUT ** height
  private owner: Owner = {};

  constructor(
    private readonly newLeaf: (owner: Owner) => L,
    private readonly copyLeaf: (leaf: L, owner: Owner) => L,
  ) {}

  fork(): CowTree<L> {
    const fork = new CowTree(this.newLeaf, this.copyLeaf);
    fork.root = this.root;
    fork.height = this.height;
    fork.capacity = this.capacity;
    this.owner = {};
    return fork;
  }

  /** Whether this leaf may be written in place. */
  owns(leaf: L): boolean {
    return leaf.owner === this.owner;
  }

  /** The leaf at this index, to be read only; undefined where nothing was written. */
  find(index: number): L | undefined {
    if (index >= this.capacity) return undefined;
    let node = this.root;
    if (index <= 0x7fffffff) {
      for (
        let shift = (this.height - 1) * FANOUT_BITS;
        shift >= 0 && node !== undefined;
        shift -= FANOUT_BITS
      ) {
        node = (node as Node<L>).slots[shift > 30 ? 0 : (index >>> shift) & (FANOUT - 1)];
      }
      return node as L | undefined;
    }
    for (let unit = this.capacity / FANOUT; unit >= 1 && node !== undefined; unit /= FANOUT) {
      node = (node as Node<L>).slots[Math.floor(index / unit) % FANOUT];
    }
    return node as L | undefined;
  }

  /** The leaf at this index, to be written: made where there was none, copied where it is shared. */
  own(index: number): L {
    while (index >= this.capacity) this.grow();
    if (this.height === 0) {
      this.root = this.ownedLeaf(this.root as L | undefined);
      return this.root;
    }
    let node = this.ownedNode(this.root as Node<L> | undefined);
    this.root = node;
    for (let unit = this.capacity / FANOUT; ; unit /= FANOUT) {
      const digit = Math.floor(index / unit) % FANOUT;
      const below = node.slots[digit];
      if (unit === 1) {
        const leaf = this.ownedLeaf(below as L | undefined);
        node.slots[digit] = leaf;
        return leaf;
      }
      const next = this.ownedNode(below as Node<L> | undefined);
      node.slots[digit] = next;
      node = next;
    }
  }

  /** Every leaf with first <= index <= last, in order, to be read only. */
  *leaves(first = 0, last = Number.MAX_SAFE_INTEGER): Generator<[index: number, leaf: L]> {
    for (let next = this.leafFrom(first); next !== undefined && next[0] <= last; ) {
      yield next;
      next = this.leafFrom(next[0] + 1);
    }
  }

  /** The first leaf at an index or after it, to be read only; undefined when there is none. */
  leafFrom(index: number): [index: number, leaf: L] | undefined {
    if (this.root === undefined || index >= this.capacity) return undefined;
    return this.firstBelow(this.root, 0, this.capacity, index);
  }

  private firstBelow(
    node: Node<L> | L,
    base: number,
    span: number,
    from: number,
  ): [index: number, leaf: L] | undefined {
    if (span === 1) return [base, node as L];
    const unit = span / FANOUT;
    const { slots } = node as Node<L>;
    for (let digit = Math.max(0, Math.floor((from - base) / unit)); digit < FANOUT; digit++) {
      const below = slots[digit];
      const found = below === undefined ? undefined : this.firstBelow(below, base + digit * unit, unit, from);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private grow(): void {
    if (this.root !== undefined) {
      const node: Node<L> = { owner: this.owner, slots: new Array(FANOUT).fill(undefined) };
      node.slots[0] = this.root;
      this.root = node;
    }
    this.height++;
    this.capacity *= FANOUT;
  }

  private ownedNode(node: Node<L> | undefined): Node<L> {
    if (node === undefined) return { owner: this.owner, slots: new Array(FANOUT).fill(undefined) };
    return node.owner === this.owner ? node : { owner: this.owner, slots: node.slots.slice() };
  }

  private ownedLeaf(leaf: L | undefined): L {
    if (leaf === undefined) return this.newLeaf(this.owner);
    return leaf.owner === this.owner ? leaf : this.copyLeaf(leaf, this.owner);
  }
}
