import type { FaultVerdict } from '../../../src/explore/fault-campaign/verdict.ts';
import type { World } from '../../../src/explore/fault-campaign/world.ts';
import { IllegalEvent } from '../../../src/kernel/errors.ts';
import type { AnyEvent } from '../../../src/kernel/event-table.ts';
import type { Mechanism } from '../../../src/mechanisms/mechanism.ts';
import { nextOf, stepEndsRecovery } from './journey.ts';

/**
 * What becomes of a world after a fault, found by going through it alone: no classes, no second fault, nothing shared
 * with the explorer. Changes the world.
 */
export function naiveVerdict(mechanism: Mechanism, world: World, fault: readonly AnyEvent[]): FaultVerdict {
  for (const event of fault) if (!isWell(mechanism, world, event)) return 'violated';
  for (let next = nextOf(mechanism, world); next !== undefined; next = nextOf(mechanism, world)) {
    if (!isWell(mechanism, world, next)) return 'violated';
  }
  if (mechanism.reference.lost(world.reference) === undefined) return 'survived';
  return world.lossReported ? 'unrecoverable' : 'violated';
}

function isWell(mechanism: Mechanism, world: World, event: AnyEvent): boolean {
  let isRecovered: boolean;
  try {
    isRecovered = stepEndsRecovery(mechanism, world, event);
  } catch (error) {
    if (error instanceof IllegalEvent) return false;
    throw error;
  }
  const isLost = mechanism.reference.lost(world.reference) !== undefined;
  if (event.kind === 'loss.reported' && !isLost) return false;
  if (isRecovered && isLost && !world.lossReported) return false;
  return mechanism.invariants.every(
    ({ when, holds }) =>
      (when === 'recovered' && (!isRecovered || isLost)) ||
      holds(world.state, world.reference, event) === true,
  );
}
