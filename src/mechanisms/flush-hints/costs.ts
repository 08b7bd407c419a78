import type { Cost } from '../mechanism.ts';
import type { FlushHintEvent } from './events.ts';
import type { State } from './machine.ts';

const count = (
  name: string,
  meaning: string,
  counts: (event: FlushHintEvent) => boolean,
): Cost<State, FlushHintEvent> => ({ name, meaning, fold: 'sum', of: (event) => (counts(event) ? 1 : 0) });

/**
 * Exits per flush are `hintExits` by `flushes`, physical writes per exit `physicalHintWrites` by `hintExits`, latency
 * `flushSteps` by `hintExits`.
 */
export const costs: readonly Cost<State, FlushHintEvent>[] = [
  count(
    'flushes',
    'writes to virtual flush hints that retired, trapped or not',
    ({ kind }) => kind === 'virtual-hint.retired' || kind === 'virtual-hint.stored',
  ),
  count(
    'hintExits',
    'exits for writes to virtual flush hints',
    (event) => event.kind === 'vm.exited' && event.reason === 'host-violation',
  ),
  count('physicalHintWrites', 'writes to physical flush hints', ({ kind }) => kind === 'hint.written'),
  {
    name: 'flushSteps',
    meaning: 'events that pass while trapped flushes are handled, for each of them',
    fold: 'sum',
    of: (_, { cores }) => cores.filter(({ flush }) => flush !== null).length,
  },
  {
    name: 'queuedLinesMax',
    meaning: 'lines in a write pending queue when its physical hint is written',
    fold: 'max',
    of: (event, { hosts }) =>
      event.kind === 'hint.written' ? hosts[event.host].memory.state.occupancyLines[event.controller] : 0,
  },
  {
    name: 'fenceStallSteps',
    meaning: 'events that pass while cores wait for fences, for each of them',
    fold: 'sum',
    of: (_, { hosts }) =>
      hosts.flatMap(({ memory }) => memory.state.cores).filter(({ fence }) => fence !== null).length,
  },
];
