import { type MachineConfiguration, queueSurvives } from '../hardware/persistent-memory/configuration.ts';
import type { Operation } from '../hardware/persistent-memory/operations.ts';
import type { StrayFlush } from '../hardware/persistent-memory/stray-flush.ts';
import { type Cause, innermostFrame, type PieceReference, type Relation } from './cause.ts';
import { type MisplacedFlush, misplacedFlush, prematureFlush } from './misplaced-flush.ts';
import { placeName } from './place-names.ts';
import type { PlacedOperation } from './surviving-pieces.ts';

/** What is wrong with the program: what its author has to mend. */
export type Defect =
  | 'missing fence'
  | 'missing flush'
  | 'missing flush hint'
  | 'flush of another line'
  | 'flush of volatile memory'
  | 'flush of what a pointer points to'
  | 'flush before the store'
  | 'wrong order'
  | 'not atomic'
  | 'promise too early'
  | 'inconsistent though durable';

export interface Explanation {
  readonly defect: Defect;
  /** One paragraph of plain words. */
  readonly text: string;
}

/** What keeps a store from being durable. */
interface Lack {
  readonly defect: Defect;
  readonly detail: string;
  readonly remedy: string;
}

interface Placed {
  readonly reference: PieceReference;
  /** Place of its store among the operations; -1 when unknown. */
  readonly place: number;
}

/** The run that a violation is explained from. */
export interface ExplainedRun {
  /** Up to the crash. */
  readonly operations: readonly PlacedOperation[];
  readonly strayFlushes: readonly StrayFlush[];
  readonly configuration: MachineConfiguration;
}

/**
 * Says in words what a violation is about: which store had to be durable, and what is missing or in the wrong order.
 *
 * @param placeOf the place of the store behind an event of the run
 */
export function explain(cause: Cause, run: ExplainedRun, placeOf: (event: number) => number): Explanation {
  const place = (reference: PieceReference): Placed => ({ reference, place: placeOf(reference.event) });
  const [newest] = cause.early.map(place).sort((one, other) => other.place - one.place);
  const early = newest ?? (cause.relation === 'always' ? lastStore(run.operations) : undefined);
  const [missing, ...others] = cause.missing.map(place).sort((one, other) => one.place - other.place);
  if (missing === undefined) return explainAlways(early, run);
  const { defect, text } = explainPair(cause.relation, early, missing, run);
  return { defect, text: text + whereabouts(missing, run.operations) + alsoMissing(missing, others, run) };
}

/** Where everything is durable at once, the store before the crash is the one that was early; undefined where it has no name. */
function lastStore(operations: readonly PlacedOperation[]): Placed | undefined {
  const last = operations.findLast(({ operation }) => operation.type === 'store');
  if (last?.operation.type !== 'store' || last.operation.source === undefined) return undefined;
  const { source, address } = last.operation;
  const named = { source: innermostFrame(source), markers: [], sinceMarker: undefined };
  return { place: last.place, reference: { ...named, event: -1, address: address - (address % 8) } };
}

/** Says what is wrong between the newest store that was early and the oldest one that was missing. */
function explainPair(
  relation: Relation,
  early: Placed | undefined,
  missing: Placed,
  run: ExplainedRun,
): Explanation {
  if (early !== undefined && early.place === missing.place && early.place >= 0)
    return explainCutStore(early, run);
  if (relation === 'always') return explainTooLate(early, missing, run);
  const isQueued =
    !queueSurvives(run.configuration.platform) && isAccepted(missing, Number.POSITIVE_INFINITY, run);
  if (!isQueued && early !== undefined && early.place < missing.place)
    return explainOrder(early, missing, run);
  const until = isQueued || early === undefined ? Number.POSITIVE_INFINITY : early.place;
  const { defect, detail, remedy } = whatLacks(missing, until, run);
  const [e, m] = names(early, missing, run);
  if (relation === 'promise') {
    const promised = lastMarker(run.operations);
    return {
      defect: MISPLACED.has(defect) ? defect : 'promise too early',
      text:
        `${capital(m)} was promised${promised === undefined ? '' : ` by marker ${promised}`} although a crash can still ` +
        `lose it: ${detail}. ${capital(remedy)} before the promise.`,
    };
  }
  if (early === undefined) {
    return {
      defect,
      text:
        `A crash can still lose ${m} although what depends on it is durable already: ${detail}. ` +
        `${capital(remedy)} before anything that depends on it.`,
    };
  }
  return {
    defect,
    text:
      `${capital(e)} can be durable while ${m}, which must be durable first, is not: ${detail}. ` +
      `Every line may be written back at any moment, so their order at a crash is open. ` +
      `${capital(remedy)} before ${e}.`,
  };
}

