import type { Setup } from '../machine.ts';
import { hasMap, type State } from './state.ts';

/**
 * Entries that a checkpoint begun now may still append before it resets the log: for dirty lines, contexts, positions of
 * devices, transfers that it has to wait for, and one write that each device may make unasked. `more`: writes beside these.
 */
export function entriesForCheckpoint(machine: State, more = 0): number {
  const { setup, processors, devices, requests, work, own, memory, phase, decisionDue } = machine;
  const isReset = phase === 'resume' || (phase === 'establish' && !decisionDue);
  let writes = more + requests.length + devices.length;
  if (work.some(({ kind }) => kind === 'pointer.advanced')) writes++;
  for (const { rows, inContext } of processors) {
    writes += rows.filter(({ dirty }) => dirty).length + (inContext && !isReset ? 0 : 1);
  }
  for (const [device, { next, sent, inContext }] of devices.entries()) {
    if (!inContext || isReset) writes++;
    if (sent !== null) writes += writesOf(setup.value, device, next) - sent;
  }
  return hasMap(machine) ? Math.min(writes, memory.size - own.map.count) : writes;
}

/** One step of the program more, and the rest of the log might not do for a checkpoint. */
export function isRoomShort(machine: State): boolean {
  const { devices } = machine.setup.value;
  const step = Math.max(
    1,
    ...devices.flatMap((program, device) =>
      program.map((_, at) => writesOf(machine.setup.value, device, at)),
    ),
  );
  return machine.own.pointer + entriesForCheckpoint(machine, step) > machine.own.capacity;
}

const writesOf = ({ devices }: Setup, device: number, transfer: number): number => {
  const writes = devices[device][transfer]?.['writes'];
  return Array.isArray(writes) ? writes.length : 0;
};
