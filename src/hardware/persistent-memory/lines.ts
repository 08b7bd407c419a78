import { IllegalEvent } from '../../kernel/errors.ts';
import { ATOM_BYTES, cachesSurvive, controllerOf } from './configuration.ts';
import type { MemoryEventOf } from './events.ts';
import { closeUnderOrder, halvesOf, type Piece } from './pieces.ts';
import type { MemoryState, PendingLine } from './state.ts';

/*
 * What happens to the pieces of one line: visible, flushed, accepted, on the media. The rules by number are those of the
 * persistency model. Functions that can refuse do so before they change anything.
 */

export const lineOf = (state: MemoryState, address: number): number =>
  Math.floor(address / state.configuration.lineBytes);

/** Rule 1 and 4: the piece joins the order of its line. */
export function makeVisible(state: MemoryState, store: MemoryEventOf<'store.visible'>): void {
  const { core, address, data, nonTemporal = false, source } = store;
  const { lineBytes, platform, defect } = state.configuration;
  const atomAddress = address - (address % ATOM_BYTES);
  const [low, high, maskLow, maskHigh] = halvesOf(data, address - atomAddress);
  writeMasked(state.visible, atomAddress, low, high, maskLow, maskHigh);

  const number = lineOf(state, address);
  let line = state.pending.own(number);
  if (line === undefined) {
    line = { pieces: [], acceptedAt: [], acceptedFirst: 0, unaccepted: 0, marks: [] };
    state.pending.set(number, line);
  }
  const atom = (atomAddress - number * lineBytes) / ATOM_BYTES;
  if (!nonTemporal) line.unaccepted++;
  if (!nonTemporal && cachesSurvive(platform)) {
    // Rule 5, eADR: durable at once, and with it what went before it to the same atom.
    if (line.pieces.length > 0) {
      settle(
        state,
        number,
        line,
        line.pieces.map((piece) => piece.atom === atom),
      );
    }
    writeMasked(state.domain, atomAddress, low, high, maskLow, maskHigh);
    return;
  }
  const piece: Piece = {
    atom,
    low,
    high,
    maskLow,
    maskHigh,
    core,
    nonTemporal,
    event: state.eventCount,
    source,
  };
  const join = defect === 'pieces-of-a-line-reorder' ? 'unshift' : 'push';
  line.pieces[join](piece);
  if (state.media === null) line.acceptedAt[join](0);
  if (join === 'unshift') line.acceptedFirst = 0;
  if (nonTemporal) state.cores[core].combining.push(number);
}

/** Rule 2: the pieces stored so far to each line of the range are flushed by this core. */
export function markFlushed(state: MemoryState, core: number, address: number, sizeBytes: number): void {
  const first = firstFlushed(state, address);
  if (first === lastFlushed(state, address, sizeBytes)) markLine(state, core, first);
  else for (const number of dirtyLines(state, address, sizeBytes)) markLine(state, core, number);
}

/** The lines that a flush of this range finds with ordinary pieces to write back, in address order. */
export function dirtyLines(state: MemoryState, address: number, sizeBytes: number): number[] {
  const numbers: number[] = [];
  const last = lastFlushed(state, address, sizeBytes);
  for (const [number, { unaccepted }] of state.pending.entries(firstFlushed(state, address), last)) {
    if (unaccepted > 0) numbers.push(number);
  }
  return numbers;
}

const firstFlushed = (state: MemoryState, address: number): number =>
  lineOf(state, address) + (state.configuration.defect === 'flush-of-the-wrong-line' ? 1 : 0);

const lastFlushed = (state: MemoryState, address: number, sizeBytes: number): number =>
  firstFlushed(state, address + Math.max(1, sizeBytes) - 1);

function markLine(state: MemoryState, core: number, number: number): void {
  const found = state.pending.get(number);
  if (found === undefined || found.unaccepted === 0) return;
  const line = state.pending.own(number) as PendingLine;
  const mark = line.marks.find((one) => one.core === core);
  if (mark !== undefined) mark.upTo = line.unaccepted;
  else {
    line.marks.push({ core, upTo: line.unaccepted });
    state.cores[core].flushed.push(number);
  }
}

