import { UNREADABLE } from '../../../hardware/block-store.ts';
import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { Invariant } from '../../mechanism.ts';
import { eachBlock } from '../each-block.ts';
import type { MachineEvent } from '../events.ts';
import type { CheckpointReference } from '../reference.ts';
import type { HalvesCopies } from './copies.ts';
import { contentsOf, currentHalf, isLeftOver, isModified, type State } from './state.ts';

type Reference = CheckpointReference<HalvesCopies>;

/** In the order of the sheet, after the five that all strategies share. */
export const blockStatesInvariants: readonly Invariant<State, Reference, AnyEvent>[] = [
  {
    name: 'I6',
    meaning: 'the half that holds the checkpoint is never written',
    when: 'always',
    holds: (_, { copies }, event) => {
      if (!('block' in event && 'half' in event)) return true;
      return (
        copies.checkpoint.value.in[Number(event.block)] !== event.half ||
        `block ${Number(event.block)} was written in the half that holds its checkpoint`
      );
    },
  },
  {
    name: 'I7',
    meaning: 'states and data agree: the current half holds what was written last, and that is what is read',
    when: 'always',
    holds: (machine, reference, given) => {
      const { own } = machine;
      const { memory } = reference.copies;
      const event = given as MachineEvent;
      if (event.kind === 'line.filled' && event.data !== memory[event.block])
        return `a processor was given something else than block ${event.block}`;
      return eachBlock(
        reference,
        (block, checkpoint) => {
          const contents = contentsOf(machine, block, currentHalf(machine, block));
          const isReadable = own.states[block] !== UNREADABLE && contents !== UNREADABLE;
          return !isReadable || contents === (isModified(own, block) ? memory[block] : checkpoint);
        },
        'the half that its state calls current holds something else',
      );
    },
  },
  {
    name: 'I8',
    meaning:
      'an establish walk that is half done can only be completed: what it has not come to is checkpoint',
    when: 'always',
    holds: (machine, reference) => {
      const { own } = machine;
      const checkpointIn = reference.copies.checkpoint.value.in;
      return eachBlock(
        reference,
        (block) =>
          own.states[block] === UNREADABLE ||
          !(own.walking || isLeftOver(own, block)) ||
          currentHalf(machine, block) === checkpointIn[block],
        'the walk is not over, and its state no longer leads to the new checkpoint',
      );
    },
  },
];
