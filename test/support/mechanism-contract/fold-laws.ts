import { World } from '../../../src/explore/fault-campaign/world.ts';
import { classDigest } from '../../../src/kernel/class-digest.ts';
import { Draws } from '../../../src/kernel/draw.ts';
import { IllegalEvent } from '../../../src/kernel/errors.ts';
import { type AnyEvent, eventGuard } from '../../../src/kernel/event-table.ts';
import { settingOf } from '../../../src/mechanisms/setting.ts';
import { codecOf } from './exploration.ts';
import { type Finding, found } from './finding.ts';
import type { Journey } from './journey.ts';
import { perturbed } from './perturbed.ts';
import type { Subject } from './subject.ts';

// What every fold owes to record, replay and fork.

const EVENTS_MAX = 300;
const ILLEGAL_TRIES = 1500;

export function* scenariosEnd({ mechanism, mains }: Subject): Generator<Finding> {
  for (const { scenario, events, worlds } of mains) {
    if (events.length > EVENTS_MAX)
      yield found(scenario.name, `has ${events.length} events, not 300 at most`);
    for (const [index, { state, reference }] of worlds.slice(1).entries()) {
      for (const { name, when, holds } of mechanism.invariants) {
        const verdict = when === 'recovered' || holds(state, reference, events[index]);
        if (verdict !== true) yield found(scenario.name, `event ${index}: ${name}: ${verdict}`);
      }
    }
  }
}

/** All events of a journey from the beginning of the scenario, and the worlds at its last ones. */
const wholeEvents = ({ worlds }: Journey): AnyEvent[] => {
  const events: AnyEvent[] = [];
  for (let link = worlds[worlds.length - 1].last; link !== undefined; link = link.before) {
    events.unshift(link.event);
  }
  return events;
};

export function* foldsAlike({ mechanism, journeys }: Subject): Generator<Finding> {
  for (const journey of journeys) {
    const { scenario, worlds } = journey;
    const again = World.initial(mechanism, settingOf(mechanism, scenario));
    const first = worlds[0].index;
    const digest = ({ state, reference }: World): string => classDigest([state, reference]).hex();
    for (const event of [undefined, ...wholeEvents(journey)]) {
      if (event !== undefined) again.apply(event);
      if (again.index >= first && digest(again) !== digest(worlds[again.index - first]))
        yield found(scenario.name, `event ${again.index - 1}: ${event?.kind} folds to another state`);
    }
  }
}

/** The events go through their JSON form first, and nothing is asked of `decide` or `recover`. */
export function* replays({ mechanism, journeys }: Subject): Generator<Finding> {
  const { encode, decode } = codecOf(mechanism.events);
  for (const journey of journeys) {
    const { scenario, worlds } = journey;
    const state = mechanism.initial(settingOf(mechanism, scenario));
    for (const event of wholeEvents(journey)) {
      const decoded = decode(JSON.parse(`{${encode(event)}}`));
      if (typeof decoded === 'string') yield found(scenario.name, decoded);
      else mechanism.evolve(state, decoded);
    }
    const end = worlds[worlds.length - 1].state;
    if (!classDigest(state).equals(classDigest(end)))
      yield found(scenario.name, 'its events alone lead to another state');
  }
}

export function* eventsFit({ mechanism, journeys, explorations, log }: Subject): Generator<Finding> {
  if (explorations.length === 0 || journeys.length === 0) yield found('events', 'there are none');
  for (const misfit of log.misfits) yield found('events', misfit);
  const { encode, decode } = codecOf(mechanism.events);
  for (const [line, event] of log.events) {
    const decoded = decode(JSON.parse(`{${line}}`));
    if (typeof decoded === 'string') yield found(event.kind, decoded);
    else if (encode(decoded) !== line) yield found(event.kind, `${line} is read back as ${encode(decoded)}`);
  }
}

