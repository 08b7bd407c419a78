import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { Cost } from '../../mechanism.ts';
import { entriesBytes, mapBytes, NUMBER_BYTES } from '../traffic.ts';
import { entriesOf, hasMap, type State } from './state.ts';

/** The old contents of a block go to the log before its first write. */
export const copiedBytes = ({ kind }: AnyEvent, { setup }: State): number =>
  kind === 'entry.written' ? setup.value.blockBytes : 0;

/** What the log holds, and the map where there is one. */
export const extraBytes = (machine: State): number =>
  entriesBytes(entriesOf(machine.own)) + (hasMap(machine) ? mapBytes(machine.own.map) : 0);

/** What a log of pre-images costs beyond what every strategy does. */
export const preImageLogCosts: readonly Cost<State, AnyEvent>[] = [
  {
    name: 'preImageReads',
    meaning: 'blocks that were read because a write was about to replace them',
    fold: 'sum',
    of: ({ kind }) => (kind === 'entry.written' ? 1 : 0),
  },
  {
    name: 'logBytes',
    meaning: 'bytes written to the log',
    fold: 'sum',
    of: ({ kind }, { setup }) => (kind === 'entry.written' ? NUMBER_BYTES + setup.value.blockBytes : 0),
  },
  {
    name: 'logEntriesMax',
    meaning: 'entries that the log held at once',
    fold: 'max',
    of: (_, { own }) => own.pointer,
  },
  {
    name: 'appliedEntries',
    meaning: 'entries that rollback applied: its time',
    fold: 'sum',
    of: ({ kind }) => (kind === 'block.restored' ? 1 : 0),
  },
];
