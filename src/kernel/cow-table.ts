import { CowTree, type Leaf, type Owner } from './cow-tree.ts';

const SLOTS = 32;

interface Slots<T> extends Leaf {
  records: (T | undefined)[];
  /** Who may write each record in place. A leaf that was copied still shares its records. */
  owners: Owner[];
}

/**
 * A large table of small records under whole numbers below 2^53, copy-on-write down to the single record. Iteration is in
 * the order of the keys, so that nothing depends on the order of insertion.
 */
export class CowTable<T> {
  /** Number of records. */
  size = 0;

  constructor(
    /** Copies one record, deep enough that changing the copy leaves the original as it was. */
    private readonly copyRecord: (record: T) => T,
    private readonly tree: CowTree<Slots<T>> = new CowTree<Slots<T>>(
      (owner) => ({ owner, records: new Array(SLOTS).fill(undefined), owners: new Array(SLOTS).fill(owner) }),
      (leaf, owner) => ({ owner, records: leaf.records.slice(), owners: leaf.owners.slice() }),
    ),
  ) {}

  fork(): CowTable<T> {
    const fork = new CowTable(this.copyRecord, this.tree.fork());
    fork.size = this.size;
    return fork;
  }

  /** The record, to be read only. */
  get(key: number): T | undefined {
    return this.tree.find(Math.floor(key / SLOTS))?.records[key % SLOTS];
  }

  has(key: number): boolean {
    return this.get(key) !== undefined;
  }

  /** The record, to be changed in place; undefined where there is none. */
  own(key: number): T | undefined {
    if (this.get(key) === undefined) return undefined;
    const leaf = this.tree.own(Math.floor(key / SLOTS));
    const slot = key % SLOTS;
    if (leaf.owners[slot] !== leaf.owner) {
      leaf.records[slot] = this.copyRecord(leaf.records[slot] as T);
      leaf.owners[slot] = leaf.owner;
    }
    return leaf.records[slot];
  }

  set(key: number, record: T): void {
    const leaf = this.tree.own(Math.floor(key / SLOTS));
    if (leaf.records[key % SLOTS] === undefined) this.size++;
    leaf.records[key % SLOTS] = record;
    leaf.owners[key % SLOTS] = leaf.owner;
  }

  delete(key: number): void {
    if (this.get(key) === undefined) return;
    this.tree.own(Math.floor(key / SLOTS)).records[key % SLOTS] = undefined;
    this.size--;
  }

  /** Records with first <= key <= last in ascending order of key, to be read only. The table must not change meanwhile. */
  *entries(first = 0, last = Number.MAX_SAFE_INTEGER): Generator<[key: number, record: T]> {
    let unseen = this.size; // a small table ends with its last record, not with the last slot of the tree
    let next = unseen === 0 ? undefined : this.tree.leafFrom(Math.floor(first / SLOTS));
    while (next !== undefined) {
      const [index, { records }] = next;
      for (let slot = 0; slot < SLOTS; slot++) {
        const record = records[slot];
        if (record === undefined) continue;
        const key = index * SLOTS + slot;
        if (key > last) return;
        if (key >= first) yield [key, record];
        if (--unseen === 0) return;
      }
      next = this.tree.leafFrom(index + 1);
    }
  }
}
