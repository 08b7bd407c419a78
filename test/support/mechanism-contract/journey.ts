import { World } from '../../../src/explore/fault-campaign/world.ts';
import { Draws } from '../../../src/kernel/draw.ts';
import type { AnyEvent } from '../../../src/kernel/event-table.ts';
import type { Mechanism, Scenario } from '../../../src/mechanisms/mechanism.ts';
import { settingOf } from '../../../src/mechanisms/setting.ts';

/** One way through a scenario, with the world as it was at each event: for looking at every one of them. */
export interface Journey {
  readonly scenario: Scenario;
  /** The worlds one after the other; the first is that in which the journey began, the last that of its end. */
  readonly worlds: readonly World[];
  /** `events[i]` led from `worlds[i]` to `worlds[i + 1]`. */
  readonly events: readonly AnyEvent[];
  /** Worlds in which a recovery had just come to its end, and nothing was lost. */
  readonly recovered: readonly World[];
}

const EVENTS_MAX = 2000;

/** What happens next, as the explorer asks for it: recovery goes first. */
export function nextOf({ recover, decide }: Mechanism, world: World): AnyEvent | undefined {
  const recovery = recover(world.state);
  if (recovery === undefined) return decide(world.state);
  world.recovering = true;
  return recovery;
}

/** Folds an event in, and says whether a recovery has come to its end with it. */
export function stepEndsRecovery({ recover }: Mechanism, world: World, event: AnyEvent): boolean {
  world.apply(event);
  if (!world.recovering || recover(world.state) !== undefined) return false;
  world.recovering = false;
  return true;
}

/** Goes from a world through some events and on to the end of the scenario. Throws when there is none. */
function travel(
  mechanism: Mechanism,
  scenario: Scenario,
  from: World,
  first: readonly AnyEvent[] = [],
): Journey {
  const world = from.fork();
  const worlds = [world.fork()];
  const events: AnyEvent[] = [];
  const recovered: World[] = [];
  const step = (event: AnyEvent): void => {
    const isRecovered = stepEndsRecovery(mechanism, world, event);
    events.push(event);
    const here = world.fork();
    worlds.push(here);
    if (isRecovered && mechanism.reference.lost(world.reference) === undefined) recovered.push(here);
  };
  for (const event of first) step(event);
  for (let next = nextOf(mechanism, world); next !== undefined; next = nextOf(mechanism, world)) {
    if (events.length === EVENTS_MAX) throw new Error(`${scenario.name} has no end: ${EVENTS_MAX} events`);
    step(next);
  }
  return { scenario, worlds, events, recovered };
}

/** The run of a scenario in which nothing fails. */
export const mainJourney = (mechanism: Mechanism, scenario: Scenario): Journey =>
  travel(mechanism, scenario, World.initial(mechanism, settingOf(mechanism, scenario)));

/** Journeys with a fault of each case, and then with another fault during recovery, at places that a fixed seed draws. */
export function faultJourneys(mechanism: Mechanism, main: Journey): Journey[] {
  const journeys: Journey[] = [];
  for (const [at, fault] of mechanism.faults.entries()) {
    if (!('occurrences' in fault)) continue;
    const draws = new Draws(1n, main.scenario.name, at);
    for (let tries = 0, found = 0; tries < 20 && found < 2; tries++) {
      const world = main.worlds[draws.below(main.worlds.length)];
      const ways = [...fault.occurrences(world.state, 'all')];
      if (ways.length === 0) continue;
      found++;
      const first = ways[draws.below(ways.length)];
      const journey = travel(mechanism, main.scenario, world, first);
      journeys.push(journey, ...secondFault(mechanism, journey, draws));
    }
  }
  return journeys;
}

function secondFault(mechanism: Mechanism, { scenario, worlds }: Journey, draws: Draws): Journey[] {
  const recovering = worlds.filter(({ state }) => mechanism.recover(state) !== undefined);
  if (recovering.length === 0) return [];
  const world = recovering[draws.below(recovering.length)];
  const ways = mechanism.faults.flatMap((fault) =>
    'occurrences' in fault ? [...fault.occurrences(world.state, 'few')] : [],
  );
  return ways.length === 0 ? [] : [travel(mechanism, scenario, world, ways[draws.below(ways.length)])];
}