/** A part of a store survives without the rest of it. */
function explainCutStore(early: Placed, run: ExplainedRun): Explanation {
  const e = name(early, run);
  return {
    defect: 'not atomic',
    text:
      `${capital(e)} is durable in part: it reaches over a boundary of 8 bytes, a crash can leave what lies on one side ` +
      `without the other, and no flush or fence helps against that. Store it within 8 aligned bytes, or let recovery ` +
      `ignore it until a later store of 8 aligned bytes, made after it is flushed and fenced, says that it is whole.`,
  };
}

const MAX_NAMED = 3;

/** The further stores that have to be durable as well. */
function alsoMissing(first: Placed, others: readonly Placed[], run: ExplainedRun): string {
  const known = name(first, run);
  const further = [...new Set(others.map((one) => name(one, run)))].filter((one) => one !== known);
  if (further.length === 0) return '';
  const more = further.length > MAX_NAMED ? ` and ${further.length - MAX_NAMED} more` : '';
  return ` Missing as well, and needed: ${further.slice(0, MAX_NAMED).join(', ')}${more}.`;
}

/** Of a store in a function without line numbers, as in a C library: what the program itself does before and after it. */
function whereabouts(
  { reference: { source }, place }: Placed,
  operations: readonly PlacedOperation[],
): string {
  if (source === undefined || isLine(source)) return '';
  const lineOfProgram = ({ operation }: PlacedOperation): boolean =>
    (operation.type === 'store' || operation.type === 'flush') && isLine(innermostFrame(operation.source));
  const before = operations.findLast((one) => one.place < place && lineOfProgram(one));
  const after = operations.find((one) => one.place > place && lineOfProgram(one));
  const behind = before && `after what is done${where(before.operation)}`;
  const ahead = after && `before what is done${where(after.operation)}`;
  const found = [behind, ahead].filter((one) => one !== undefined);
  return found.length === 0 ? '' : ` ${source} has no line numbers; it stores ${found.join(' and ')}.`;
}

const isLine = (source: string | undefined): boolean => source !== undefined && /:\d+\)$/.test(source);

/** What is missing had not even been stored: it comes later in the run. */
function explainTooLate(early: Placed | undefined, missing: Placed, run: ExplainedRun): Explanation {
  const { configuration } = run;
  if (early !== undefined && lineOf(early, configuration) === lineOf(missing, configuration))
    return explainTornLine(early, missing, run);
  const [e, m] = names(early, missing, run, 'the last store before the crash');
  return {
    defect: 'wrong order',
    text:
      `${capital(e)} comes before ${m}, on which it depends: between the two the image is wrong even when everything ` +
      `is durable, and later while a crash can still lose the second. Store, flush and fence the second first, or let ` +
      `recovery handle a crash between them.`,
  };
}

function explainAlways(early: Placed | undefined, run: ExplainedRun): Explanation {
  const e = early === undefined ? 'the last store' : name(early, run);
  return {
    defect: 'inconsistent though durable',
    text:
      `The image is wrong after ${e} even when everything stored until then is durable. Either what makes it right is ` +
      `stored too late (store and persist it before ${e}), or recovery does not handle a crash at this point.`,
  };
}

