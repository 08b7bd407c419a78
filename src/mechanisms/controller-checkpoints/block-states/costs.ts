import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { Cost } from '../../mechanism.ts';
import { storeBytes } from '../traffic.ts';
import type { State } from './state.ts';

const STATE_BITS = 2;
const GENERATION_BITS = 1;

/** Only what a partial first write leaves out of its block. */
export const copiedBytes = (event: AnyEvent, { setup }: State): number =>
  event.kind === 'rest.copied' && 'sizeBytes' in event ? setup.value.blockBytes - Number(event.sizeBytes) : 0;

/** The second half and the memory for states. */
export const extraBytes = (machine: State): number =>
  storeBytes(machine, machine.own.second) + Math.ceil(stateBits(machine) / 8);

const stateBits = ({ setup, own }: State): number =>
  own.states.length *
  (STATE_BITS + (setup.value.policy['establish'] === 'generation tag' ? GENERATION_BITS : 0));

/** What two halves and a memory of states cost beyond what every strategy does. */
export const blockStatesCosts: readonly Cost<State, AnyEvent>[] = [
  {
    name: 'stateLookups',
    meaning: 'accesses that had to look up the state of a block',
    fold: 'sum',
    of: ({ kind }) => (kind === 'line.filled' || kind === 'write.begun' ? 1 : 0),
  },
  {
    name: 'statesWritten',
    meaning: 'entries of the state memory that were written, by writes, walks and rollbacks',
    fold: 'sum',
    of: ({ kind }) => (kind === 'state.written' ? 1 : 0),
  },
  {
    name: 'walkedStates',
    meaning: 'entries that establish walks wrote while processors waited',
    fold: 'sum',
    of: ({ kind }, { phase }) => (kind === 'state.written' && phase === 'establish' ? 1 : 0),
  },
  {
    name: 'restBytes',
    meaning: 'bytes copied between the halves because a first write was partial; no others are ever copied',
    fold: 'sum',
    of: copiedBytes,
  },
  {
    name: 'secondHalfBytes',
    meaning: 'memory beyond what programs see',
    fold: 'max',
    of: (_, machine) => storeBytes(machine, machine.own.second),
  },
  {
    name: 'stateMemoryBits',
    meaning: 'size of the memory for states, with generations where there are any',
    fold: 'max',
    of: (_, machine) => stateBits(machine),
  },
];
