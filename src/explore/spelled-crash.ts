import { type MachineConfiguration, queueSurvives } from '../hardware/persistent-memory/configuration.ts';
import type { MemoryEvent, MemoryEventOf } from '../hardware/persistent-memory/events.ts';
import { evolveMemory } from '../hardware/persistent-memory/evolve.ts';
import { lineOf } from '../hardware/persistent-memory/lines.ts';
import { perform } from '../hardware/persistent-memory/operations.ts';
import { initialMemory, type MemoryState } from '../hardware/persistent-memory/state.ts';
import { IllegalEvent } from '../kernel/errors.ts';
import { type Content, durableSets, type LineChoices } from './line-choices.ts';
import { type PieceName, type PlacedOperation, PlacedRun } from './surviving-pieces.ts';

/** What the machine does of its own accord with a line, or with one atom of it. */
interface Act {
  readonly kind: 'line.evicted' | 'combining.written';
  readonly address: number;
  /** Whether it reaches the media at once. */
  readonly drain: boolean;
  /** Whether the media write of it is the one that is torn. */
  readonly tears: boolean;
}

/** Acts by the place in the run where they are due. */
interface Acts {
  readonly after: Map<PieceName, Act[]>;
  readonly before: Map<PieceName, Act[]>;
  readonly atEnd: Act[];
}

const MAX_SETS = 65_536;
const MAX_ATTEMPTS = 256;

/**
 * Spells a crash image as an ordinary run: the operations, with the write-backs that lead to it at the places where they
 * were due, and the loss of power at the end (persistency model, "Events and crash points").
 *
 * `names` are the last surviving pieces of each atom. Returns the events and the state after them; undefined where the
 * rules allow an image that no order of write-backs leaves, as when a flush hint drains what was to be torn.
 */
export function spellCrash(
  operations: readonly PlacedOperation[],
  names: ReadonlySet<PieceName>,
  configuration: Partial<MachineConfiguration>,
): { events: MemoryEvent[]; state: MemoryState } | undefined {
  const end = new PlacedRun(operations, configuration, MAX_SETS);
  const wanted = [...(end.choose(names) ?? [])];
  const drains = !queueSurvives(end.state.configuration.platform);
  // A queue that is lost drains a line in order. Where that brings more along than survives, its last write was torn:
  // the ways are tried one after the other, for each line by itself.
  const ways = new Map(
    wanted.map(([choices, { durable }]) => [choices.line, waysToLeave(choices, durable, drains)]),
  );
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const plan = planRun(end, wanted, drains, ways);
    const spelled = foldPlan(operations, configuration, plan);
    const wrong = wanted.filter(
      ([line, content]) => spelled === undefined || !holds(spelled.state, line, content),
    );
    if (wrong.length === 0) return spelled;
    let tried = false;
    for (const [{ line }] of wrong) {
      const left = ways.get(line) as Way[];
      if (left.length > 1) {
        left.shift();
        tried = true;
      }
    }
    if (!tried) return undefined;
  }
  return undefined;
}

interface Plan {
  acts: Acts;
  torn: MemoryEventOf<'wpq.torn'>[];
}

function planRun(
  end: PlacedRun,
  wanted: [LineChoices, Content][],
  drains: boolean,
  ways: ReadonlyMap<number, readonly Way[]>,
): Plan {
  const acts: Acts = { after: new Map(), before: new Map(), atEnd: [] };
  const torn: MemoryEventOf<'wpq.torn'>[] = [];
  const { lineBytes } = end.state.configuration;
  for (const [choices, { durable }] of wanted) {
    const line = new LineWriteBacks(choices, lineBytes, acts, (event) => end.nameOf(event));
    const way = ways.get(choices.line)?.[0];
    if (way === undefined) continue;
    if (way === 'whole') {
      line.early(durable, drains);
      continue;
    }
    // The one reached the media; the other is accepted as late as can be, and then torn.
    line.early(way.less, true);
    line.late(way.more);
    torn.push({ kind: 'wpq.torn', address: choices.line * lineBytes, atoms: way.atoms });
  }
  return { acts, torn };
}

/** Folds the operations with the acts where they are due; undefined where the machine refuses one of them. */
function foldPlan(
  operations: readonly PlacedOperation[],
  configuration: Partial<MachineConfiguration>,
  { acts, torn }: Plan,
): { events: MemoryEvent[]; state: MemoryState } | undefined {
  const state = initialMemory(configuration);
  const events: MemoryEvent[] = [];
  const tornAt = new Map<number, number>(); // by line: the acceptance whose media write is torn
  const fold = (event: MemoryEvent): void => {
    evolveMemory(state, event);
    events.push(event);
  };
  const act = (due: readonly Act[] | undefined, cause: { cause?: number }): void => {
    for (const { kind, address, drain, tears } of due ?? []) {
      if (!isDue(state, kind, address)) continue;
      if (tears) tornAt.set(lineAddress(state, address), state.eventCount);
      fold({ kind, address, ...cause });
      if (drain) fold({ kind: 'wpq.drained', address: lineAddress(state, address), ...cause });
    }
  };
  try {
    for (const { place, operation } of operations) {
      let number = 0;
      for (const event of perform(state, operation)) {
        const name = event.kind === 'store.visible' ? `${place}.${number++}` : '';
        act(acts.before.get(name), {});
        fold(event);
        act(acts.after.get(name), { cause: state.eventCount - 1 });
      }
    }
    act(acts.atEnd, {});
    for (const event of torn) {
      const until = tornAt.get(event.address);
      fold(until === undefined ? event : { ...event, until });
    }
  } catch (error) {
    if (error instanceof IllegalEvent) return undefined;
    throw error;
  }
  fold({ kind: 'power.lost' });
  return { events, state };
}

