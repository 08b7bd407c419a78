import type { FaultNumber } from '../../hardware/fault-catalogue.ts';
import { Draws } from '../../kernel/draw.ts';
import type { AnyEvent } from '../../kernel/event-table.ts';
import type { Mechanism, Scenario } from '../../mechanisms/mechanism.ts';
import { settingOf } from '../../mechanisms/setting.ts';
import { World } from './world.ts';

export interface SampledOptions {
  /** How many event indices are tried, drawn without repetition. */
  readonly indices: number;
  /** Which fault is put in: one of its occurrences, drawn. */
  readonly fault: FaultNumber;
  /** Of the draws; 64 bits. */
  readonly seed: bigint;
  /** Events of the run, as far as it is walked; default: to its end, which is then looked for first. */
  readonly events?: number;
  /** The first index that may be drawn; default 0. */
  readonly from?: number;
}

export interface SampledExploration {
  /** Events of the run. */
  readonly events: number;
  readonly injections: number;
  /** Events of all recoveries. */
  readonly recoveryEvents: number;
  readonly unrecoverable: number;
  /** What did not hold when a recovery had ended: index of the fault, and the message. */
  readonly violations: readonly { readonly index: number; readonly message: string }[];
}

const RECOVERY_EVENTS_MAX = 1_000_000;

/**
 * For runs that are too long to be exhaustive: puts one fault in at some of the indices, lets each recovery come to its
 * end, and judges what must hold then. The run is walked once, and each index forked.
 */
export function exploreSampled(
  mechanism: Mechanism,
  scenario: Scenario,
  { indices, fault, seed, events = eventsOf(mechanism, scenario), from = 0 }: SampledOptions,
): SampledExploration {
  const world = World.initial(mechanism, settingOf(mechanism, scenario));
  const places = drawnPlaces(indices, { from, events }, seed);
  const tried = { injections: 0, recoveryEvents: 0, unrecoverable: 0 };
  const violations: { index: number; message: string }[] = [];
  for (;;) {
    if (places.has(world.index)) {
      const occurrences = occurrencesOf(mechanism, world, fault);
      if (occurrences.length > 0) {
        const draws = new Draws(seed, 'occurrence', world.index);
        const message = recovered(world.fork(), occurrences[draws.below(occurrences.length)], tried);
        if (message !== undefined) violations.push({ index: world.index, message });
      }
    }
    const next = mechanism.decide(world.state);
    if (next === undefined || world.index >= events) break;
    world.apply(next);
    world.forget();
  }
  return { events: world.index, ...tried, violations };
}

/** How many events the run has. */
function eventsOf(mechanism: Mechanism, scenario: Scenario): number {
  const state = mechanism.initial(settingOf(mechanism, scenario));
  let events = 0;
  for (let next = mechanism.decide(state); next !== undefined; next = mechanism.decide(state)) {
    mechanism.evolve(state, next);
    events++;
  }
  return events;
}

/** So many indices of those in the range, or all of them if there are fewer. */
function drawnPlaces(
  count: number,
  { from, events }: { readonly from: number; readonly events: number },
  seed: bigint,
): Set<number> {
  const places = new Set<number>();
  const draws = new Draws(seed, 'places', 0);
  while (places.size < Math.min(count, events - from)) places.add(from + draws.below(events - from));
  return places;
}

function occurrencesOf(mechanism: Mechanism, world: World, number: FaultNumber): (readonly AnyEvent[])[] {
  return mechanism.faults.flatMap((fault) =>
    fault.number === number && 'occurrences' in fault ? [...fault.occurrences(world.state, 'few')] : [],
  );
}

/** What does not hold when recovery has ended; undefined when all does, or a loss was reported that is one. */
function recovered(
  world: World,
  fault: readonly AnyEvent[],
  tried: { injections: number; recoveryEvents: number; unrecoverable: number },
): string | undefined {
  const { mechanism } = world;
  tried.injections++;
  for (const event of fault) world.apply(event);
  let last = fault[fault.length - 1];
  for (let events = 0; ; events++) {
    const next = mechanism.recover(world.state);
    if (next === undefined) break;
    if (events > RECOVERY_EVENTS_MAX) return 'recovery has no end';
    world.apply(next);
    last = next;
    tried.recoveryEvents++;
  }
  const lost = mechanism.reference.lost(world.reference);
  if ((lost !== undefined) !== world.lossReported) {
    return lost === undefined
      ? 'a loss was reported where nothing is lost'
      : `nothing says what is lost: ${lost}`;
  }
  if (lost !== undefined) {
    tried.unrecoverable++;
    return undefined;
  }
  for (const { name, when, holds } of mechanism.invariants) {
    if (when === 'always') continue; // looks at the whole of a large memory, which the image just compared is
    const verdict = holds(world.state, world.reference, last);
    if (verdict !== true) return `${name}: ${verdict}`;
  }
  return undefined;
}
