import { evolveBy } from '../../kernel/reducers.ts';
import { mechanism } from '../mechanism.ts';
import { logShippingCosts } from './costs.ts';
import { decide, turnAfter } from './decide.ts';
import { type LogShippingEvent, logShippingEvents } from './events.ts';
import { recover } from './failover.ts';
import { logShippingFaults } from './faults.ts';
import { logShippingInvariants } from './invariants.ts';
import { logShippingMutants } from './mutants.ts';
import { logShippingPolicy } from './policy.ts';
import { logShippingReducers } from './reducers.ts';
import { logShippingReference, type Reference } from './reference.ts';
import { logShippingScenarios } from './scenarios.ts';
import { initialState, type LogShipping } from './state.ts';

const reduce = evolveBy<LogShipping>(logShippingReducers);

/** Asynchronous replication by log shipping, finished on battery when the application cannot go on. */
export const logShipping = mechanism<LogShipping, LogShippingEvent, Reference>({
  name: 'S2',
  title: 'crash-consistent asynchronous replication, finished on battery',
  source: 'US20190129800A1, US10929235B2; untold details are reconstructions of the mechanism sheets, S2',
  version: 1,
  policy: logShippingPolicy,
  events: logShippingEvents,
  initial: initialState,
  evolve: (state, event) => {
    reduce(state, event);
    state.turn = turnAfter(state, event);
  },
  decide,
  recover,
  faults: logShippingFaults,
  reference: logShippingReference,
  invariants: logShippingInvariants,
  mutants: logShippingMutants,
  scenarios: logShippingScenarios,
  costs: logShippingCosts,
});