const lineAddress = (state: MemoryState, address: number): number =>
  address - (address % state.configuration.lineBytes);

/** Whether there is anything to write back: a fence may have seen to it already. */
function isDue(state: MemoryState, kind: Act['kind'], address: number): boolean {
  const line = state.pending.get(lineOf(state, address));
  if (line === undefined) return false;
  if (kind === 'line.evicted') return line.unaccepted > 0;
  const atom = (address - lineAddress(state, address)) / 8;
  return line.pieces.some(
    (piece, i) => piece.nonTemporal && piece.atom === atom && (line.acceptedAt[i] ?? 0) === 0,
  );
}

/** Whether a line was left with this content. */
function holds({ domain, configuration }: MemoryState, choices: LineChoices, content: Content): boolean {
  let same = true;
  choices.forEachAtom(content, (atom, low, high) => {
    const address = choices.line * configuration.lineBytes + atom * 8;
    same &&= domain.word(address) === low && domain.word(address + 4) === high;
  });
  return same;
}

/** How a line comes to its content: by whole write-backs, or by a torn one between two durable sets. */
type Way = 'whole' | { less: number[]; more: number[]; atoms: number };

/** The ways in which so many pieces of each atom can be left, the simplest first. */
function waysToLeave(choices: LineChoices, durable: readonly number[], drains: boolean): Way[] {
  if (!drains) return ['whole'];
  const sets = durableSets(choices.pieces, durable.length, MAX_SETS) ?? [];
  const whole = sets.some((set) => set.every((rank, atom) => rank === durable[atom]));
  const ways: Way[] = whole ? ['whole'] : [];
  for (const less of sets) {
    if (less.some((rank, atom) => rank > durable[atom])) continue;
    for (const more of sets) {
      const fits = more.every(
        (rank, atom) => rank === durable[atom] || (durable[atom] === less[atom] && rank >= less[atom]),
      );
      if (!fits) continue;
      const reached = more.map((rank, atom) =>
        rank === durable[atom] && rank !== less[atom] ? 2 ** atom : 0,
      );
      ways.push({ less, more, atoms: reached.reduce((mask, bit) => mask + bit, 0) });
      if (ways.length >= MAX_ATTEMPTS) return ways;
    }
  }
  return ways;
}

/** When a line has to be written back so that so many pieces of each atom are accepted. */
class LineWriteBacks {
  constructor(
    private readonly choices: LineChoices,
    private readonly lineBytes: number,
    private readonly acts: Acts,
    private readonly nameOf: (event: number) => PieceName,
  ) {}

  /** As soon as they are visible. */
  early(durable: readonly number[], drain: boolean): void {
    const { ordinary, nonTemporal } = this.lastOf(durable);
    if (ordinary !== undefined) this.put(this.acts.after, ordinary, this.eviction(drain));
    for (const [atom, event] of nonTemporal) this.put(this.acts.after, event, this.writeOut(atom, drain));
  }

  /** Just before the next piece that must not come along, or at the end. */
  late(durable: readonly number[]): void {
    const rank = durable.map(() => 0);
    const excluded = this.choices.pieces.filter(({ atom }) => ++rank[atom] > durable[atom]);
    const due = (act: Act, last: number): void => {
      const next = excluded.find(({ event }) => event > last);
      if (next === undefined) this.acts.atEnd.push(act);
      else this.put(this.acts.before, next.event, act);
    };
    const { ordinary, nonTemporal } = this.lastOf(durable);
    if (ordinary !== undefined) due({ ...this.eviction(false), tears: true }, ordinary);
    for (const [atom, event] of nonTemporal) due({ ...this.writeOut(atom, false), tears: true }, event);
  }

  /** The last ordinary piece, and of each atom the last non-temporal one behind all ordinary ones, among the chosen. */
  private lastOf(durable: readonly number[]): {
    ordinary: number | undefined;
    nonTemporal: Map<number, number>;
  } {
    const rank = durable.map(() => 0);
    const nonTemporal = new Map<number, number>();
    let ordinary: number | undefined;
    for (const piece of this.choices.pieces) {
      if (++rank[piece.atom] > durable[piece.atom]) continue;
      if (piece.nonTemporal) nonTemporal.set(piece.atom, piece.event);
      else {
        ordinary = piece.event;
        nonTemporal.delete(piece.atom); // what went before it to its atom goes along
      }
    }
    return { ordinary, nonTemporal };
  }

  private eviction(drain: boolean): Act {
    return { kind: 'line.evicted', address: this.choices.line * this.lineBytes, drain, tears: false };
  }

  private writeOut(atom: number, drain: boolean): Act {
    return {
      kind: 'combining.written',
      address: this.choices.line * this.lineBytes + atom * 8,
      drain,
      tears: false,
    };
  }

  private put(acts: Map<PieceName, Act[]>, event: number, act: Act): void {
    const name = this.nameOf(event);
    acts.set(name, [...(acts.get(name) ?? []), act]);
  }
}
