import type { AnyEvent } from '../../kernel/event-table.ts';
import type { MachineEvent } from './events.ts';
import { has, type Machine } from './machine.ts';

/** The next step of the rollback sequence K1 to K5; `restore` gives those of the strategy. Undefined when all is well. */
export function nextOfRollback(machine: Machine, restore: () => AnyEvent | undefined): AnyEvent | undefined {
  if (!machine.failed || machine.loss !== null) return undefined;
  return halt(machine) ?? emptyCaches(machine) ?? restore() ?? publish(machine) ?? load(machine);
}

function halt({ processors }: Machine): MachineEvent | undefined {
  const processor = processors.findIndex(({ running }) => running);
  return processor < 0 ? undefined : { kind: 'processor.halted', processor };
}

function emptyCaches(machine: Machine): MachineEvent | undefined {
  const processor = machine.processors.findIndex(({ rows }) => rows.length > 0);
  if (processor < 0) return undefined;
  const dirty = machine.processors[processor].rows.find((row) => row.dirty);
  return has(machine, 'X1') && dirty !== undefined
    ? { kind: 'line.evicted', processor, block: dirty.block }
    : { kind: 'cache.invalidated', processor };
}

/** The decision point had passed, but the commit had not. */
const publish = ({ epoch, decided }: Machine): MachineEvent | undefined =>
  epoch < decided ? { kind: 'checkpoint.committed', epoch: decided } : undefined;

function load({ processors, devices }: Machine): MachineEvent {
  const processor = processors.findIndex(({ inContext }) => !inContext);
  if (processor >= 0) return { kind: 'context.loaded', processor };
  const device = devices.findIndex(({ inContext }) => !inContext);
  return device >= 0 ? { kind: 'position.loaded', device } : { kind: 'rollback.completed' };
}
