import { queueSurvives } from '../hardware/persistent-memory/configuration.ts';
import type { Piece } from '../hardware/persistent-memory/pieces.ts';
import type { MemoryState } from '../hardware/persistent-memory/state.ts';
import { LineChoices } from './line-choices.ts';

const EXACT_LINES = 128; // from so many lines with a choice on, a product has at least so many bits

const NONE = { count: 1, log2: 0 } as const;

/**
 * All that a crash can leave at the present point: the contents of the persistence domain, and for each line with pieces
 * outside it the contents that it can have. Kept up event by event; nothing of it costs more than what changed.
 */
export class Frontier {
  /** Lines with more than one distinct content, the one that changed last at the end. */
  readonly open: LineChoices[] = [];
  private readonly lines = new Map<number, LineChoices>();
  private readonly placeInOpen = new Map<number, number>();
  private readonly tears: boolean;
  private contentsLog2 = 0;
  private combinationsLog2 = 0;
  /** Digest lanes of the difference between none and all pieces durable. */
  readonly allDelta = new Int32Array(4);

  constructor(
    private readonly state: MemoryState,
    private readonly maxContents: number,
  ) {
    this.tears = !queueSurvives(state.configuration.platform);
  }

  /** Number of lines with pieces outside the persistence domain. */
  get size(): number {
    return this.lines.size;
  }

  get(line: number): LineChoices | undefined {
    return this.lines.get(line);
  }

  all(): Iterable<LineChoices> {
    return this.lines.values();
  }

  /** Of each atom of a line, how many of its pieces lie in a queue that this platform can lose. */
  acceptedOf({ line, contents }: LineChoices): number[] {
    const accepted = new Array<number>(contents[0].durable.length).fill(0);
    const pending = this.state.pending.get(line);
    pending?.pieces.forEach(({ atom }, i) => {
      if ((pending.acceptedAt[i] ?? 0) !== 0) accepted[atom]++;
    });
    return accepted;
  }

  /** A piece became visible. Returns the line and the index of its first new content. */
  append(line: number, piece: Piece): { choices: LineChoices; firstNew: number } {
    let choices = this.lines.get(line);
    if (choices === undefined) {
      choices = this.fresh(line);
      this.lines.set(line, choices);
    }
    const firstNew = choices.contents.length;
    this.count(choices, -1);
    choices.append(piece);
    this.count(choices, 1);
    this.place(choices);
    return { choices, firstNew };
  }

  /** Something of the line moved into the persistence domain: takes its choices anew from the machine. */
  rebuild(line: number): LineChoices | undefined {
    const old = this.lines.get(line);
    if (old !== undefined) {
      this.count(old, -1);
      this.close(old);
      this.lines.delete(line);
    }
    const pending = this.state.pending.get(line);
    if (pending === undefined || pending.pieces.length === 0) {
      if (this.lines.size === 0) this.reset();
      return undefined;
    }
    const choices = this.fresh(line);
    for (const piece of pending.pieces) choices.append(piece);
    this.lines.set(line, choices);
    this.count(choices, 1);
    this.place(choices);
    return choices;
  }

  /** How many distinct images there are here: exact up to 2^53 where `exact`, else the power of two. */
  distinct(): { exact: boolean; count: number; log2: number } {
    return this.product(this.contentsLog2, (choices) => (choices.complete ? choices.contents.length : NaN));
  }

  /** How many combinations of durable pieces there are here: not counted from 2^128 on, and where not exact. */
  combinations(): { count: number | bigint | undefined; log2: number } {
    const log2 = this.combinationsLog2;
    if (this.lines.size === 0) return NONE;
    if (this.lines.size > EXACT_LINES || log2 > 130) return { count: undefined, log2 };
    if (log2 < 52) {
      let count = 1;
      let exact = true;
      for (const choices of this.lines.values()) {
        exact &&= choices.complete;
        count *= choices.combinations;
      }
      return { count: exact ? count : undefined, log2 };
    }
    let count = 1n;
    let exact = true;
    for (const choices of this.lines.values()) {
      exact &&= choices.complete;
      if (exact) count *= BigInt(choices.combinations);
    }
    return { count: exact && count < 1n << 128n ? count : undefined, log2 };
  }

  private product(
    log2: number,
    factor: (choices: LineChoices) => number,
  ): { exact: boolean; count: number; log2: number } {
    if (this.open.length > EXACT_LINES || log2 > 54) return { exact: false, count: Infinity, log2 };
    let count = 1;
    for (const choices of this.open) count *= factor(choices);
    return { exact: count <= Number.MAX_SAFE_INTEGER, count: Number.isNaN(count) ? Infinity : count, log2 };
  }

  private fresh(line: number): LineChoices {
    const { configuration, domain } = this.state;
    return new LineChoices(line, configuration.lineBytes, domain, this.tears, this.maxContents);
  }

  private count(choices: LineChoices, sign: 1 | -1): void {
    this.contentsLog2 += sign * choices.contentsLog2;
    this.combinationsLog2 += sign * choices.combinationsLog2;
    const all = choices.contents[choices.all];
    this.allDelta[0] ^= all.a;
    this.allDelta[1] ^= all.b;
    this.allDelta[2] ^= all.c;
    this.allDelta[3] ^= all.d;
  }

  /** No line is left: rounding errors of the logarithms go with the last one. */
  private reset(): void {
    this.contentsLog2 = 0;
    this.combinationsLog2 = 0;
  }

  /** Puts a line with a choice at the end of the open ones. */
  private place(choices: LineChoices): void {
    if (choices.contents.length < 2 && choices.complete) return;
    this.close(choices);
    this.placeInOpen.set(choices.line, this.open.length);
    this.open.push(choices);
  }

  private close(choices: LineChoices): void {
    const at = this.placeInOpen.get(choices.line);
    if (at === undefined) return;
    this.placeInOpen.delete(choices.line);
    const last = this.open.pop() as LineChoices;
    if (last.line === choices.line) return;
    this.open[at] = last;
    this.placeInOpen.set(last.line, at);
  }
}
