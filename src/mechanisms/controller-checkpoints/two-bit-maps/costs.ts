import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { Cost } from '../../mechanism.ts';
import { mapBytes, storeBytes } from '../traffic.ts';
import type { State } from './state.ts';

/** Each block that was modified goes to the shadow once, in the background or before it is written again. */
export function copiedBytes(event: AnyEvent, { setup }: State): number {
  const { blockBytes } = setup.value;
  if (event.kind === 'shadow.mended') return blockBytes;
  if (event.kind !== 'block.copied') return 0;
  return 'part' in event && event.part !== 'whole' ? blockBytes / 2 : blockBytes;
}

/** The shadow and two maps. */
export const extraBytes = (machine: State): number =>
  storeBytes(machine, machine.own.shadow) + mapBytes(machine.own.a) + mapBytes(machine.own.b);

/** What copying behind running processors costs. */
export const twoBitMapsCosts: readonly Cost<State, AnyEvent>[] = [
  {
    name: 'copiedFirstBlocks',
    meaning: 'blocks of map A that a write had to wait for',
    fold: 'sum',
    of: (event, machine) => (event.kind === 'block.copied' && isBeforeWrite(machine) ? 1 : 0),
  },
  {
    name: 'backgroundBlocks',
    meaning: 'blocks of map A that were copied while no write waited for them',
    fold: 'sum',
    of: (event, machine) => (event.kind === 'block.copied' && !isBeforeWrite(machine) ? 1 : 0),
  },
];

const isBeforeWrite = ({ work }: State): boolean => work.some(({ kind }) => kind === 'block.written');
