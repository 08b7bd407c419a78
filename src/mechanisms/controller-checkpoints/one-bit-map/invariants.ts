import { UNREADABLE } from '../../../hardware/block-store.ts';
import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { Invariant } from '../../mechanism.ts';
import { eachBlock } from '../each-block.ts';
import type { CheckpointReference } from '../reference.ts';
import { mayDiffer, type State } from './state.ts';

/** In the order of the sheet, after the five that all strategies share. */
export const oneBitMapInvariants: readonly Invariant<State, CheckpointReference, AnyEvent>[] = [
  {
    name: 'I6',
    meaning: 'while the flag is clear, the shadow is the checkpoint',
    when: 'always',
    holds: ({ own: { shadow, copying, lostFlag } }, reference) =>
      copying ||
      lostFlag ||
      eachBlock(
        reference,
        (block, checkpoint) => shadow.get(block) === checkpoint || shadow.get(block) === UNREADABLE,
        'the flag is clear, and the shadow holds something else',
      ),
  },
  {
    name: 'I7',
    meaning: 'while the flag is clear, each block in which memory and shadow differ has its bit',
    when: 'always',
    holds: ({ memory, own }, reference) =>
      own.copying ||
      own.lostFlag ||
      eachBlock(
        reference,
        (block) =>
          mayDiffer(own, block) ||
          [memory.get(block), UNREADABLE].includes(own.shadow.get(block)) ||
          memory.get(block) === UNREADABLE,
        'memory and shadow differ, and its bit is clear',
      ),
  },
  {
    name: 'I8',
    meaning: 'while the flag is set, system memory is the checkpoint',
    when: 'always',
    holds: ({ memory, own: { copying } }, reference) =>
      !copying ||
      eachBlock(
        reference,
        (block, checkpoint) => memory.get(block) === checkpoint || memory.get(block) === UNREADABLE,
        'the flag is set, and system memory holds something else',
      ),
  },
];