/** Rule 3: whether a fence of this core has something to wait for in this line. */
export function awaitsAcceptance(state: MemoryState, core: number, number: number): boolean {
  const line = state.pending.get(number);
  if (line === undefined) return false;
  if (line.marks.some((mark) => mark.core === core)) return true;
  const { pieces, acceptedAt } = line;
  for (let i = line.acceptedFirst; i < pieces.length; i++) {
    if (pieces[i].nonTemporal && pieces[i].core === core && (acceptedAt[i] ?? 0) === 0) return true;
  }
  return false;
}

/** The lines that a fence of this core waits for, in address order, each once. */
export function linesAwaited(state: MemoryState, core: number): number[] {
  const { flushed, combining } = state.cores[core];
  if (flushed.length === 0 && combining.length === 0) return [];
  const numbers = [...new Set([...flushed, ...combining])].filter((number) =>
    awaitsAcceptance(state, core, number),
  );
  return numbers.sort((a, b) => a - b);
}

/** Rule 3: accepts what this core flushed of a line, whoever stored it, and its own non-temporal stores to it. */
export function acceptFlushed(state: MemoryState, core: number, number: number): void {
  const line = state.pending.own(number) as PendingLine;
  accept(state, number, line, flushedUpTo(line, core), (piece) => piece.nonTemporal && piece.core === core);
}

const flushedUpTo = (line: PendingLine, core: number): number =>
  line.marks.find((mark) => mark.core === core)?.upTo ?? 0;

/**
 * A line written back whole, unasked (rule 1) or by CLFLUSH (rule 3), takes all its ordinary pieces along; a non-temporal
 * one waits for its fence (rule 4).
 */
export function acceptWhole(state: MemoryState, number: number): void {
  const line = state.pending.own(number) as PendingLine;
  accept(state, number, line, line.unaccepted, () => false);
}

/** Rule 4: one atom of a write-combining buffer goes out by itself. */
export function acceptAtom(state: MemoryState, number: number, atom: number): void {
  const line = state.pending.own(number) as PendingLine;
  accept(state, number, line, 0, (piece) => piece.nonTemporal && piece.atom === atom);
}

/** Whether acceptance of a line would overflow its queue. */
export const queueIsFull = (state: MemoryState, number: number): boolean =>
  fullQueue(state, [number]) !== undefined;

/** A controller whose queue acceptance of all these lines would overflow; undefined where there is room. */
export function fullQueue(state: MemoryState, numbers: readonly number[]): number | undefined {
  const { queueLines } = state.configuration;
  if (queueLines === undefined) return undefined;
  const occupancyLines = state.occupancyLines.slice();
  for (const number of numbers) {
    const controller = controllerOfLine(state, number);
    if (!state.queued.has(number) && ++occupancyLines[controller] > queueLines) return controller;
  }
  return undefined;
}

export const controllerOfLine = (state: MemoryState, number: number): number =>
  controllerOf(state.configuration, number * state.configuration.lineBytes);

