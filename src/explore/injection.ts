import { ATOM_BYTES, queueSurvives } from '../hardware/persistent-memory/configuration.ts';
import type { MemoryEvent, MemoryEventOf } from '../hardware/persistent-memory/events.ts';
import { evolveMemory } from '../hardware/persistent-memory/evolve.ts';
import {
  awaitsAcceptance,
  controllerOfLine,
  dirtyLines,
  fullQueue,
  lineOf,
} from '../hardware/persistent-memory/lines.ts';
import { drains } from '../hardware/persistent-memory/operations.ts';
import { parsePlace, placeOf, placeText } from '../hardware/persistent-memory/places.ts';
import type { MemoryState, PendingLine } from '../hardware/persistent-memory/state.ts';
import { InputError } from '../kernel/errors.ts';

/** Which pieces outside the persistence domain a loss of power leaves. */
export type SurvivorChoice =
  | 'none'
  | 'all'
  /** Of lines, named by a place in them: how many of their oldest pieces. Of other lines none. */
  | readonly { readonly place: string; readonly pieces: number }[];

/** A run with a fault in it: an ordinary run, whose events can be recorded and replayed. */
export interface FaultyRun {
  readonly events: readonly MemoryEvent[];
  /** The state after them. */
  readonly state: MemoryState;
}

/**
 * F1, and on platform P1f F13: the loss of power after a run, spelled out: lines are written back where the pieces that
 * survive were the newest. `fresh` is a machine before the first event. Throws `InputError`, which says what is possible.
 */
export function injectPowerLoss(
  fresh: () => MemoryState,
  events: readonly MemoryEvent[],
  survivors: SurvivorChoice,
): FaultyRun {
  const end = refold(fresh(), events);
  const wanted = survivingPieces(end.state, survivors);
  const after = new Map<number, MemoryEvent[]>();
  const drains = !queueSurvives(end.state.configuration.platform);
  for (const [line, pieces] of wanted) {
    for (const { event, act } of writeBacks(end.state, line, pieces)) {
      const due = after.get(event) ?? [];
      const address = line * end.state.configuration.lineBytes;
      const drained: MemoryEvent[] = drains ? [{ kind: 'wpq.drained', address, cause: event }] : [];
      after.set(event, [...due, { ...act, cause: event }, ...drained]);
    }
  }
  const run = refold(fresh(), events, after);
  take(run, { kind: 'power.lost' });
  checkSurvivors(run.state, end.state, wanted);
  return run;
}

/** F14: a line is written back unasked after a run. `rest` is what would have come: of it goes on what still can happen. */
export function injectEviction(
  fresh: () => MemoryState,
  events: readonly MemoryEvent[],
  place: string,
  rest: readonly MemoryEvent[],
): FaultyRun {
  const run = refold(fresh(), events);
  const line = lineOf(run.state, parsePlace(run.state, place));
  const pending = run.state.pending.get(line);
  if (pending === undefined || pending.unaccepted === 0) {
    const dirty = [...run.state.pending.entries()].filter(([, { unaccepted }]) => unaccepted > 0);
    throw new InputError(
      `${lineText(run.state, line)} is clean here; ${possible(
        run.state,
        'dirty',
        dirty.map(([number]) => number),
      )}`,
    );
  }
  const eviction: MemoryEvent = { kind: 'line.evicted', address: line * run.state.configuration.lineBytes };
  return refold(fresh(), [...events, ...rest], new Map([[events.length - 1, [eviction]]]));
}

