import { World } from '../explore/fault-campaign/world.ts';
import { IllegalEvent } from '../kernel/errors.ts';
import type { AnyEvent } from '../kernel/event-table.ts';
import { impossibleEvent } from './fold-run.ts';
import type { MechanismRun } from './mechanism-run.ts';

/** Folds so many events of a run, without judging them. Throws `ImpossibleRecording` for an event that is illegal. */
export function foldMechanismRun({ name, mechanism, setting, events }: MechanismRun, to: number): World {
  const world = World.initial(mechanism, setting);
  for (const event of events.slice(0, to)) foldRecorded(name, world, event);
  return world;
}

/** Folds one event of a recording. Throws `ImpossibleRecording`. */
export function foldRecorded(recording: string, world: World, event: AnyEvent): void {
  try {
    world.apply(event);
  } catch (error) {
    if (!(error instanceof IllegalEvent)) throw error;
    throw impossibleEvent(recording, error, world.index);
  }
}
