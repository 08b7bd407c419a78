import type { Piece } from '../hardware/persistent-memory/pieces.ts';
import type { CowBytes } from '../kernel/cow-bytes.ts';
import { Digest } from '../kernel/digest.ts';

/**
 * One thing that a crash can leave of a line: how many pieces of each atom are durable. Two contents of one line differ in
 * their bytes. The lanes are the digest of the difference to what is durable for sure.
 */
export interface Content {
  readonly durable: readonly number[];
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

const MAX_LISTED_PIECES = 64;
const MAX_SCANNED_CONTENTS = 12;

const keyOf = ({ a, b, c, d }: Content): string =>
  String.fromCharCode(a & 0xffff, a >>> 16, b & 0xffff, b >>> 16, c & 0xffff, c >>> 16, d & 0xffff, d >>> 16);

/**
 * The contents that a crash can leave of one line, kept up as pieces join it. On a platform that tears, the last media
 * write of the line may leave each atom as of one of two durable sets (rule 6); non-temporal pieces are free but for the
 * order within their atom (rules 1 and 4).
 */
export class LineChoices {
  readonly pieces: Piece[] = [];
  /** Distinct contents; in the first no piece is durable. Those that a new piece brings come behind the others. */
  readonly contents: Content[] = [];
  /** Which content is that of all pieces. */
  all = 0;
  /** How many durable sets there are, told apart by pieces and not by bytes: exact while `complete`. */
  combinations = 1;
  combinationsLog2 = 0;
  /** Binary logarithm of the number of distinct contents; an upper bound unless `complete`. */
  contentsLog2 = 0;
  /** False when there are too many contents to list; then only those that are one point in time are listed. */
  complete = true;
  /** Of each atom that has pieces: what it holds, and how the digest differs, after so many of them. */
  private readonly atoms: (AtomHistory | undefined)[];
  /** By digest, once there are too many to look through. */
  private indexOf: Map<string, number> | undefined;
  private plain = true; // one order for the whole line: contents are prefixes

  constructor(
    readonly line: number,
    private readonly lineBytes: number,
    private readonly domain: CowBytes,
    private readonly tears: boolean,
    private readonly maxContents: number,
  ) {
    this.atoms = new Array<AtomHistory | undefined>(lineBytes / 8).fill(undefined);
    this.learn(new Array<number>(this.atoms.length).fill(0));
  }

  /** What each atom that has pieces holds in a content. `write` gets the number of the atom in its line. */
  forEachAtom(content: Content, write: (atom: number, low: number, high: number) => void): void {
    this.atoms.forEach((history, atom) => {
      if (history === undefined) return;
      const rank = content.durable[atom];
      write(atom, history.low[rank], history.high[rank]);
    });
  }

  /** The content in which so many pieces of each atom are durable; undefined where no crash can leave that. */
  find(durable: readonly number[]): Content | undefined {
    const at = this.lookUp(this.contentOf(durable));
    return at < 0 ? undefined : this.contents[at];
  }

  /** A piece joins the line. */
  append(piece: Piece): void {
    const history = this.historyOf(piece.atom);
    const { low, high } = history;
    const newest = low.length - 1;
    low.push((low[newest] & ~piece.maskLow) | piece.low);
    high.push((high[newest] & ~piece.maskHigh) | piece.high);
    const digest = new Digest();
    const address = this.line * this.lineBytes + piece.atom * 8;
    digest.toggleAtom(address, low[0], high[0]);
    digest.toggleAtom(address, low[newest + 1], high[newest + 1]);
    history.digests.push(digest);
    this.plain &&= !piece.nonTemporal && (!this.tears || (this.pieces[0] ?? piece).atom === piece.atom);
    this.pieces.push(piece);

    if (this.plain) {
      this.combinations++;
      this.combinationsLog2 = Math.log2(this.combinations);
    } else if (!this.complete || this.pieces.length > MAX_LISTED_PIECES || !this.list()) {
      this.complete = false;
      this.bound();
    }
    const durable = this.contents[0].durable.slice();
    for (let atom = 0; atom < durable.length; atom++) durable[atom] = (this.atoms[atom]?.low.length ?? 1) - 1;
    this.all = this.learn(durable);
    if (this.complete) this.contentsLog2 = Math.log2(this.contents.length);
  }

  private historyOf(atom: number): AtomHistory {
    const known = this.atoms[atom];
    if (known !== undefined) return known;
    const at = this.line * this.lineBytes + atom * 8;
    const history = {
      low: [this.domain.word(at)],
      high: [this.domain.word(at + 4)],
      digests: [new Digest()],
    };
    this.atoms[atom] = history;
    return history;
  }

