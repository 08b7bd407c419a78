import type { AnyEvent } from '../../kernel/event-table.ts';
import type { Cost } from '../mechanism.ts';
import type { Machine } from './machine.ts';

/** What designers ask of every strategy. */
export const sharedCosts: readonly Cost<Machine, AnyEvent>[] = [];
