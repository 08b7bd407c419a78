import { UNREADABLE } from '../../../hardware/block-store.ts';
import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { Invariant } from '../../mechanism.ts';
import { eachBlock } from '../each-block.ts';
import type { CheckpointReference } from '../reference.ts';
import { type LogCopies, logCopies } from './copies.ts';
import { entriesOf, type State } from './state.ts';

type Reference = CheckpointReference<LogCopies>;

const isLost = ({ copies }: Reference): boolean => logCopies.lost(copies) !== undefined;

/** In the order of the sheet, after the five that all strategies share. */
export const preImageLogInvariants: readonly Invariant<State, Reference, AnyEvent>[] = [
  {
    name: 'I6',
    meaning: 'where system memory differs from the checkpoint, an entry of the log holds checkpoint data',
    when: 'always',
    holds: ({ memory, own }, reference) => {
      if (isLost(reference)) return true;
      const entries = entriesOf(own);
      return eachBlock(
        reference,
        (block, checkpoint) =>
          memory.get(block) === checkpoint ||
          entries.some((entry) => entry.block === block && entry.data === checkpoint),
        'it is modified, and no entry holds what it was',
      );
    },
  },
  {
    name: 'I7',
    meaning: 'an entry is complete before its block is written',
    when: 'always',
    holds: ({ own }, _, event) => {
      if (event.kind !== 'block.written' || !('block' in event)) return true;
      return (
        entriesOf(own).some(({ block }) => block === event.block) ||
        `block ${event.block} was written before the log had an entry of it`
      );
    },
  },
  {
    name: 'I8',
    meaning: 'the log applied from the newest entry to the oldest gives the checkpoint',
    when: 'always',
    holds: ({ memory, own }, reference) => {
      if (isLost(reference)) return true;
      const rolledBack = reference.image.value.memory.map((_, block) => memory.get(block));
      for (const { block, data } of entriesOf(own).toReversed()) {
        if (data !== UNREADABLE) rolledBack[block] = data;
      }
      return eachBlock(
        reference,
        (block, checkpoint) => rolledBack[block] === checkpoint,
        'the log would not bring it back to the checkpoint',
      );
    },
  },
];
