import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { Cost } from '../../mechanism.ts';
import type { Machine } from '../machine.ts';
import { dataBytesOf, entriesBytes, storeBytes } from '../traffic.ts';
import type { State } from './state.ts';

const bytesOf = (kind: string, event: AnyEvent): number => (event.kind === kind ? dataBytesOf(event) : 0);

/** Every write goes to a buffer, and from there to the shadow. */
export const copiedBytes = (event: AnyEvent, { setup }: Machine): number =>
  event.kind === 'shadow.mended'
    ? setup.value.blockBytes
    : bytesOf('entry.captured', event) + bytesOf('entry.drained', event);

/** The shadow, and what the buffers hold. */
export const extraBytes = (machine: State): number =>
  storeBytes(machine, machine.own.shadow) + entriesBytes(machine.own.open) + entriesBytes(machine.own.sealed);

export const localShadowCosts: readonly Cost<State, AnyEvent>[] = [
  {
    name: 'capturedBytes',
    meaning: 'bytes that went into buffers, one copy for each write',
    fold: 'sum',
    of: (event) => bytesOf('entry.captured', event),
  },
  {
    name: 'drainedBytes',
    meaning: 'bytes that went from buffers to the shadow',
    fold: 'sum',
    of: (event) => bytesOf('entry.drained', event),
  },
  {
    name: 'bufferedEntries',
    meaning: 'entries that all buffers held at once',
    fold: 'max',
    of: (_, { own }) => own.open.length + own.sealed.length,
  },
];
