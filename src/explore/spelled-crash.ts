import { evolveMemory } from '../hardware/evolve.ts';
import { type MachineConfiguration, queueSurvives } from '../hardware/configuration.ts';
import type { MemoryEvent } from '../hardware/events.ts';
import { lineOf } from '../hardware/lines.ts';
import { perform } from '../hardware/operations.ts';
import { initialMemory, type MemoryState } from '../hardware/state.ts';
import { type Content, durableSets, type LineChoices } from './line-choices.ts';
import { type PieceName, type PlacedOperation, PlacedRun } from './surviving-pieces.ts';

/** What the machine does of its own accord right after a piece became visible. */
type Act = 'evict' | 'evict and drain' | 'write out' | 'write out and drain';

const MAX_SETS = 65_536;

/**
 * Spells a crash image as an ordinary run: the operations, with the write-backs that lead to it at the places where they
 * were due, and the loss of power at the end (persistency model, "Events and crash points").
 *
 * `names` are the last surviving pieces of each atom. Returns the events and the state after them.
 */
export function spellCrash(
  operations: readonly PlacedOperation[],
  names: ReadonlySet<PieceName>,
  configuration: Partial<MachineConfiguration>,
): { events: MemoryEvent[]; state: MemoryState } {
  const end = new PlacedRun(operations, configuration, MAX_SETS);
  const wanted = [...(end.choose(names) ?? [])];
  const drains = !queueSurvives(end.state.configuration.platform);
  // A queue that is lost drains a line in order. Where that brings more along than survives, the last write was torn.
  const tornLines = new Set<number>();
  for (;;) {
    const plan = planRun(end, wanted, drains, tornLines);
    const spelled = foldPlan(operations, configuration, plan);
    const wrong = wanted.filter(([line, content]) => !holds(spelled.state, line, content) && !tornLines.has(line.line));
    if (wrong.length === 0) return spelled;
    for (const [{ line }] of wrong) tornLines.add(line);
  }
}

interface Plan {
  acts: Map<PieceName, Act>;
  torn: MemoryEvent[];
}

function planRun(end: PlacedRun, wanted: [LineChoices, Content][], drains: boolean, tornLines: ReadonlySet<number>): Plan {
  const plan: Plan = { acts: new Map(), torn: [] };
  for (const [choices, content] of wanted) {
    const { acts, atoms } = planLine(choices, content.durable, drains, tornLines.has(choices.line));
    for (const [event, act] of acts) plan.acts.set(end.nameOf(event), act);
    if (atoms === 0) continue;
    plan.torn.push({ kind: 'wpq.torn', address: choices.line * end.state.configuration.lineBytes, atoms });
  }
  return plan;
}

function foldPlan(
  operations: readonly PlacedOperation[],
  configuration: Partial<MachineConfiguration>,
  { acts, torn }: Plan,
): { events: MemoryEvent[]; state: MemoryState } {
  const state = initialMemory(configuration);
  const events: MemoryEvent[] = [];
  const fold = (event: MemoryEvent): void => {
    evolveMemory(state, event);
    events.push(event);
  };
  for (const { place, operation } of operations) {
    let number = 0;
    for (const event of perform(state, operation)) {
      fold(event);
      if (event.kind !== 'store.visible') continue;
      const act = acts.get(`${place}.${number++}`);
      if (act !== undefined) for (const caused of actEvents(state, event.address, act)) fold(caused);
    }
  }
  for (const event of torn) fold(event);
  fold({ kind: 'power.lost' });
  return { events, state };
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

function actEvents(state: MemoryState, address: number, act: Act): MemoryEvent[] {
  const { lineBytes } = state.configuration;
  const line = lineOf(state, address) * lineBytes;
  const cause = state.eventCount - 1;
  const written: MemoryEvent = act.startsWith('evict')
    ? { kind: 'line.evicted', address: line, cause }
    : { kind: 'combining.written', address: address - (address % 8), cause };
  return act.endsWith('drain') ? [written, { kind: 'wpq.drained', address: line, cause }] : [written];
}

/** When a line is written back so that so many pieces of each atom survive, and which atoms a torn last write reaches. */
function planLine(
  choices: LineChoices,
  durable: readonly number[],
  drains: boolean,
  torn: boolean,
): { acts: [event: number, act: Act][]; atoms: number } {
  const { pieces } = choices;
  const sets = durableSets(pieces, durable.length, MAX_SETS) ?? [];
  if (!drains || (!torn && sets.some((set) => same(set, durable)))) {
    return { acts: writeBacks(choices, durable, drains), atoms: 0 };
  }
  for (const less of sets) {
    if (less.some((rank, atom) => rank > durable[atom])) continue;
    for (const more of sets) {
      if (more.some((rank, atom) => durable[atom] !== less[atom] && durable[atom] !== rank)) continue;
      if (more.some((rank, atom) => rank < durable[atom])) continue;
      const atoms = more.reduce((mask, rank, atom) => (rank === durable[atom] && rank !== less[atom] ? mask | (1 << atom) : mask), 0);
      // The later write-back is accepted and then torn; the earlier one reached the media.
      return { acts: [...writeBacks(choices, more, false), ...writeBacks(choices, less, true)], atoms };
    }
  }
  throw new Error(`no two write-backs of line ${choices.line} leave ${durable.join()}`);
}

const same = (one: readonly number[], other: readonly number[]): boolean => one.every((rank, atom) => rank === other[atom]);

/** The write-backs after which exactly so many pieces of each atom are accepted, by the events that they follow. */
function writeBacks({ pieces }: LineChoices, durable: readonly number[], drain: boolean): [number, Act][] {
  const rank = new Array<number>(durable.length).fill(0);
  const acts = new Map<number, Act>();
  let lastOrdinary: number | undefined;
  const lastNonTemporal = new Map<number, number>();
  for (const { atom, nonTemporal, event } of pieces) {
    if (++rank[atom] > durable[atom]) continue;
    if (nonTemporal) lastNonTemporal.set(atom, event);
    else {
      lastOrdinary = event;
      lastNonTemporal.delete(atom); // what went before it to its atom goes along
    }
  }
  if (lastOrdinary !== undefined) acts.set(lastOrdinary, drain ? 'evict and drain' : 'evict');
  for (const event of lastNonTemporal.values()) acts.set(event, drain ? 'write out and drain' : 'write out');
  return [...acts];
}