/** F9: of the last media write of a line only some atoms are written, and power is lost. */
export function injectTornWrite(
  fresh: () => MemoryState,
  events: readonly MemoryEvent[],
  place: string,
  atoms: readonly number[],
): FaultyRun {
  const run = refold(fresh(), events);
  const { state } = run;
  const { lineBytes, platform } = state.configuration;
  if (queueSurvives(platform)) {
    throw new InputError(
      `on ${platform} the write pending queue survives, so no media write is torn; it takes P0 or P1f`,
    );
  }
  const line = lineOf(state, parsePlace(state, place));
  const queued = [...state.queued.entries()]
    .map(([number]) => number)
    .filter((number) => state.pending.has(number));
  if (!queued.includes(line)) {
    throw new InputError(
      `${lineText(state, line)} is in no queue here; ${possible(state, 'in a queue', queued)}`,
    );
  }
  const wrong = atoms.find((atom) => atom >= lineBytes / 8);
  if (wrong !== undefined) throw new InputError(`a line has atoms 0 to ${lineBytes / 8 - 1}, not ${wrong}`);
  const mask = [...new Set(atoms)].reduce((bits, atom) => bits + 2 ** atom, 0);
  take(run, { kind: 'wpq.torn', address: line * lineBytes, atoms: mask });
  take(run, { kind: 'power.lost' });
  return run;
}

interface Run {
  readonly events: MemoryEvent[];
  readonly state: MemoryState;
}

function take({ events, state }: Run, event: MemoryEvent): void {
  evolveMemory(state, event);
  events.push(event);
}

/**
 * Folds events with further ones put in behind some of them. Then not all that the machine did by itself is still to do: what
 * was written back before is not accepted again. Causes keep pointing at their events.
 */
function refold(
  state: MemoryState,
  events: readonly MemoryEvent[],
  after: ReadonlyMap<number, readonly MemoryEvent[]> = new Map(),
): Run {
  const run: Run = { events: [], state };
  const placeNow: number[] = []; // of each event of the run as it was
  events.forEach((event, index) => {
    placeNow.push(state.eventCount);
    const moved = moveCause(event, placeNow);
    if (after.size === 0) take(run, moved);
    else goOn(run, moved);
    for (const put of after.get(index) ?? []) {
      goOn(run, moveCause(put, placeNow));
    }
  });
  return run;
}

function moveCause<E extends MemoryEvent>(event: E, placeNow: readonly number[]): E {
  const now = event.cause === undefined ? undefined : placeNow[event.cause];
  return now === undefined ? event : { ...event, cause: now };
}

/** Folds an event of a run that was changed earlier; what the machine would not do any more is left out. */
function goOn(run: Run, event: MemoryEvent): void {
  const { state } = run;
  switch (event.kind) {
    case 'wpq.accepted':
      if (!awaitsAcceptance(state, event.core, lineOf(state, event.address))) return;
      makeRoom(run, [lineOf(state, event.address)]);
      break;
    case 'line.flushed':
      if (event.instruction === 'clflush') makeRoom(run, dirtyLines(state, event.address, event.sizeBytes));
      break;
    case 'hint.done':
      for (const drained of drains(state, event.controller)) take(run, drained);
      break;
    case 'line.evicted':
    case 'combining.written':
      if (!isDue(state, event)) return;
      makeRoom(run, [lineOf(state, event.address)]);
      break;
    case 'wpq.drained':
      if (!state.queued.has(lineOf(state, event.address))) return;
      break;
    default:
  }
  take(run, event);
}

/** Whether there is anything to write back. */
function isDue(state: MemoryState, event: MemoryEventOf<'line.evicted' | 'combining.written'>): boolean {
  const line = lineOf(state, event.address);
  const pending = state.pending.get(line);
  if (pending === undefined) return false;
  if (event.kind === 'line.evicted') return pending.unaccepted > 0;
  const atom = (event.address - line * state.configuration.lineBytes) / ATOM_BYTES;
  return pending.pieces.some(
    (piece, i) => piece.nonTemporal && piece.atom === atom && (pending.acceptedAt[i] ?? 0) === 0,
  );
}

/** Where a queue has no room for all of these lines, the first ones that it holds drain. */
function makeRoom(run: Run, lines: readonly number[]): void {
  const { state } = run;
  for (let full = fullQueue(state, lines); full !== undefined; full = fullQueue(state, lines)) {
    const first = [...state.queued.entries()].find(([number]) => controllerOfLine(state, number) === full);
    if (first === undefined) return; // more lines at once than the queue holds: the machine refuses that
    take(run, { kind: 'wpq.drained', address: first[0] * state.configuration.lineBytes });
  }
}

