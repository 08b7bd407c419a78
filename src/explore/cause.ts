import type { Piece } from '../hardware/persistent-memory/pieces.ts';
import type { CrashImage } from './crash-image.ts';
import { minimize } from './delta-debugging.ts';
import type { Frontier } from './frontier.ts';
import type { Content, LineChoices } from './line-choices.ts';
import type { MarkerHistory } from './markers.ts';

/**
 * How the pieces that matter stand to each other:
 * - `order`: some were durable although others, which had to be durable first, were not (none of them where what was
 *   durable too early was already sure);
 * - `promise`: something was promised to the outside although it was not durable;
 * - `always`: the image is wrong even with everything durable that was stored so far.
 */
export type Relation = 'order' | 'promise' | 'always';

/** One store that matters, as far as it can be told without the run. */
export interface PieceReference {
  /** Index of the event that made it visible. */
  readonly event: number;
  /** Innermost stack frame without its address: `main (program.c:86)`; undefined where the log has none. */
  readonly source: string | undefined;
  /** Markers open when it was stored, outermost first. */
  readonly markers: readonly string[];
  /** Events since the last marker; undefined where none is open. Tells stores of one loop apart that have no frames. */
  readonly sinceMarker: number | undefined;
  /** NVDIMM address of its atom. */
  readonly address: number;
}

export interface Cause {
  readonly relation: Relation;
  /** Pieces that were durable too early, the newest of each line. */
  readonly early: readonly PieceReference[];
  /** Pieces that were missing: making them durable mends the image. */
  readonly missing: readonly PieceReference[];
  /** Equal for violations with the same cause. */
  readonly key: string;
}

type Choice = ReadonlyMap<LineChoices, Content>;

/** Contents of one line that are tried one by one; of more, they are halved. */
const MAX_CONTENTS_TRIED = 64;

/**
 * Finds what made an image wrong by judging its neighbours: first as little as possible survives, then as little as
 * possible of what is missing is put back. `violates` judges the image that a choice leaves at the present point.
 */
export function findCause(
  frontier: Frontier,
  image: CrashImage,
  violates: (choice: Choice) => boolean,
  history: MarkerHistory,
  lineBytes: number,
): { cause: Cause; survivors: Choice } {
  const refer = (choices: LineChoices, piece: Piece): PieceReference => ({
    event: piece.event,
    source: innermostFrame(piece.source),
    markers: history.at(piece.event),
    sinceMarker: history.since(piece.event),
    address: choices.line * lineBytes + piece.atom * 8,
  });
  const survivors = leastSurvivors(image, violates);
  const { missing, cured } = leastMissing(frontier, survivors, violates);
  const early = [...survivors].map(([choices, content]) => refer(choices, newestDurable(choices, content)));
  const missingPieces = missing.map(([choices, content]) =>
    refer(choices, newestDurable(choices, content, survivors.get(choices))),
  );
  const relation: Relation = !cured
    ? 'always'
    : early.length === 0 && image.promise !== undefined
      ? 'promise'
      : 'order';
  const relevant = relation === 'always' && early.length > 1 ? [newestOf(early)] : early;
  return {
    cause: {
      relation,
      early: relevant,
      missing: missingPieces,
      key: keyOf(relation, relevant, missingPieces),
    },
    survivors,
  };
}

function leastSurvivors(image: CrashImage, violates: (choice: Choice) => boolean): Map<LineChoices, Content> {
  const all: [LineChoices, Content][] = [];
  image.forEachLine((choices, content) => all.push([choices, content]));
  const kept = new Map(minimize(all, (subset) => violates(new Map(subset))));
  for (const [choices, content] of [...kept]) {
    const smaller = choices.contents.filter((one) => one !== choices.contents[0] && isWithin(one, content));
    const found = firstThat(smaller, (one) => violates(new Map([...kept, [choices, one]])));
    if (found !== undefined) kept.set(choices, found);
  }
  return kept;
}

