import { ATOM_BYTES } from './configuration.ts';

/**
 * What is durable together: the part of a store that lies within one atom. Immutable. `low` and `high` are the halves of
 * the atom, with bits only where the masks have them.
 */
export interface Piece {
  /** Which atom of its line. */
  readonly atom: number;
  readonly low: number;
  readonly high: number;
  readonly maskLow: number;
  readonly maskHigh: number;
  readonly core: number;
  readonly nonTemporal: boolean;
  /** How many events had been folded when it became visible: its place in the order, and the name of its event. */
  readonly event: number;
  /** The stack frames of the store, where they are known. */
  readonly source: string | undefined;
}

const digit = (code: number): number => (code & 15) + (code >> 6) * 9;

/** The halves of an atom and their masks for bytes, given as hexadecimal digits, that begin at `offset` in it. */
export function halvesOf(
  data: string,
  offset: number,
): [low: number, high: number, maskLow: number, maskHigh: number] {
  let low = 0;
  let high = 0;
  let maskLow = 0;
  let maskHigh = 0;
  const end = offset + data.length / 2;
  for (let at = offset, i = 0; at < end; at++, i += 2) {
    const byte = (digit(data.charCodeAt(i)) << 4) | digit(data.charCodeAt(i + 1));
    if (at < 4) {
      low |= byte << (at * 8);
      maskLow |= 0xff << (at * 8);
    } else {
      high |= byte << (at * 8 - 32);
      maskHigh |= 0xff << (at * 8 - 32);
    }
  }
  return [low, high, maskLow, maskHigh];
}

/** Cuts a store at atom boundaries, in address order. Addresses in bytes; data as hexadecimal digits. */
export function cut(address: number, data: string): { address: number; data: string }[] {
  const pieces: { address: number; data: string }[] = [];
  const end = address + data.length / 2;
  for (let from = address; from < end; ) {
    const to = Math.min(end, from - (from % ATOM_BYTES) + ATOM_BYTES);
    pieces.push({ address: from, data: data.slice(2 * (from - address), 2 * (to - address)) });
    from = to;
  }
  return pieces;
}

/**
 * The smallest set of pieces that holds the seeds and can be durable: ordinary pieces of a line only as a prefix (rule 1),
 * pieces of one atom only in their order (rule 4). `pieces` are those of one line in the order in which they became
 * visible; `taken` is changed in place.
 */
export function closeUnderOrder(pieces: readonly Piece[], taken: boolean[]): void {
  let lastOrdinary = -1; // every ordinary piece up to here belongs to it
  const lastOfAtom: number[] = []; // every piece of the atom up to here belongs to it
  let grown = true;
  while (grown) {
    grown = false;
    for (let i = pieces.length - 1; i >= 0; i--) {
      const { atom, nonTemporal } = pieces[i];
      if (!taken[i] && !((!nonTemporal && i <= lastOrdinary) || i <= (lastOfAtom[atom] ?? -1))) continue;
      taken[i] = true;
      if (!nonTemporal && i > lastOrdinary) {
        lastOrdinary = i;
        grown = true;
      }
      if (i > (lastOfAtom[atom] ?? -1)) {
        lastOfAtom[atom] = i;
        grown = true;
      }
    }
  }
}
