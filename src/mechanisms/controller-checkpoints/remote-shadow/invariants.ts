import { UNREADABLE } from '../../../hardware/block-store.ts';
import { canIssue, isRunning } from '../../../hardware/host.ts';
import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { Invariant } from '../../mechanism.ts';
import { eachBlock } from '../each-block.ts';
import type { CheckpointReference } from '../reference.ts';
import type { Copies } from './copies.ts';
import { isAlone, type State } from './state.ts';

/** In the order of the sheet, after the five that all strategies share. */
export const remoteShadowInvariants: readonly Invariant<State, CheckpointReference<Copies>, AnyEvent>[] = [
  {
    name: 'I6',
    meaning: 'the shadow changes only from buffers that are sealed and complete',
    when: 'always',
    holds: ({ own: { shadow } }, reference) =>
      eachBlock(
        reference,
        (block, checkpoint) =>
          shadow.get(block) === checkpoint ||
          shadow.get(block) === UNREADABLE ||
          reference.copies.sealed.some((entry) => entry.block === block),
        'the shadow holds neither the checkpoint nor what a recorded entry replaces',
      ),
  },
  {
    name: 'I7',
    meaning: 'the primary releases output only after the backup has acknowledged',
    when: 'always',
    holds: ({ own, epoch, setup }, _, { kind }) =>
      kind !== 'output.released' ||
      setup.value.policy['output'] !== 'held' ||
      isAlone(own) ||
      own.acknowledged >= epoch ||
      `an output of epoch ${epoch} left, but only ${own.acknowledged} is acknowledged`,
  },
  {
    name: 'I8',
    meaning: 'at most one computer runs the machine',
    when: 'always',
    holds: ({ own: { hosts } }) =>
      hosts.filter((host) => host.role === 'primary' && isRunning(host) && canIssue(host)).length <= 1 ||
      'the backup runs the machine, and the primary is neither failed nor fenced',
  },
];
