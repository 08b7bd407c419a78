import { patched } from '../../../hardware/block-store.ts';
import type { EventOf } from '../../../kernel/event-table.ts';
import type { MachineEvent, MachineEventOf } from '../events.ts';
import { has, type Request } from '../machine.ts';
import { lost, written } from '../steps.ts';
import type { blockStatesEvents } from './events.ts';
import {
  type BlockState,
  checkpointHalf,
  contentsOf,
  currentHalf,
  firstBlock,
  firstLost,
  hasGenerations,
  isLeftOver,
  isModified,
  type State,
  saysModified,
} from './state.ts';

type Event = MachineEvent | EventOf<typeof blockStatesEvents>;

const stateWritten = (block: number, letter: 'C' | 'M', half: number): Event => {
  const state: BlockState = half === 0 ? `${letter}0` : `${letter}1`;
  return { kind: 'state.written', block, state };
};
const writtenTo = (half: number, request: Request): MachineEventOf<'block.written'> => ({
  ...written(request),
  half,
});

/** The first write since the checkpoint goes to the other half, where nothing is needed; later ones go in place. */
export function write(machine: State, asked: Request): Event[] {
  const { block } = asked;
  const request = madeWhole(machine, asked);
  const current = currentHalf(machine, block);
  if (isModified(machine.own, block) && !has(machine, 'a')) return [writtenTo(current, request)];
  const half = 1 - current;
  const data = [...restSteps(machine, half, request), writtenTo(half, request)];
  const state = stateWritten(block, 'M', half);
  return has(machine, 'b') ? [state, ...data] : [...data, state];
}

/** Where only whole blocks arrive, the line was read, and the bytes put into it, on the way. */
function madeWhole(machine: State, request: Request): Request {
  if (machine.setup.value.policy['partialWrites'] !== 'whole blocks') return request;
  const { block, offsetBytes, data } = request;
  return { ...request, offsetBytes: 0, data: patched(read(machine, block), offsetBytes, data) };
}

function restSteps(machine: State, half: number, { block, offsetBytes, data }: Request): Event[] {
  const sizeBytes = data.length / 2;
  const isWhole = sizeBytes === machine.setup.value.blockBytes;
  return isWhole || has(machine, 'c') ? [] : [{ kind: 'rest.copied', block, half, offsetBytes, sizeBytes }];
}

export const uncaptured = (machine: State, request: Request): Event[] => [
  writtenTo(currentHalf(machine, request.block), request),
];

export const read = (machine: State, block: number): string =>
  contentsOf(
    machine,
    block,
    has(machine, 'd') ? checkpointHalf(machine, block) : currentHalf(machine, block),
  );

/** No data moves: what is modified becomes the checkpoint by its state alone. */
export function establish(machine: State): Event | undefined {
  if (!hasGenerations(machine)) return machine.decisionDue ? { kind: 'walk.begun' } : walk(machine);
  // a block of the generation before last would count as modified again
  return machine.decisionDue ? (background(machine) ?? { kind: 'generation.advanced' }) : undefined;
}

function walk(machine: State): Event | undefined {
  if (!machine.own.walking) return undefined;
  return background(machine) ?? { kind: 'walk.ended' };
}

/** Brings the next entry up to date that the decision point left behind. */
export function background(machine: State): Event | undefined {
  const { own } = machine;
  const block = firstBlock(own.modified, (at) => isLeftOver(own, at));
  return block === undefined ? undefined : stateWritten(block, 'C', currentHalf(machine, block));
}

/** A walk that was begun is ended first; then modified blocks go back to the half that holds the checkpoint. */
export function restore(machine: State): Event | undefined {
  const { own } = machine;
  const stateless = own.stateless.first();
  if (stateless !== undefined)
    return lost(`the state of block ${stateless}: which half holds the checkpoint is not known`);
  const unreadable = firstLost(machine);
  if (unreadable !== undefined) return lost(`block ${unreadable}, in the half that holds the checkpoint`);
  if (!has(machine, 'e')) {
    const step = walk(machine);
    if (step !== undefined) return step;
  }
  const isToGoBack = has(machine, 'e') ? saysModified : isModified;
  const block = firstBlock(own.modified, (at) => isToGoBack(own, at));
  if (block === undefined) return own.walking ? { kind: 'walk.ended' } : undefined;
  const current = currentHalf(machine, block);
  return stateWritten(block, 'C', has(machine, 'f') ? current : 1 - current);
}
