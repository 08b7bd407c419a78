import { acceptances } from '../../hardware/persistent-memory/operations.ts';
import { accessStep } from '../../hypervisor/access-step.ts';
import type { Instruction } from '../mechanism.ts';
import { type FlushHintEvent, isFlushHintEvent } from './events.ts';
import { LINE_BYTES, lineAddress, memoryOf, type State } from './machine.ts';
import { hintOf } from './virtual-hints.ts';

/** A number as the bytes of a line. */
const contentsOf = (value: number): string => value.toString(16).padStart(2 * LINE_BYTES, '0');

/** What a core in the guest does next; undefined at the end of its program. */
export function guestStep(state: State, core: number): FlushHintEvent | undefined {
  const { vm, interrupts } = state.virtualCores[core];
  const { host } = state.virtualMachines[vm];
  const { fence } = memoryOf(state, vm).cores[core];
  if (fence !== null) return fenceStep(state, host, core);
  if (interrupts.length > 0) return { kind: 'interrupt.taken', core, vector: interrupts[0] };
  const instruction = state.setup.value.programs[core]?.[state.cores[core].next];
  if (instruction === undefined) return drainStep(state, host, core);
  switch (instruction.do) {
    case 'fence':
      return fenceStep(state, host, core);
    case 'hint':
      return hintStep(state, core);
    default:
      return access(state, core, instruction);
  }
}

function access(state: State, core: number, instruction: Instruction): FlushHintEvent | undefined {
  const { vm } = state.virtualCores[core];
  const { host } = state.virtualMachines[vm];
  const { cores, configuration } = memoryOf(state, vm);
  if (cores[core].buffer.length >= configuration.storeBufferEntries) return drainStep(state, host, core);
  const address = lineAddress(vm, Number(instruction['line']));
  if (instruction.do === 'store')
    return {
      kind: 'store.buffered',
      host,
      core,
      address,
      data: contentsOf(Number(instruction['value'])),
    };
  return {
    kind: 'flush.buffered',
    host,
    core,
    address,
    sizeBytes: LINE_BYTES,
    instruction: instruction.do === 'clflush' ? 'clflush' : 'clwb',
  };
}

/** A write to the virtual flush hint: a store to its page, behind the older ones of its core, unless it traps. */
function hintStep(state: State, core: number): FlushHintEvent | undefined {
  const { vm } = state.virtualCores[core];
  if (state.guests[vm].exposed !== 'persistent') return { kind: 'hint.skipped', core };
  const { page, frame } = hintOf(state, core);
  const { host } = state.virtualMachines[vm];
  const step = accessStep(state, core, page, 'write');
  if (step !== undefined && isFlushHintEvent(step)) return step;
  return (
    drainStep(state, host, core) ?? {
      kind: 'virtual-hint.stored',
      core,
      host,
      frame,
      data: contentsOf(vm + 1),
    }
  );
}

/** The next step of a fence: it is issued, the store buffer drains, queues accept what was flushed, it retires. */
export function fenceStep(state: State, host: number, core: number): FlushHintEvent {
  const memory = state.hosts[host].memory.state;
  const { fence } = memory.cores[core];
  if (fence === null) return { kind: 'fence.issued', host, core, instruction: 'sfence' };
  const drained = drainStep(state, host, core);
  if (drained !== undefined) return drained;
  const accepted = acceptances(memory, core)[0];
  if (accepted?.kind === 'wpq.accepted') return { ...accepted, host };
  return { kind: 'fence.retired', host, core, instruction: fence };
}

/** The head of a core's store buffer takes effect; undefined when the buffer is empty. */
export function drainStep(state: State, host: number, core: number): FlushHintEvent | undefined {
  const head = state.hosts[host].memory.state.cores[core].buffer[0];
  if (head === undefined) return undefined;
  const { address } = head;
  if (head.type === 'store') return { kind: 'store.visible', host, core, address, data: head.data };
  const { sizeBytes, instruction } = head;
  return { kind: 'line.flushed', host, core, address, sizeBytes, instruction };
}
