import { UNREADABLE } from '../../../hardware/block-store.ts';
import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { Invariant } from '../../mechanism.ts';
import { eachBlock } from '../each-block.ts';
import type { CheckpointReference } from '../reference.ts';
import type { Copies } from './copies.ts';
import type { State } from './state.ts';

/** In the order of the sheet, after the five that all strategies share. */
export const twoBitMapsInvariants: readonly Invariant<State, CheckpointReference<Copies>, AnyEvent>[] = [
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
  {
    name: 'I10',
    meaning: 'the mode changes only at a checkpoint, while no processor runs, and to the one asked for',
    when: 'always',
    holds: ({ own, failed }, { copies: { modes } }) => {
      const { inForce, asked, askedAtCheckpoint, runs, wrong } = modes;
      if (wrong !== null) return wrong;
      if (own.mode !== inForce) return `mode ${own.mode} is in force, and ${inForce} was set`;
      const next = own.modeRequested ?? own.modeDue ?? own.mode;
      if (!failed && next !== asked) return `mode ${next} is to come, and ${asked} was asked for`;
      const isLate = runs.includes(true) && inForce !== askedAtCheckpoint;
      return !isLate || `a processor runs in mode ${inForce}, and ${askedAtCheckpoint} was asked for`;
    },
  },
  {
    name: 'I11',
    meaning: 'in mode paused no processor runs before map A is copied',
    when: 'always',
    holds: ({ own: { a } }, { copies: { modes } }) =>
      modes.inForce !== 'paused' ||
      !modes.runs.includes(true) ||
      a.count === 0 ||
      `a processor runs in mode paused, and ${a.count} blocks are still to be copied`,
  },
];