  /** The index of a content, which is added unless one with the same bytes is known. */
  private learn(durable: readonly number[]): number {
    const content = this.contentOf(durable);
    const known = this.lookUp(content);
    if (known >= 0) return known;
    const index = this.contents.push(content) - 1;
    if (this.indexOf !== undefined) this.indexOf.set(keyOf(content), index);
    else if (index === MAX_SCANNED_CONTENTS) {
      this.indexOf = new Map(this.contents.map((one, at) => [keyOf(one), at]));
    }
    return index;
  }

  private lookUp(content: Content): number {
    if (this.indexOf !== undefined) return this.indexOf.get(keyOf(content)) ?? -1;
    for (let at = this.contents.length - 1; at >= 0; at--) {
      const { a, b, c, d } = this.contents[at];
      if (a === content.a && b === content.b && c === content.c && d === content.d) return at;
    }
    return -1;
  }

  private contentOf(durable: readonly number[]): Content {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let atom = 0; atom < durable.length; atom++) {
      const digest = this.atoms[atom]?.digests[durable[atom]];
      if (digest === undefined) continue;
      a ^= digest.a;
      b ^= digest.b;
      c ^= digest.c;
      d ^= digest.d;
    }
    return { durable, a, b, c, d };
  }

  /** Lists every durable set by its pieces, and every distinct content; false when there are too many. */
  private list(): boolean {
    const sets = durableSets(this.pieces, this.atoms.length, this.maxContents);
    const vectors = sets && (this.tears ? tornSets(sets, this.maxContents) : sets);
    if (vectors === undefined) return false;
    this.combinations = vectors.length;
    this.combinationsLog2 = Math.log2(vectors.length);
    for (const durable of vectors) this.learn(durable);
    return true;
  }

  /** Without a list: atoms taken as independent bound both counts from above. */
  private bound(): void {
    this.combinationsLog2 = 0;
    for (const history of this.atoms) {
      if (history !== undefined) this.combinationsLog2 += Math.log2(history.low.length);
    }
    this.contentsLog2 = this.combinationsLog2;
    this.combinations = 2 ** this.combinationsLog2;
  }
}

interface AtomHistory {
  low: number[];
  high: number[];
  digests: Digest[];
}

/**
 * Every set of pieces that can be durable, as the number of durable pieces of each atom: a prefix of the ordinary pieces,
 * and of each atom whatever non-temporal pieces may follow. Undefined when there are more than `limit`.
 */
export function durableSets(pieces: readonly Piece[], atoms: number, limit: number): number[][] | undefined {
  const ofAtom: boolean[][] = Array.from({ length: atoms }, () => []); // per atom, per piece: is it non-temporal?
  for (const piece of pieces) ofAtom[piece.atom].push(piece.nonTemporal);
  const sets: number[][] = [];
  const least = new Array<number>(atoms).fill(0);
  const ordinary = pieces.filter((piece) => !piece.nonTemporal);
  for (let prefix = 0; prefix <= ordinary.length; prefix++) {
    if (prefix > 0) {
      // The next ordinary piece, with all that went before it to its atom.
      const { atom } = ordinary[prefix - 1];
      least[atom] = ofAtom[atom].indexOf(false, firstOrdinaryFrom(ofAtom[atom], least[atom])) + 1;
    }
    const most = least.map((from, atom) => {
      let to = from;
      while (ofAtom[atom][to] === true) to++;
      return to;
    });
    const count = most.reduce((product, to, atom) => product * (to - least[atom] + 1), 1);
    if (sets.length + count > limit) return undefined;
    const vector = least.slice();
    for (;;) {
      sets.push(vector.slice());
      let atom = 0;
      while (atom < atoms && vector[atom] === most[atom]) {
        vector[atom] = least[atom];
        atom++;
      }
      if (atom === atoms) break;
      vector[atom]++;
    }
  }
  return sets;
}

function firstOrdinaryFrom(nonTemporal: readonly boolean[], from: number): number {
  let at = from;
  while (nonTemporal[at]) at++;
  return at;
}

/** Rule 6: of two durable sets, one within the other, each atom is that of the one or of the other. */
function tornSets(sets: readonly number[][], limit: number): number[][] | undefined {
  const found = new Map<string, number[]>();
  let steps = 0;
  for (const less of sets) {
    for (const more of sets) {
      if (less.some((rank, atom) => rank > more[atom])) continue;
      const differing = less.flatMap((rank, atom) => (rank === more[atom] ? [] : [atom]));
      if (differing.length > 16) return undefined;
      for (let choice = 0; choice < 1 << differing.length; choice++) {
        if (++steps > 16 * limit) return undefined;
        const vector = less.slice();
        differing.forEach((atom, bit) => {
          if ((choice >> bit) & 1) vector[atom] = more[atom];
        });
        const key = vector.join();
        if (!found.has(key)) found.set(key, vector);
        if (found.size > limit) return undefined;
      }
    }
  }
  return [...found.values()];
}
