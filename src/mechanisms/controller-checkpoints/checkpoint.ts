import type { AnyEvent } from '../../kernel/event-table.ts';
import { encodeContext, wordOf } from './context.ts';
import type { MachineEvent } from './events.ts';
import { nextOfDevice } from './execution.ts';
import { has, type Machine, type Phase } from './machine.ts';

const entered = (phase: Phase): MachineEvent => ({ kind: 'phase.entered', phase });

/** The next step of the checkpoint sequence C1 to C7; `establish` gives those of the strategy. */
export function nextOfCheckpoint(
  machine: Machine,
  establish: () => AnyEvent | undefined,
): AnyEvent | undefined {
  switch (machine.phase) {
    case 'rendezvous':
      return (
        stop(machine) ??
        (has(machine, 'X2') ? undefined : save(machine)) ??
        bound(machine) ??
        entered('flush')
      );
    case 'flush':
      return (
        (isSaving(machine) ? undefined : flush(machine)) ??
        (has(machine, 'X2') ? save(machine) : undefined) ??
        entered('establish')
      );
    case 'establish':
      return (
        (has(machine, 'X4') ? commit(machine, machine.decided + 1) : undefined) ??
        establish() ??
        commit(machine, machine.decided) ??
        entered('resume')
      );
    case 'resume':
      return resume(machine) ?? entered('normal');
    case 'normal':
      return undefined;
  }
}

/** X2: contexts are saved when the flush is over, and stay in the caches. */
const isSaving = (machine: Machine): boolean =>
  has(machine, 'X2') && machine.processors.some(({ inContext }) => inContext);

/** X5: the last processor is missed in the rendezvous. */
const met = (machine: Machine): Machine['processors'] =>
  has(machine, 'X5') ? machine.processors.slice(0, -1) : machine.processors;

function stop(machine: Machine): MachineEvent | undefined {
  const processor = met(machine).findIndex(({ running }) => running);
  return processor < 0 ? undefined : { kind: 'processor.stopped', processor };
}

function save(machine: Machine): MachineEvent | undefined {
  const processor = met(machine).findIndex(({ inContext }) => !inContext);
  if (processor < 0) return undefined;
  const { next, register } = machine.processors[processor];
  return {
    kind: 'context.saved',
    processor,
    data: encodeContext(next, register, machine.setup.value.blockBytes),
  };
}

function bound(machine: Machine): MachineEvent | undefined {
  const device = machine.devices.findIndex(({ inContext }) => !inContext);
  if (device < 0) return undefined;
  const { next, sent } = machine.devices[device];
  if (sent !== null && !has(machine, 'X6')) return nextOfDevice(machine, device);
  return {
    kind: 'device.bounded',
    device,
    data: encodeContext(next, wordOf(0), machine.setup.value.blockBytes),
  };
}

/** The controller cannot see what caches hold. */
function flush(machine: Machine): MachineEvent | undefined {
  const processor = machine.processors.findIndex(({ rows }) => rows.some(({ dirty }) => dirty));
  const row = machine.processors[processor]?.rows.find(({ dirty }) => dirty);
  return row === undefined ? undefined : { kind: 'line.evicted', processor, block: row.block };
}

const commit = (machine: Machine, epoch: number): MachineEvent | undefined =>
  machine.epoch < epoch ? { kind: 'checkpoint.committed', epoch } : undefined;

function resume(machine: Machine): MachineEvent | undefined {
  const processor = machine.processors.findIndex(({ inContext }) => inContext);
  return processor < 0 ? undefined : { kind: 'processor.resumed', processor };
}
