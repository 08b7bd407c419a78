import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { Cost } from '../../mechanism.ts';
import { dataBytesOf, entriesBytes, storeBytes } from '../traffic.ts';
import { isAlone, PRIMARY, type State } from './state.ts';

/** Post-images go to the send buffer here, and to the shadow there; what goes over the link is counted apart. */
export const copiedBytes = (event: AnyEvent): number =>
  event.kind === 'entry.captured' || event.kind === 'entry.applied' ? dataBytesOf(event) : 0;

/** The shadow, and what the buffers of both computers hold. */
export const extraBytes = (machine: State): number => {
  const { shadow, sendBuffer, received, sealed } = machine.own;
  return (
    storeBytes(machine, shadow) + [sendBuffer, received, sealed].map(entriesBytes).reduce((a, b) => a + b)
  );
};

/** What a second computer costs. */
export const remoteShadowCosts: readonly Cost<State, AnyEvent>[] = [
  {
    name: 'capturedWrites',
    meaning: 'writes of which a post-image was captured',
    fold: 'sum',
    of: ({ kind }) => (kind === 'entry.captured' ? 1 : 0),
  },
  {
    name: 'acknowledgementWaitSteps',
    meaning: 'events from the first seal of a checkpoint to its acknowledgement',
    fold: 'sum',
    of: (_, { own, epoch }) => (own.seal !== 'unsent' && own.acknowledged <= epoch ? 1 : 0),
  },
  {
    name: 'takeoverSteps',
    meaning: 'events from the suspicion to the first instruction on the backup',
    fold: 'sum',
    of: (_, { own, failed }) => (own.hosts[PRIMARY].suspected && (failed || !isAlone(own)) ? 1 : 0),
  },
];
