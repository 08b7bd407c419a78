import type { MachineConfiguration } from '../hardware/persistent-memory/configuration.ts';
import { evolveMemory } from '../hardware/persistent-memory/evolve.ts';
import { type Operation, perform } from '../hardware/persistent-memory/operations.ts';
import { cut } from '../hardware/persistent-memory/pieces.ts';
import { initialMemory, type MemoryState } from '../hardware/persistent-memory/state.ts';
import type { Survivors } from './crash-image.ts';
import { Frontier } from './frontier.ts';
import type { Content, LineChoices } from './line-choices.ts';

/** An operation with its place in the run that it comes from, so that it keeps its name when others are left out. */
export interface PlacedOperation {
  readonly place: number;
  readonly operation: Operation;
}

/** Performs a run one operation at a time; the one that a crash after `index` events cuts in two is told in two parts. */
export function* placedRun(
  operations: Iterable<Operation>,
  configuration: Partial<MachineConfiguration>,
  index: number,
): Generator<PlacedOperation & { firstEvent: number; state: MemoryState }> {
  const state = initialMemory(configuration);
  let place = 0;
  for (const whole of operations) {
    for (const operation of cutAt(whole, index - state.eventCount)) {
      const firstEvent = state.eventCount;
      for (const event of perform(state, operation)) evolveMemory(state, event);
      yield { place, operation, firstEvent, state };
    }
    place++;
  }
}

/** The operations of a run that a crash after `index` events finds done; of a store that it cuts, the visible pieces. */
export function operationsUntil(
  operations: Iterable<Operation>,
  configuration: Partial<MachineConfiguration>,
  index: number,
): PlacedOperation[] {
  const until: PlacedOperation[] = [];
  for (const { place, operation, firstEvent } of placedRun(operations, configuration, index)) {
    if (firstEvent >= index) break;
    until.push({ place, operation });
  }
  return until;
}

/** A store of more pieces than events are left before the crash, in two. */
function cutAt(operation: Operation, eventsLeft: number): Operation[] {
  if (operation.type !== 'store' || eventsLeft < 1) return [operation];
  const pieces = cut(operation.address, operation.data);
  if (pieces.length <= eventsLeft) return [operation];
  const rest = pieces[eventsLeft].address - operation.address;
  return [
    { ...operation, data: operation.data.slice(0, 2 * rest) },
    { ...operation, address: operation.address + rest, data: operation.data.slice(2 * rest) },
  ];
}

/** A piece by the place of its store and its number within that store: `17.0`. */
export type PieceName = string;

/** A machine at the end of some operations, with names for the pieces that are outside the persistence domain. */
export class PlacedRun {
  readonly state: MemoryState;
  readonly frontier: Frontier;
  private readonly names = new Map<number, PieceName>(); // by event

  /** Throws `IllegalEvent` where an operation is not possible after those before it. */
  constructor(
    operations: readonly PlacedOperation[],
    configuration: Partial<MachineConfiguration>,
    maxContents: number,
  ) {
    this.state = initialMemory(configuration);
    for (const { place, operation } of operations) {
      let number = 0;
      for (const event of perform(this.state, operation)) {
        if (event.kind === 'store.visible') this.names.set(this.state.eventCount, `${place}.${number++}`);
        evolveMemory(this.state, event);
      }
    }
    this.frontier = new Frontier(this.state, maxContents);
    for (const [line] of this.state.pending.entries()) this.frontier.rebuild(line);
  }

  /** The name of the piece that the event with this index made visible. */
  nameOf(event: number): PieceName {
    return this.names.get(event) ?? '';
  }

  /** The last surviving piece of each atom, which says which survive: an atom keeps what is older. */
  namesOf(survivors: Survivors): PieceName[] {
    return survivors.flatMap(({ line, durable }) => {
      const rank = new Array<number>(durable.length).fill(0);
      const pieces = this.frontier.get(line)?.pieces ?? [];
      return pieces
        .filter(({ atom }) => ++rank[atom] === durable[atom])
        .map(({ event }) => this.nameOf(event));
    });
  }

  /** What these pieces leave of each line; undefined where no crash can leave that. */
  choose(names: ReadonlySet<PieceName>): Map<LineChoices, Content> | undefined {
    const choice = new Map<LineChoices, Content>();
    for (const choices of this.frontier.all()) {
      const durable = new Array<number>(choices.contents[0].durable.length).fill(0);
      const rank = durable.slice();
      let some = false;
      for (const { atom, event } of choices.pieces) {
        rank[atom]++;
        if (!names.has(this.nameOf(event))) continue;
        durable[atom] = rank[atom];
        some = true;
      }
      if (!some) continue;
      const content = choices.find(durable);
      if (content === undefined) return undefined;
      choice.set(choices, content);
    }
    return choice;
  }
}