function explainOrder(early: Placed, missing: Placed, run: ExplainedRun): Explanation {
  const { configuration } = run;
  if (lineOf(early, configuration) === lineOf(missing, configuration))
    return explainTornLine(early, missing, run);
  const [e, m] = names(early, missing, run);
  return {
    defect: 'wrong order',
    text:
      `${capital(e)} comes before ${m}, on which it depends. Its line may be written back at any moment, also without a ` +
      `flush, so it can be durable while the other is not. Store, flush and fence the other first, then ${e}.`,
  };
}

function explainTornLine(early: Placed, missing: Placed, run: ExplainedRun): Explanation {
  const [e, m] = names(early, missing, run);
  if (early.reference.address === missing.reference.address) {
    return {
      defect: 'not atomic',
      text:
        `${capital(e)} leaves a value that is wrong until ${m} replaces it, and a crash can fall between them. Store the ` +
        `value only when it is right, or let recovery handle a crash between them.`,
    };
  }
  return {
    defect: 'not atomic',
    text:
      `${capital(e)} and ${m} belong together and lie in one line, but a crash can fall between them: only 8 aligned ` +
      `bytes are durable at once. Make the change visible by a single store of 8 bytes at the end.`,
  };
}

/** The store itself, and what was done between it and a place in the run. */
function stretchOf(missing: Placed, until: number, { operations, configuration }: ExplainedRun) {
  const line = lineOf(missing, configuration);
  const store = operations.find(({ place }) => place === missing.place)?.operation;
  const between = operations.filter(({ place }) => place > missing.place && place < until);
  const flushes = between.filter(
    ({ operation }) =>
      operation.type === 'flush' &&
      Math.floor(operation.address / configuration.lineBytes) <= line &&
      Math.floor((operation.address + Math.max(1, operation.sizeBytes) - 1) / configuration.lineBytes) >=
        line,
  );
  const nonTemporal = store?.type === 'store' && store.nonTemporal === true;
  return { line, store, between, flushes, nonTemporal };
}

/** Whether a store is accepted by a place in the run. */
function isAccepted(missing: Placed, until: number, run: ExplainedRun): boolean {
  const { store, between, flushes, nonTemporal } = stretchOf(missing, until, run);
  return nonTemporal && store?.type === 'store'
    ? isFencedBy(store.core, missing.place, between)
    : flushes.some((flush) => isAcceptedBehind(flush, between));
}

/** What stands between a store and its durability, up to a place in the run. */
function whatLacks(missing: Placed, until: number, run: ExplainedRun): Lack {
  const { operations, strayFlushes, configuration } = run;
  const { line, between, flushes, nonTemporal } = stretchOf(missing, until, run);
  if (isAccepted(missing, until, run)) {
    const how = nonTemporal ? 'it is fenced' : 'its line is flushed and fenced';
    return {
      defect: 'missing flush hint',
      detail: `${how}, but on ${configuration.platform} the queue is lost and no flush hint drains it`,
      remedy: 'write the flush hint of its controller after the fence, and fence again,',
    };
  }
  if (nonTemporal) {
    return {
      defect: 'missing fence',
      detail: `${name(missing, run)} is non-temporal, and no fence of its thread follows it in time`,
      remedy: 'fence',
    };
  }
  if (flushes.length > 0) return whatLacksBehind(flushes[0], between);
  const unflushed = { place: missing.place, address: missing.reference.address };
  const { lineBytes } = configuration;
  const misplaced = misplacedFlush({ store: unflushed, until }, operations, strayFlushes, lineBytes);
  if (misplaced !== undefined) return whatMisplaced(misplaced, line, run);
  const before = prematureFlush(unflushed, operations, lineBytes);
  return before !== undefined
    ? {
        defect: 'flush before the store',
        detail: `its line is flushed before the store${where(before)} and not after it`,
        remedy: 'flush its line after the store, and fence,',
      }
    : {
        defect: 'missing flush',
        detail: `its line (${lineName(line, run)}) is not flushed${until === Number.POSITIVE_INFINITY ? '' : ' in between'}`,
        remedy: 'flush its line, and fence,',
      };
}

const MISPLACED: ReadonlySet<Defect> = new Set([
  'flush of another line',
  'flush of volatile memory',
  'flush of what a pointer points to',
]);

