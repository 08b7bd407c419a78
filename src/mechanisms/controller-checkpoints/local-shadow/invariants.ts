import { UNREADABLE } from '../../../hardware/block-store.ts';
import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { Invariant } from '../../mechanism.ts';
import { eachBlock } from '../each-block.ts';
import type { CheckpointReference } from '../reference.ts';
import { mayBeModified, type State, shadowWhenDrained } from './state.ts';

/** In the order of the sheet, after the five that all strategies share. */
export const localShadowInvariants: readonly Invariant<State, CheckpointReference, AnyEvent>[] = [
  {
    name: 'I6',
    meaning: 'the shadow with the sealed buffer is the checkpoint',
    when: 'always',
    holds: (machine, reference) =>
      eachBlock(
        reference,
        (block, checkpoint) => [checkpoint, UNREADABLE].includes(shadowWhenDrained(machine, block)),
        'the shadow with the sealed buffer makes something else',
      ),
  },
  {
    name: 'I7',
    meaning: 'the open buffer covers each block in which system memory differs from the checkpoint',
    when: 'always',
    holds: ({ memory, own }, reference) =>
      eachBlock(
        reference,
        (block, checkpoint) =>
          [checkpoint, UNREADABLE].includes(memory.get(block)) || mayBeModified(own, block),
        'system memory differs from the checkpoint, and the open buffer does not have it',
      ),
  },
];
