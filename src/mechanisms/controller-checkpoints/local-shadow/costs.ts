import type { AnyEvent } from '../../../kernel/event-table.ts';
import type { Cost } from '../../mechanism.ts';
import type { State } from './state.ts';

const bytesOf = (kind: string, event: AnyEvent): number =>
  event.kind === kind && 'data' in event ? String(event.data).length / 2 : 0;

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
