import { UNREADABLE } from '../../../hardware/block-store.ts';
import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { Invariant } from '../../mechanism.ts';
import { eachBlock } from '../each-block.ts';
import type { CheckpointReference } from '../reference.ts';
import type { State } from './state.ts';

/** In the order of the sheet, after the five that all strategies share. */
export const twoBitMapsInvariants: readonly Invariant<State, CheckpointReference, AnyEvent>[] = [
  {
    name: 'I6',
    meaning: 'maps A and B are disjoint',
    when: 'always',
    holds: ({ own: { a, b } }, reference) =>
      eachBlock(reference, (block) => !(a.has(block) && b.has(block)), 'its bit is set in both maps'),
  },
  {
    name: 'I7',
    meaning: 'where bit A is set, system memory holds checkpoint data',
    when: 'always',
    holds: ({ memory, own: { a } }, reference) =>
      eachBlock(
        reference,
        (block, checkpoint) =>
          !a.has(block) || memory.get(block) === checkpoint || memory.get(block) === UNREADABLE,
        'bit A is set, and system memory holds something else',
      ),
  },
  {
    name: 'I8',
    meaning: 'where bit A is clear, the shadow holds checkpoint data',
    when: 'always',
    holds: ({ own: { a, shadow, lostA } }, reference) =>
      lostA ||
      eachBlock(
        reference,
        (block, checkpoint) =>
          a.has(block) || shadow.get(block) === checkpoint || shadow.get(block) === UNREADABLE,
        'bit A is clear, and the shadow holds something else',
      ),
  },
  {
    name: 'I9',
    meaning: 'where system memory differs from the checkpoint, bit B is set',
    when: 'always',
    holds: ({ memory, own: { b, lostB } }, reference) =>
      lostB ||
      eachBlock(
        reference,
        (block, checkpoint) =>
          b.has(block) || memory.get(block) === checkpoint || memory.get(block) === UNREADABLE,
        'system memory differs from the checkpoint, and bit B is clear',
      ),
  },
];