/** Of each line that keeps something: how many of its oldest pieces. */
function survivingPieces(state: MemoryState, survivors: SurvivorChoice): Map<number, number> {
  const open = [...state.pending.entries()].filter(([, { pieces }]) => pieces.length > 0);
  if (survivors === 'none') return new Map();
  if (survivors === 'all') return new Map(open.map(([line, { pieces }]) => [line, pieces.length]));
  const wanted = new Map<number, number>();
  for (const { place, pieces } of survivors) {
    const line = lineOf(state, parsePlace(state, place));
    const most = state.pending.get(line)?.pieces.length ?? 0;
    if (wanted.has(line)) throw new InputError(`${lineText(state, line)} is given twice`);
    if (most === 0) {
      const what = possible(
        state,
        'with pieces to lose',
        open.map(([number]) => number),
      );
      throw new InputError(`${lineText(state, line)} has nothing outside the persistence domain; ${what}`);
    }
    if (pieces > most)
      throw new InputError(
        `${lineText(state, line)} has ${most} pieces, so 0 to ${most} of them survive, not ${pieces}`,
      );
    if (pieces > 0) wanted.set(line, pieces);
  }
  return wanted;
}

/** The write-backs after which the oldest pieces of a line are durable: behind the newest of them, and of each free atom. */
function writeBacks(
  state: MemoryState,
  line: number,
  count: number,
): { event: number; act: Extract<MemoryEvent, { kind: 'line.evicted' | 'combining.written' }> }[] {
  const address = line * state.configuration.lineBytes;
  const pieces = (state.pending.get(line) as PendingLine).pieces.slice(0, count);
  const ordinary = pieces.findLast(({ nonTemporal }) => !nonTemporal);
  const lastOfAtom = new Map(pieces.map((piece) => [piece.atom, piece]));
  const acts = [...lastOfAtom.values()]
    .filter(({ nonTemporal }) => nonTemporal)
    .map(({ event, atom }) => ({
      event,
      act: { kind: 'combining.written' as const, address: address + atom * 8 },
    }));
  if (ordinary === undefined) return acts;
  return [{ event: ordinary.event, act: { kind: 'line.evicted' as const, address } }, ...acts];
}

/** Throws where more or less than the oldest pieces of a line survived, as when a queue had to drain what was to be lost. */
function checkSurvivors(after: MemoryState, before: MemoryState, wanted: ReadonlyMap<number, number>): void {
  const { lineBytes } = before.configuration;
  for (const [line, { pieces }] of before.pending.entries()) {
    const count = wanted.get(line) ?? 0;
    const expected = before.domain.fork();
    for (const { atom, low, high, maskLow, maskHigh } of pieces.slice(0, count)) {
      const at = line * lineBytes + atom * ATOM_BYTES;
      expected.writeAtom(
        at,
        (expected.word(at) & ~maskLow) | low,
        (expected.word(at + 4) & ~maskHigh) | high,
      );
    }
    const atoms = Array.from(
      { length: lineBytes / ATOM_BYTES },
      (_, atom) => line * lineBytes + atom * ATOM_BYTES,
    );
    const holds = atoms.every(
      (at) =>
        after.domain.word(at) === expected.word(at) && after.domain.word(at + 4) === expected.word(at + 4),
    );
    if (holds) continue;
    throw new InputError(
      `${lineText(before, line)} cannot be left with ${count} of its ${pieces.length} pieces here: its queue drains in ` +
        'order, and what must drain for the others brings more along; choose others',
    );
  }
}

const lineText = (state: MemoryState, line: number): string =>
  `the line at ${placeText(state, placeOf(state, line * state.configuration.lineBytes))}`;

const MAX_LISTED = 8;

function possible(state: MemoryState, what: string, lines: readonly number[]): string {
  if (lines.length === 0) return `no line is ${what}`;
  const { lineBytes } = state.configuration;
  const texts = lines.slice(0, MAX_LISTED).map((line) => placeText(state, placeOf(state, line * lineBytes)));
  return `${what}: ${texts.join(', ')}${lines.length > MAX_LISTED ? ` and ${lines.length - MAX_LISTED} more` : ''}`;
}