/** The first `upTo` unaccepted ordinary pieces, those that `also` picks, and what order demands with them. */
function accept(
  state: MemoryState,
  number: number,
  line: PendingLine,
  upTo: number,
  also: (piece: Piece) => boolean,
): void {
  if (!state.queued.has(number)) {
    state.occupancyLines[controllerOfLine(state, number)]++;
    state.queued.set(number, state.eventCount);
  }

  const { platform } = state.configuration;
  if (
    state.media !== null &&
    !cachesSurvive(platform) &&
    upTo === line.unaccepted &&
    line.pieces.length === upTo
  ) {
    // The usual case, every piece of the line: its contents are what is visible.
    copyLineContents(state, number, state.visible, state.domain);
    state.pending.delete(number);
    return;
  }
  const { acceptedAt, acceptedFirst } = line;
  const pieces = acceptedFirst === 0 ? line.pieces : line.pieces.slice(acceptedFirst);
  const accepted = (i: number): boolean => (acceptedAt[acceptedFirst + i] ?? 0) !== 0;
  let unacceptedSeen = 0;
  const taken = pieces.map((piece, i) => {
    if (accepted(i)) return true;
    if (!piece.nonTemporal) return unacceptedSeen++ < upTo;
    return also(piece);
  });
  closeUnderOrder(pieces, taken);
  const ordinaryTaken = cachesSurvive(platform)
    ? upTo
    : pieces.reduce((sum, piece, i) => sum + (taken[i] && !piece.nonTemporal && !accepted(i) ? 1 : 0), 0);
  line.unaccepted -= ordinaryTaken;
  line.marks = line.marks
    .map((mark) => ({ core: mark.core, upTo: mark.upTo - ordinaryTaken }))
    .filter((mark) => mark.upTo > 0);
  if (state.media !== null) {
    settle(state, number, line, taken);
    return;
  }
  for (let i = 0; i < pieces.length; i++) {
    if (taken[i] && !accepted(i)) acceptedAt[acceptedFirst + i] = state.eventCount;
  }
  while (line.acceptedFirst < acceptedAt.length && acceptedAt[line.acceptedFirst] !== 0) line.acceptedFirst++;
}

/**
 * Everything that the queue holds of a line reaches the media. Under eADR that is the line as the persistence domain has
 * it, visible stores that are not accepted yet included: nobody can tell, since they survive anyway.
 */
export function drain(state: MemoryState, number: number): void {
  if (state.media !== null) copyLineContents(state, number, state.domain, state.media);
  else {
    const line = state.pending.own(number);
    if (line !== undefined)
      settle(
        state,
        number,
        line,
        line.acceptedAt.map((at) => at !== 0),
      );
  }
  state.queued.delete(number);
  state.occupancyLines[controllerOfLine(state, number)]--;
}

/** Some atoms of what the queue holds of a line reach the media; the queue is lost with the power that follows. */
export function tear(
  state: MemoryState,
  number: number,
  atoms: number,
  until = Number.POSITIVE_INFINITY,
): void {
  const line = state.pending.own(number);
  if (line === undefined || state.media !== null)
    throw new IllegalEvent('wpq.torn', 'the queue holds nothing of it');
  const written = line.pieces.map(({ atom }, i) => {
    const acceptedAt = line.acceptedAt[i];
    return acceptedAt !== 0 && acceptedAt <= until && ((atoms >> atom) & 1) === 1;
  });
  settle(state, number, line, written);
}

/** Moves the chosen pieces into the persistence domain, in their order, and takes them off the line. */
function settle(state: MemoryState, number: number, line: PendingLine, chosen: readonly boolean[]): void {
  const base = number * state.configuration.lineBytes;
  line.pieces.forEach((piece, i) => {
    if (!chosen[i]) return;
    writeMasked(
      state.domain,
      base + piece.atom * ATOM_BYTES,
      piece.low,
      piece.high,
      piece.maskLow,
      piece.maskHigh,
    );
  });
  line.pieces = line.pieces.filter((_, i) => !chosen[i]);
  line.acceptedAt = line.acceptedAt.filter((_, i) => !chosen[i]);
  line.acceptedFirst = 0; // found again by the next acceptance
  if (line.pieces.length === 0 && line.unaccepted === 0) state.pending.delete(number);
}

interface Words {
  word(address: number): number;
  writeAtom(address: number, low: number, high: number): void;
}

function writeMasked(
  to: Words,
  address: number,
  low: number,
  high: number,
  maskLow: number,
  maskHigh: number,
): void {
  to.writeAtom(
    address,
    maskLow === -1 ? low : (to.word(address) & ~maskLow) | low,
    maskHigh === -1 ? high : (to.word(address + 4) & ~maskHigh) | high,
  );
}

function copyLineContents(state: MemoryState, number: number, from: Words, to: Words): void {
  const { lineBytes } = state.configuration;
  const base = number * lineBytes;
  for (let at = base; at < base + lineBytes; at += ATOM_BYTES)
    to.writeAtom(at, from.word(at), from.word(at + 4));
}
