import { mechanism } from '../mechanism.ts';
import { costs } from './costs.ts';
import { flushHintEvents } from './events.ts';
import { evolve } from './evolve.ts';
import { faults } from './faults.ts';
import { invariants } from './invariants.ts';
import { initialState } from './machine.ts';
import { mutants } from './mutants.ts';
import { policy } from './policy.ts';
import { reference } from './reference.ts';
import { scenarios } from './scenarios.ts';
import { decide, recover } from './schedule.ts';

/**
 * Virtual flush hints: a guest flushes write pending queues the architectural way, and only where the host’s NVDIMMs need
 * and support it this costs an exit.
 */
export const flushHints = mechanism({
  name: 'S1',
  title: 'virtual flush hints for write pending queues',
  source: 'US20190340133A1, US10592425B2; mechanism sheets, S1',
  version: 1,
  policy,
  events: flushHintEvents,
  initial: initialState,
  evolve,
  decide,
  recover,
  faults,
  reference,
  invariants,
  mutants,
  scenarios,
  costs,
});
