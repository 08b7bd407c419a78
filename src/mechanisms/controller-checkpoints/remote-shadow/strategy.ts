import { isRunning } from '../../../hardware/host.ts';
import type { MachineEvent } from '../events.ts';
import { answer, apply, arrival, recorded } from './backup.ts';
import type { RemoteShadowEvent } from './events.ts';
import { nextSeal, nextToSend, publish, recapture, repair, skip } from './primary.ts';
import { BACKUP, isAlone, type State } from './state.ts';

type Event = MachineEvent | RemoteShadowEvent;

/** Sends what is left and the seal, and waits for the acknowledgement; silence makes it send the seal again. */
export function establish(machine: State): Event | undefined {
  const { own, decisionDue, decided, epoch } = machine;
  if (isAlone(own)) return recapture(machine) ?? (decisionDue ? recorded(machine) : undefined);
  const published = publish(machine);
  if (published !== undefined) return published;
  if (!decisionDue && decided === epoch) return undefined; // skipped, or published
  return (
    skip(machine) ??
    recapture(machine) ??
    nextToSend(machine) ??
    (own.seal === 'sent' ? undefined : nextSeal(machine)) ??
    answer(machine) ??
    arrival(machine, 'in order') ??
    repair(machine) ??
    arrival(machine, 'late') ??
    nextSeal(machine)
  );
}

/** Between checkpoints post-images travel, the backup brings its shadow up to date, and what broke is mended. */
export function background(machine: State): Event | undefined {
  const { own } = machine;
  if (isAlone(own)) return apply(machine);
  const isApart = !isRunning(own.hosts[BACKUP]) || !own.connected || own.skipped;
  return (
    nextToSend(machine) ??
    arrival(machine, 'in order') ??
    answer(machine) ??
    apply(machine) ??
    (isApart ? repair(machine) : undefined)
  );
}