/** Asking changes nothing, and the same question has the same answer. */
export function* askingChangesNothing({ mechanism, journeys }: Subject): Generator<Finding> {
  const questions: Record<string, (world: World) => unknown> = {
    decide: ({ state }) => mechanism.decide(state),
    recover: ({ state }) => mechanism.recover(state),
    lost: ({ reference }) => mechanism.reference.lost(reference),
  };
  for (const fault of mechanism.faults) {
    if (!('occurrences' in fault)) continue;
    for (const how of ['all', 'few'] as const) {
      questions[`${fault.number}, ${fault.claim}, ${how}`] = ({ state }) => [
        ...fault.occurrences(state, how),
      ];
    }
  }
  for (const { name, holds } of mechanism.invariants) {
    questions[name] = ({ state, reference, last }) =>
      last === undefined || holds(state, reference, last.event);
  }
  for (const { name, of } of mechanism.costs) {
    questions[name] = ({ state, last }) => (last === undefined ? 0 : of(last.event, state));
  }
  for (const { scenario, worlds } of journeys) {
    for (const world of worlds) {
      const before = world.classDigest(0);
      for (const [question, ask] of Object.entries(questions)) {
        const where = `${scenario.name}, event ${world.index}`;
        const answer = classDigest(ask(world));
        if (!world.classDigest(0).equals(before)) yield found(question, `${where}: changes what it looks at`);
        else if (!classDigest(ask(world)).equals(answer))
          yield found(question, `${where}: two answers to one question`);
      }
    }
  }
}

/** What one world does is never seen by another that was forked from it, in either direction. */
export function* forksAreIndependent({ mechanism, mains, journeys }: Subject): Generator<Finding> {
  for (const { scenario, worlds, events } of journeys) {
    for (const [at, world] of worlds.entries()) {
      const before = world.classDigest(0);
      const one = world.fork();
      const other = world.fork();
      if (!one.classDigest(0).equals(before))
        yield found(scenario.name, `the fork at ${world.index} is another state`);
      for (const event of events.slice(at, at + 5)) one.apply(event);
      if (!other.classDigest(0).equals(before) || !world.classDigest(0).equals(before))
        yield found(scenario.name, `a fork at ${world.index} sees what another one does`);
    }
  }
  // The other way: what a world went on to do has not reached the forks that were taken on the way.
  for (const { scenario, worlds } of mains) {
    const again = World.initial(mechanism, settingOf(mechanism, scenario));
    for (const world of worlds) {
      if (world.last !== undefined) again.apply(world.last.event);
      const asTaken = world.fork();
      asTaken.recovering = again.recovering;
      if (!again.classDigest(0).equals(asTaken.classDigest(0)))
        yield found(scenario.name, `the fork taken at ${world.index} has changed since`);
    }
  }
}

/** Events of other places, and such with one field changed: refused with `IllegalEvent`, and nothing has changed. */
export function* refusesTheImpossible({ mechanism, journeys }: Subject): Generator<Finding> {
  const guard = eventGuard(mechanism.events);
  const pool = journeys.flatMap(({ events }) => events);
  const worlds = journeys.flatMap((journey) => journey.worlds);
  const draws = new Draws(1n, 'illegal events', 0);
  let refused = 0;
  for (let tries = 0; tries < ILLEGAL_TRIES; tries++) {
    const event = pool[draws.below(pool.length)];
    const tried = tries % 2 === 0 ? event : perturbed(mechanism.events, event, draws);
    if (guard(tried) !== undefined) continue;
    const { state, index } = worlds[draws.below(worlds.length)].fork();
    const before = classDigest(state);
    try {
      mechanism.evolve(state, tried);
    } catch (error) {
      refused++;
      const where = `${JSON.stringify(tried)} at ${index}`;
      if (!(error instanceof IllegalEvent)) yield found(tried.kind, `${where}: throws ${String(error)}`);
      else if (error.kind !== tried.kind) yield found(tried.kind, `${where}: the error names ${error.kind}`);
      if (!classDigest(state).equals(before)) yield found(tried.kind, `${where}: refused half-way`);
    }
  }
  if (refused === 0) yield found('evolve', 'refuses nothing');
}