/** What is missing although there is a flush of another line than the store's own: it went elsewhere. */
function whatMisplaced(flush: MisplacedFlush, ownLine: number, run: ExplainedRun): Lack {
  const own = lineName(ownLine, run);
  const at = flush.source === undefined ? '' : ` at ${innermostFrame(flush.source)}`;
  switch (flush.to) {
    case 'volatile memory':
      return {
        defect: 'flush of volatile memory',
        detail:
          `what is flushed after it${at} is ${flush.isOnStack ? 'on the stack' : 'volatile memory'}, ` +
          `not its line in persistent memory (${own})`,
        remedy: 'flush its own line, and fence,',
      };
    case 'pointee':
      return {
        defect: 'flush of what a pointer points to',
        detail:
          `what is flushed after it${at} is the line that the stored pointer points to ` +
          `(${lineName(flush.line, run)}), not the line that holds the pointer (${own})`,
        remedy: 'flush the line that holds the pointer, and fence,',
      };
    case 'another line':
      return {
        defect: 'flush of another line',
        detail:
          `what is flushed after it${at} is another line (${lineName(flush.line, run)}), ` +
          `in which there is nothing to flush, not its own (${own})`,
        remedy: 'flush its own line, and fence,',
      };
  }
}

/** Whether a thread fences behind a place. */
const isFencedBy = (core: number, behind: number, between: readonly PlacedOperation[]): boolean =>
  between.some(
    ({ place, operation }) => place > behind && operation.type === 'fence' && operation.core === core,
  );

/** Whether what a flush found is accepted: by a fence of the same thread, or by CLFLUSH itself. */
const isAcceptedBehind = (
  { place, operation }: PlacedOperation,
  between: readonly PlacedOperation[],
): boolean =>
  operation.type === 'flush' &&
  (operation.instruction === 'clflush' || isFencedBy(operation.core, place, between));

/** What is missing although the line was flushed: nothing that was flushed was accepted. */
function whatLacksBehind(flush: PlacedOperation, between: readonly PlacedOperation[]): Lack {
  const fenced = between.some(({ place, operation }) => place > flush.place && operation.type === 'fence');
  return fenced
    ? {
        defect: 'missing fence',
        detail: `its line is flushed${where(flush.operation)}, but the fence behind the flush is another thread's`,
        remedy: 'fence in the thread that flushed,',
      }
    : {
        defect: 'missing fence',
        detail: `its line is flushed${where(flush.operation)}, but no fence stands between the flush and what follows`,
        remedy: 'fence',
      };
}

/** Where a store or flush stands in the program, as far as it is known. */
function where(operation: Operation): string {
  const isNamed = operation.type === 'flush' || operation.type === 'store';
  const source = isNamed ? innermostFrame(operation.source) : undefined;
  return source === undefined ? '' : ` at ${source}`;
}

function lineOf(piece: Placed, configuration: MachineConfiguration): number {
  return Math.floor(piece.reference.address / configuration.lineBytes);
}

const lastMarker = (operations: readonly PlacedOperation[]): string | undefined => {
  const last = operations.findLast(({ operation }) => operation.type === 'marker')?.operation;
  return last?.type === 'marker' ? last.name : undefined;
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Both stores by their names, with their places where the names are the same: as in a loop, or in one wide store. */
function names(
  early: Placed | undefined,
  missing: Placed,
  run: ExplainedRun,
  nobody = '',
): [early: string, missing: string] {
  const m = name(missing, run);
  if (early === undefined) return [nobody, m];
  const e = name(early, run);
  if (e !== m) return [e, m];
  const at = ({ reference }: Placed): string => ` (${placeName(reference.address, run.operations)})`;
  return [e + at(early), m + at(missing)];
}

/** A store as a reader finds it: by its source line, or by its event and place. */
function name({ reference: { source, event, address } }: Placed, { operations }: ExplainedRun): string {
  return source === undefined
    ? `the store of event ${event} (${placeName(address, operations)})`
    : `the store at ${source}`;
}

const lineName = (line: number, { operations, configuration }: ExplainedRun): string =>
  placeName(line * configuration.lineBytes, operations);