function leastMissing(
  frontier: Frontier,
  survivors: Choice,
  violates: (choice: Choice) => boolean,
): { missing: [LineChoices, Content][]; cured: boolean } {
  const whole = (choices: LineChoices): [LineChoices, Content] => [choices, choices.contents[choices.all]];
  // What is tried first is left out first: where one of two would do, the older one was to be durable first.
  const lacking = frontier.open
    .filter((choices) => survivors.get(choices) !== choices.contents[choices.all])
    .sort((one, other) => newestEvent(other) - newestEvent(one));
  const curedBy = (lines: readonly [LineChoices, Content][]): boolean =>
    !violates(new Map([...survivors, ...lines]));
  if (lacking.length === 0 || !curedBy(lacking.map(whole))) return { missing: [], cured: false };
  // Where the queue is lost and all would be well without that, nothing else is to blame.
  const queued = lacking.flatMap((choices) => contentWithQueue(frontier, choices, survivors));
  const offered = queued.length > 0 && curedBy(queued) ? queued : lacking.map(whole);
  const needed = [...minimize(offered, curedBy)];
  for (let i = 0; i < needed.length; i++) {
    const [choices, content] = needed[i];
    const had = survivors.get(choices) ?? choices.contents[0];
    const smaller = choices.contents.filter((one) => isWithin(had, one) && isWithin(one, content));
    const found = firstThat(smaller, (one) =>
      curedBy([...needed.slice(0, i), [choices, one], ...needed.slice(i + 1)]),
    );
    if (found !== undefined) needed[i] = [choices, found];
  }
  return { missing: needed, cured: true };
}

/** A line with what its queue holds durable as well; nothing where that is no more. */
function contentWithQueue(
  frontier: Frontier,
  choices: LineChoices,
  survivors: Choice,
): [LineChoices, Content][] {
  const { durable } = survivors.get(choices) ?? choices.contents[0];
  const accepted = frontier.acceptedOf(choices);
  if (accepted.every((rank, atom) => rank <= durable[atom])) return [];
  const content = choices.find(durable.map((rank, atom) => Math.max(rank, accepted[atom])));
  return content === undefined ? [] : [[choices, content]];
}

const newestEvent = ({ pieces }: LineChoices): number => pieces[pieces.length - 1].event;

/** Whether every piece that is durable in the one is durable in the other, and they are not the same. */
const isWithin = (one: Content, other: Content): boolean =>
  one !== other && one.durable.every((rank, atom) => rank <= other.durable[atom]);

function firstThat(contents: readonly Content[], holds: (content: Content) => boolean): Content | undefined {
  const step = Math.max(1, Math.ceil(contents.length / MAX_CONTENTS_TRIED));
  for (let i = 0; i < contents.length; i += step) if (holds(contents[i])) return contents[i];
  return undefined;
}

/** The newest piece that is durable in a content, and not in an earlier one. */
function newestDurable(choices: LineChoices, content: Content, than?: Content): Piece {
  const rank = new Map<number, number>();
  let newest = choices.pieces[0];
  for (const piece of choices.pieces) {
    const place = rank.get(piece.atom) ?? 0;
    rank.set(piece.atom, place + 1);
    if (place < content.durable[piece.atom] && place >= (than?.durable[piece.atom] ?? 0)) newest = piece;
  }
  return newest;
}

const newestOf = (references: readonly PieceReference[]): PieceReference =>
  references.reduce((newest, one) => (one.event > newest.event ? one : newest));

/** `0x109881: main (program.c:90); …` without the address and the callers. */
export function innermostFrame(source: string | undefined): string | undefined {
  const frame = source?.split(';')[0]?.trim();
  return frame === undefined || frame === '' ? undefined : frame.replace(/^0x[0-9a-fA-F]+:\s*/, '');
}

/** The key of a cause: its relation, and the stores by stack frame and marker. */
export function keyOf(
  relation: Relation,
  early: readonly PieceReference[],
  missing: readonly PieceReference[],
): string {
  return `${relation}: early ${namesOf(early)}; missing ${namesOf(missing)}`;
}

const storeSince = (events: number | undefined): string =>
  events === undefined ? 'a store' : `the store ${events} events after the marker`;

/** Stores by stack frame and marker, each once, in an order that does not depend on the run. */
export function namesOf(references: readonly PieceReference[]): string {
  const names = references.map(
    ({ source, sinceMarker, markers }) =>
      (source ?? storeSince(sinceMarker)) + (markers.length > 0 ? ` in ${markers.join('/')}` : ''),
  );
  return [...new Set(names)].sort().join(' + ') || 'nothing';
}
